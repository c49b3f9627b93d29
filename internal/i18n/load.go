package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Known lists the languages that the product can speak: for each it knows months, plural forms
// and the native way to write a date.
func Known() []string { return []string{"en", "nb", "nn", "da", "sv", "fi", "de", "pl"} }

// Load reads i18n/<lang>.json and i18n/parts/<name>.<lang>.json. It reports all faults of all
// files at once: a language it does not know, a key given twice, an unreadable text.
func Load(files fs.FS) (*Catalog, error) {
	names, err := list(files)
	if err != nil {
		return nil, err
	}
	read := byLanguage(names)
	var all sync.WaitGroup
	for _, one := range read { // a start waits for nothing longer than for this
		all.Go(func() { one.err = one.load(files) })
	}
	all.Wait()
	c := &Catalog{texts: map[string]map[string]Text{}, localizers: map[string]*goi18n.Localizer{}}
	var faults []error
	for _, one := range read {
		faults = append(faults, one.err)
		c.texts[one.lang], c.localizers[one.lang] = one.texts, one.engine
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	if len(c.texts) == 0 {
		return nil, errors.New("load texts: no i18n/<lang>.json found")
	}
	c.languages = slices.DeleteFunc(Known(), func(lang string) bool { return !c.Has(lang) })
	return c, nil
}

// reading is one language as it is read.
type reading struct {
	lang   string
	names  []string // of its files
	texts  map[string]Text
	engine *goi18n.Localizer
	err    error
}

func byLanguage(names []string) (list []*reading) {
	for _, name := range names {
		lang := languageOf(name)
		i := slices.IndexFunc(list, func(r *reading) bool { return r.lang == lang })
		if i < 0 {
			i, list = len(list), append(list, &reading{lang: lang, texts: map[string]Text{}})
		}
		list[i].names = append(list[i].names, name)
	}
	return list
}

func list(files fs.FS) ([]string, error) {
	var names []string
	for _, pattern := range []string{"i18n/*.json", "i18n/parts/*.json"} {
		found, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, fmt.Errorf("list texts: %w", err)
		}
		names = append(names, found...)
	}
	return names, nil
}

// languageOf is "da" for i18n/da.json and i18n/parts/invite.da.json.
func languageOf(name string) string {
	base := strings.TrimSuffix(path.Base(name), ".json")
	return base[strings.LastIndexByte(base, '.')+1:]
}

// load reads the files of a language and builds the engine of its requests.
func (r *reading) load(files fs.FS) error {
	if !slices.Contains(Known(), r.lang) {
		return fmt.Errorf("%s: language %q is none of %s", strings.Join(r.names, ", "), r.lang, strings.Join(Known(), " "))
	}
	var faults []error
	for _, name := range r.names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		faults = append(faults, parseFile(name, data, r.texts))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	bundle := goi18n.NewBundle(language.Make(r.lang))
	if err := bundle.AddMessages(language.Make(r.lang), messages(r.texts)...); err != nil {
		return fmt.Errorf("load texts of %s: %w", r.lang, err)
	}
	r.engine = goi18n.NewLocalizer(bundle, r.lang)
	return nil
}

// messages are the texts that need the engine: those without placeholders and
// plural forms are said as they stand.
func messages(texts map[string]Text) []*goi18n.Message {
	all := make([]*goi18n.Message, 0, len(texts))
	for key, t := range texts {
		if t.asWritten() {
			continue
		}
		all = append(all, &goi18n.Message{
			ID: key, Zero: t["zero"], One: t["one"], Two: t["two"],
			Few: t["few"], Many: t["many"], Other: t["other"],
		})
	}
	return all
}
