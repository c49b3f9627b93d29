package i18ntest

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"tilgang/internal/i18n"
)

// Parity fails for each text that a language lacks, that is empty, that has other placeholders
// than the default language's, or that has not exactly the plural forms of its language (CLDR).
func Parity(t T, c *i18n.Catalog) {
	t.Helper()
	all := map[string]bool{}
	for _, lang := range c.Languages() {
		for _, key := range c.Keys(lang) {
			all[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		checkKey(t, c, key)
	}
}

func checkKey(t T, c *i18n.Catalog, key string) {
	t.Helper()
	var first i18n.Text
	for _, lang := range c.Languages() {
		text, ok := c.Text(lang, key)
		if !ok {
			t.Errorf("%s: %q is missing", lang, key)
			continue
		}
		checkText(t, lang, key, text)
		if first == nil {
			first = text
		}
		if want, got := first.Placeholders(), text.Placeholders(); !slices.Equal(got, want) {
			t.Errorf("%s: %q has the placeholders %v, another language has %v", lang, key, got, want)
		}
		if first.Plural() != text.Plural() {
			t.Errorf("%s: %q has plural forms in one language and none in another", lang, key)
		}
	}
}

func checkText(t T, lang, key string, text i18n.Text) {
	t.Helper()
	for form, words := range text {
		if strings.TrimSpace(words) == "" {
			t.Errorf("%s: %q is empty (%s)", lang, key, form)
		}
	}
	if !text.Plural() {
		return
	}
	want := slices.Sorted(maps.Keys(pluralForms(lang)))
	if got := slices.Sorted(maps.Keys(text)); !slices.Equal(got, want) {
		t.Errorf("%s: %q has the plural forms %v, the language needs %v", lang, key, got, want)
	}
}

// pluralForms are the forms that whole numbers take in a language, and other, which fractions
// take; 200 numbers show all rules of CLDR but "many" for a million, which no text here needs.
func pluralForms(lang string) map[string]bool {
	names := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two",
		plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
	forms := map[string]bool{"other": true}
	tag := language.MustParse(lang)
	for n := range 200 {
		forms[names[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
	}
	return forms
}
