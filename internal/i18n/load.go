package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

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
	c := &Catalog{texts: map[string]map[string]Text{}}
	var faults []error
	for _, name := range names {
		faults = append(faults, c.add(files, name))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	if len(c.texts) == 0 {
		return nil, errors.New("load texts: no i18n/<lang>.json found")
	}
	return c, c.prepare()
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

// add merges one file into the catalogue.
func (c *Catalog) add(files fs.FS, name string) error {
	lang := languageOf(name)
	if !slices.Contains(Known(), lang) {
		return fmt.Errorf("%s: language %q is none of %s", name, lang, strings.Join(Known(), " "))
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if c.texts[lang] == nil {
		c.texts[lang] = map[string]Text{}
	}
	return parseFile(name, data, c.texts[lang])
}

// prepare builds what the requests use: the order of languages and one engine for each.
func (c *Catalog) prepare() error {
	for _, lang := range Known() {
		if c.Has(lang) {
			c.languages = append(c.languages, lang)
		}
	}
	c.localizers = map[string]*goi18n.Localizer{}
	for _, lang := range c.languages {
		bundle := goi18n.NewBundle(language.Make(lang))
		if err := bundle.AddMessages(language.Make(lang), messages(c.texts[lang])...); err != nil {
			return fmt.Errorf("load texts of %s: %w", lang, err)
		}
		c.localizers[lang] = goi18n.NewLocalizer(bundle, lang)
	}
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
