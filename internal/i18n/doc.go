// Package i18n holds the words of the product: one catalogue per language, and
// the native way of each language to write dates, times, numbers and lists.
//
// A Catalog is loaded once from the templates folder and is read-only after
// that. A Localizer is made per request: a language, the reader's zone and the
// clock. Its output is plain text; html/template escapes it like any value, so
// it must never be marked as HTML.
//
// A text is a string, or an object with one string for each plural form of its
// language (CLDR: one, few, many, other). Placeholders are {{.Name}}, nothing
// more: no conditions, no functions. {{.Count}} is the number that chose the
// plural form, already written in the reader's way.
//
// Invariants: a key exists once per language; a missing text is shown in the
// default language and reported; one Localizer speaks one language.
//
// Anyone may import it; it imports nothing of ours.
package i18n
