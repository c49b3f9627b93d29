// Package i18ntest holds the checks that keep the catalogues whole: the same
// texts in every language, none unused, none lacking, and no page that mixes
// two languages. They are for tests only.
package i18ntest

// T is the part of testing.TB that the checks need.
type T interface {
	Helper()
	Errorf(format string, args ...any)
}
