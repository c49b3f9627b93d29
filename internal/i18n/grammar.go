package i18n

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// forms are the words for a number by plural form; {n} is the number.
type forms struct{ one, few, many, other string }

// grammar is a language's way to write dates, times, numbers and lists (source: CLDR 46, with
// the Nordic full stop in times where the language councils prefer it).
type grammar struct {
	tag        language.Tag
	name       string     // of itself
	months     [12]string // as they stand in a date
	alone      [12]string // as they stand by themselves, where that differs
	weekdays   [7]string  // Sunday first
	dayDot     string     // after the day of the month
	clock      string     // between hours and minutes
	at, oclock string     // around a time in a sentence
	and        string
	thousands  string
	groupFrom  int // the smallest number whose thousands are set apart

	today, tomorrow, yesterday    string
	soon                          string // in less than a minute
	inMinutes, inHours            forms
	seconds, minutes, hours, days forms
}

// grammarOf knows the languages of Known; the list and this switch are held together by a test.
func grammarOf(lang string) *grammar {
	switch lang {
	case "nb":
		return &bokmal
	case "nn":
		return &nynorsk
	case "da":
		return &danish
	case "sv":
		return &swedish
	case "fi":
		return &finnish
	case "de":
		return &german
	case "pl":
		return &polish
	}
	return &english
}

// of chooses the form for n by the plural rules of the language.
func (f forms) of(tag language.Tag, n int) string {
	chosen := f.other
	switch plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0) { //nolint:exhaustive // the rest is other
	case plural.One:
		chosen = f.one
	case plural.Few:
		chosen = f.few
	case plural.Many:
		chosen = f.many
	}
	if chosen == "" {
		return f.other
	}
	return chosen
}
