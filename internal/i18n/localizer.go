package i18n

import (
	"fmt"
	"strings"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Localizer writes for one reader: one language, one zone, one clock.
type Localizer struct {
	catalog *Catalog
	lang    string
	texts   map[string]Text
	engine  *goi18n.Localizer
	grammar *grammar
	zone    *time.Location
	now     func() time.Time
}

// Lang is the language's code, for the lang attribute.
func (l *Localizer) Lang() string { return l.lang }

// Zone is the reader's time zone.
func (l *Localizer) Zone() *time.Location { return l.zone }

// T is the text of key; kv are pairs of placeholder and value. Whole numbers, times and
// durations are written in the reader's way, so give a year as a string. A missing text comes
// in the default language, an unknown key as itself; both are reported to OnMissing.
func (l *Localizer) T(key string, kv ...any) string {
	return l.say(key, nil, func() map[string]any { return l.pairs(key, kv) })
}

// TMap is T with the values in a map, as a fault carries them; a whole number named Count
// chooses the plural form, where the text has any.
func (l *Localizer) TMap(key string, args map[string]any) string {
	var n *int
	if count, whole := args["Count"].(int); whole {
		n = &count
	}
	return l.say(key, n, func() map[string]any { return l.values(args) })
}

// N is the text of key in the plural form for n; {{.Count}} is n in the reader's way.
func (l *Localizer) N(key string, n int, kv ...any) string {
	return l.say(key, &n, func() map[string]any {
		args := l.pairs(key, kv)
		args["Count"] = l.Number(n)
		return args
	})
}

// Has tells whether this language itself has the key.
func (l *Localizer) Has(key string) bool { return l.texts[key] != nil }

func (l *Localizer) say(key string, n *int, args func() map[string]any) string {
	text, ok := l.texts[key]
	if !ok {
		return l.borrow(key, n, args)
	}
	if text.asWritten() {
		return text[other]
	}
	ask := goi18n.LocalizeConfig{MessageID: key, TemplateData: args()}
	if n != nil && text.Plural() {
		ask.PluralCount = *n
	}
	said, err := l.engine.Localize(&ask)
	if err != nil {
		// Only a plural form that is lacking: the engine has then said "other".
		l.catalog.missing(l.lang, key)
	}
	return l.complete(key, said)
}

// borrow says the text in the default language.
func (l *Localizer) borrow(key string, n *int, args func() map[string]any) string {
	l.catalog.missing(l.lang, key)
	main := l.catalog.Default()
	if _, ok := l.catalog.texts[main][key]; !ok || main == l.lang {
		return key
	}
	return l.catalog.Localizer(main, l.zone, l.now).say(key, n, args)
}

// noValue is what text/template prints for a placeholder without a value.
const noValue = "<no value>"

func (l *Localizer) complete(key, said string) string {
	if !strings.Contains(said, noValue) {
		return said
	}
	l.catalog.missing(l.lang, key+" {{.}}")
	return strings.ReplaceAll(said, noValue, "")
}

func (l *Localizer) pairs(key string, kv []any) map[string]any {
	args := make(map[string]any, len(kv)/2+1)
	for i := 0; i+1 < len(kv); i += 2 {
		args[fmt.Sprint(kv[i])] = l.value(kv[i+1])
	}
	if len(kv)%2 != 0 {
		l.catalog.missing(l.lang, key+" {{.}}")
	}
	return args
}

func (l *Localizer) values(args map[string]any) map[string]any {
	written := make(map[string]any, len(args))
	for name, v := range args {
		written[name] = l.value(v)
	}
	return written
}

func (l *Localizer) value(v any) any {
	switch v := v.(type) {
	case int:
		return l.Number(v)
	case int64:
		return l.Number(int(v))
	case time.Duration:
		return l.Duration(v)
	case time.Time:
		return l.DateTime(v)
	}
	return v
}
