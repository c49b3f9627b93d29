package httpkit

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"reflect"
	"strings"
	"sync"
	"text/template/parse"
)

// frame is the template around every page; it calls the page's "main".
const frame = "layout"

// Engine renders pages. All of them share one set of parsed and escaped
// templates: a page's own names are kept apart by its path, so that two pages
// may both define "main" while parts exist once.
type Engine struct {
	assets *Assets
	pages  map[string]*template.Template
	needs  sync.Map // reflect.Type -> bool: does a value of it hold parts
	buffer sync.Pool
}

// NewEngine parses layouts, parts and pages of files. It fails on a broken
// template; an unsafe one, or a call of one that is not there, is found by Check,
// or when it is first used: html/template escapes a page then.
func NewEngine(files fs.FS, assets *Assets) (*Engine, error) {
	pages, err := Parse(files)
	if err != nil {
		return nil, err
	}
	return &Engine{
		assets: assets,
		pages:  pages,
		buffer: sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}, nil
}

// Parse reads the templates of files and gives those of the pages by name,
// before html/template rewrites them; a type check needs them so.
func Parse(files fs.FS) (map[string]*template.Template, error) {
	funcs, err := functions(files)
	if err != nil {
		return nil, err
	}
	set := template.New("").Funcs(funcs)
	names, err := parseAll(files, set)
	if err != nil {
		return nil, err
	}
	pages := make(map[string]*template.Template, len(names))
	for _, name := range names {
		if pages[name], err = root(set, name); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// Pages lists the pages' names, in no order.
func (e *Engine) Pages() []string {
	names := make([]string, 0, len(e.pages))
	for n := range e.pages {
		names = append(names, n)
	}
	return names
}

// Render writes the page whole or not at all: it goes through a buffer.
func (e *Engine) Render(w io.Writer, v View) error {
	t, ok := e.pages[v.Template()]
	if !ok {
		return fmt.Errorf("render %s: no such template", v.Template())
	}
	e.dress(v)
	buf, _ := e.buffer.Get().(*bytes.Buffer)
	defer e.buffer.Put(buf)
	buf.Reset()
	if err := t.Execute(buf, v); err != nil {
		return fmt.Errorf("render %s: %w", v.Template(), err)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// dress completes the frame and lends the page's language to its parts.
func (e *Engine) dress(v View) {
	b := v.Shell()
	b.assets = e.assets
	if b.Layout == "" {
		b.Layout = LayoutCard
	}
	if b.Lang == "" && b.Words != nil {
		b.Lang = b.Words.Lang()
	}
	e.lend(reflect.ValueOf(v), b)
}

func (e *Engine) lend(v reflect.Value, b *Base) {
	if !e.holds(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			e.lend(v.Elem(), b)
		}
	case reflect.Slice:
		for i := range v.Len() {
			e.lend(v.Index(i), b)
		}
	case reflect.Struct:
		if l, ok := v.Addr().Interface().(lender); ok {
			l.lend(b)
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				e.lend(v.Field(i), b)
			}
		}
	default:
	}
}

// holds says whether a value of type t can hold a part that speaks.
func (e *Engine) holds(t reflect.Type) bool {
	if known, ok := e.needs.Load(t); ok {
		return known.(bool)
	}
	found := holdsLender(t, map[reflect.Type]bool{})
	e.needs.Store(t, found)
	return found
}

func holdsLender(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return holdsLender(t.Elem(), seen)
	case reflect.Struct:
		if reflect.PointerTo(t).Implements(reflect.TypeFor[lender]()) {
			return true
		}
		for f := range t.Fields() {
			if f.IsExported() && holdsLender(f.Type, seen) {
				return true
			}
		}
	default:
	}
	return false
}

// Check makes html/template do its work now, for tests; what it says about missing
// data does not matter here, what it says about the template does.
func (e *Engine) Check() error {
	for name, t := range e.pages {
		var bad *template.Error
		if err := t.Execute(io.Discard, nil); errors.As(err, &bad) {
			return fmt.Errorf("page %s: %w", name, err)
		}
	}
	return nil
}

// parseAll reads every .html file outside message/ into set and returns the
// names of those that are pages: the ones that define "main".
func parseAll(files fs.FS, set *template.Template) ([]string, error) {
	var pages []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "message" || name == "i18n"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".html":
			return nil
		}
		page, err := parseFile(files, set, name)
		if page != "" {
			pages = append(pages, page)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	return pages, nil
}

func parseFile(files fs.FS, set *template.Template, name string) (page string, err error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return "", err
	}
	// The builtin names must be known to the parser; the set brings the functions.
	trees, err := parse.Parse(name, string(text), "", "", builtins())
	if err != nil {
		return "", err
	}
	delete(trees, name) // what stands outside define is white space and comments
	_, isPage := trees["main"]
	if isPage {
		page = strings.TrimSuffix(name, ".html")
		trees = rename(trees, func(s string) string { return page + "#" + s })
	}
	return page, adopt(set, trees)
}

func adopt(set *template.Template, trees map[string]*parse.Tree) error {
	for name, tree := range trees {
		if set.Lookup(name) != nil {
			return fmt.Errorf("%s: %q is defined twice", tree.ParseName, name)
		}
		if _, err := set.AddParseTree(name, tree); err != nil {
			return err
		}
	}
	return nil
}

// root gives the page its own copy of the frame, in which "main" is the page's.
func root(set *template.Template, page string) (*template.Template, error) {
	outer := set.Lookup(frame)
	if outer == nil {
		return nil, fmt.Errorf("template %q is missing", frame)
	}
	tree := outer.Tree.Copy()
	redirect(tree.Root, map[string]string{"main": page + "#main"})
	return set.AddParseTree(page, tree)
}

func rename(trees map[string]*parse.Tree, to func(string) string) map[string]*parse.Tree {
	names := map[string]string{}
	for n := range trees {
		names[n] = to(n)
	}
	out := make(map[string]*parse.Tree, len(trees))
	for n, t := range trees {
		redirect(t.Root, names)
		out[names[n]] = t
	}
	return out
}

// redirect changes which templates are called under n.
func redirect(n parse.Node, names map[string]string) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			redirect(c, names)
		}
	case *parse.TemplateNode:
		if to, ok := names[n.Name]; ok {
			n.Name = to
		}
	case *parse.IfNode:
		redirect(n.List, names)
		redirect(n.ElseList, names)
	case *parse.RangeNode:
		redirect(n.List, names)
		redirect(n.ElseList, names)
	case *parse.WithNode:
		redirect(n.List, names)
		redirect(n.ElseList, names)
	}
}

// builtins names the functions that templates may call: those of
// text/template and icon, no others.
func builtins() map[string]any {
	m := map[string]any{}
	for name := range strings.FieldsSeq("and or not len index slice html js print printf println urlquery eq ne lt le gt ge call icon") {
		m[name] = true
	}
	return m
}
