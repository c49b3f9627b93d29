package i18n

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is a country's name in the reader's language, such as "Norge" for
// "NO"; the code itself where the name is not known.
func (l *Localizer) Country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	names := display.Regions(nameTag(l.lang))
	if names == nil {
		return code
	}
	if name := names.Name(region); name != "" {
		return name
	}
	return code
}

// nameTag is the tag under which display keeps a language's names: bokmål's are under "no", and
// asked for "nb" it would answer in Danish.
func nameTag(lang string) language.Tag {
	if lang == "nb" {
		return language.Norwegian
	}
	return language.Make(lang)
}
