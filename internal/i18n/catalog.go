package i18n

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Text is one text by plural form; one without plural forms has only "other".
type Text map[string]string

// Plural tells whether the text has forms by number.
func (t Text) Plural() bool { return len(t) > 1 }

// asWritten tells whether nothing is put into the text.
func (t Text) asWritten() bool { return !t.Plural() && !strings.Contains(t[other], "{{") }

// Catalog holds the texts of all languages found; it is safe for use by many goroutines.
type Catalog struct {
	// OnMissing hears of each use of a key that a language lacks or a placeholder that got no
	// value (then key is "key {{.Name}}"). Set it before the first Localizer is used; it is
	// called from many goroutines.
	OnMissing func(lang, key string)

	languages  []string
	texts      map[string]map[string]Text
	localizers map[string]*goi18n.Localizer
	matchers   sync.Map // list of languages -> language.Matcher
	loaded     *Catalog // whose texts these are, told of to somebody else; nil: it is that itself
}

// Languages are the codes of the languages found, the default first, then in the order of Known.
func (c *Catalog) Languages() []string { return slices.Clone(c.languages) }

// Default is the language of last resort: English where found, else the first.
func (c *Catalog) Default() string { return c.languages[0] }

// Has tells whether the catalogue holds a language.
func (c *Catalog) Has(lang string) bool { return c.texts[lang] != nil }

// Keys are the keys of one language in alphabetical order.
func (c *Catalog) Keys(lang string) []string { return slices.Sorted(maps.Keys(c.texts[lang])) }

// Text is one text with its plural forms, for tests and tools.
func (c *Catalog) Text(lang, key string) (Text, bool) {
	text, ok := c.texts[lang][key]
	return maps.Clone(text), ok
}

// Localizer speaks one language to one reader; it is cheap, so make one per request. An unknown
// lang is the default one, a nil zone is UTC, a nil now is the machine's clock.
func (c *Catalog) Localizer(lang string, zone *time.Location, now func() time.Time) *Localizer {
	if !c.Has(lang) {
		lang = c.Default()
	}
	if zone == nil {
		zone = time.UTC
	}
	if now == nil {
		now = time.Now
	}
	return &Localizer{
		catalog: c, lang: lang, texts: c.texts[lang], engine: c.localizers[lang],
		grammar: grammarOf(lang), zone: zone, now: now,
	}
}

// Told is the same catalogue, told of to somebody else.
func (c *Catalog) Told(onMissing func(lang, key string)) *Catalog {
	return &Catalog{OnMissing: onMissing, languages: c.languages, texts: c.texts, localizers: c.localizers, loaded: c.Loaded()}
}

// Loaded is the catalogue that Load gave: the same one for all that were made of it by Told.
func (c *Catalog) Loaded() *Catalog {
	if c.loaded != nil {
		return c.loaded
	}
	return c
}

func (c *Catalog) missing(lang, key string) {
	if c.OnMissing != nil {
		c.OnMissing(lang, key)
	}
}
