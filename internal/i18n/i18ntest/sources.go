package i18ntest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sources is what the program's files say about texts.
type sources struct {
	literals map[string]bool   // every string
	asked    map[string]string // key asked for -> place
}

var (
	quoted      = regexp.MustCompile("\"([^\"\\n]+)\"|`([^`\\n]+)`")
	templateAsk = regexp.MustCompile("\\.(?:T|N|TMap)\\s+[\"`]([^\"`\\n]+)[\"`]")
	keyLike     = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$`)
)

// scan reads the Go files but tests, and the templates, below roots.
func scan(roots []string) (*sources, error) {
	s := &sources{literals: map[string]bool{}, asked: map[string]string{}}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && path != root && skipped(entry.Name()):
				return filepath.SkipDir
			case entry.IsDir():
				return nil
			}
			return s.read(path)
		})
		if err != nil {
			return nil, fmt.Errorf("scan %s: %w", root, err)
		}
	}
	return s, nil
}

func skipped(folder string) bool {
	return strings.HasPrefix(folder, ".") || slices.Contains([]string{"testdata", "node_modules", "var"}, folder)
}

func (s *sources) read(path string) error {
	switch filepath.Ext(path) {
	case ".go":
		if strings.HasSuffix(path, "_test.go") {
			return nil
		}
		return s.readGo(path)
	case ".html", ".txt", ".sms", ".tmpl", "":
		return s.readTemplate(path)
	}
	return nil
}

func (s *sources) readTemplate(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, m := range quoted.FindAllStringSubmatch(string(data), -1) {
		s.literals[m[1]+m[2]] = true
	}
	// Inside an attribute the quotes do not pair: title="{{.T "key"}}".
	for _, m := range templateAsk.FindAllStringSubmatch(string(data), -1) {
		s.literals[m[1]] = true
		s.ask(m[1], path)
	}
	return nil
}

func (s *sources) readGo(path string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				s.literals[text] = true
			}
		case *ast.CallExpr:
			if key, ok := keyOf(n); ok {
				s.ask(key, files.Position(n.Pos()).String())
			}
		}
		return true
	})
	return nil
}

func (s *sources) ask(key, place string) {
	if _, known := s.asked[key]; !known && keyLike.MatchString(key) {
		s.asked[key] = place
	}
}

// keyOf is the key in L.T("key"), L.N("key", n), L.TMap("key", args), fault.New(kind, "key") and
// fault.Field(field, "key").
func keyOf(call *ast.CallExpr) (string, bool) {
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	at := -1
	switch name := function.Sel.Name; {
	case name == "T" || name == "N" || name == "TMap":
		at = 0
	case isPackage(function.X, "fault") && (name == "New" || name == "Field"):
		at = 1
	}
	if at < 0 || len(call.Args) <= at {
		return "", false
	}
	return literal(call.Args[at])
}

func isPackage(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
