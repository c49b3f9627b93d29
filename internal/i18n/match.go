package i18n

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// longestHeader bounds how much of an Accept-Language header is looked at, in bytes.
const longestHeader = 256

// Match chooses a language of the catalogue: the first wish that one of them serves, else the
// default. A wish is a code or a whole Accept-Language header; give the saved choice, the
// cookie, the header and the tenant's default, in this order. Empty and odd ones are passed over.
func (c *Catalog) Match(wanted ...string) string { return c.MatchIn(c.languages, wanted...) }

// MatchIn is Match among allowed only, a tenant's languages with its default first. Codes that
// the catalogue lacks are passed over; when none is left all languages are allowed.
func (c *Catalog) MatchIn(allowed []string, wanted ...string) string {
	allowed = c.known(allowed)
	for _, wish := range wanted {
		if slices.Contains(allowed, wish) {
			return wish
		}
		if lang, ok := c.closest(allowed, wish); ok {
			return lang
		}
	}
	return allowed[0]
}

func (c *Catalog) known(allowed []string) []string {
	kept := make([]string, 0, len(c.languages))
	for _, lang := range allowed {
		if c.Has(lang) && !slices.Contains(kept, lang) {
			kept = append(kept, lang)
		}
	}
	if len(kept) == 0 {
		return c.languages
	}
	return kept
}

// closest asks for the nearest language in the sense of CLDR, so that "no" is nb and nn-NO is nn.
func (c *Catalog) closest(allowed []string, wish string) (string, bool) {
	if wish == "" || len(wish) > longestHeader {
		return "", false
	}
	tags, _, err := language.ParseAcceptLanguage(wish)
	if err != nil || len(tags) == 0 {
		return "", false
	}
	_, i, confidence := c.matcher(allowed).Match(tags...)
	return allowed[i], confidence > language.No
}

// matcher keeps one matcher per list of languages; building one costs more than a page.
func (c *Catalog) matcher(allowed []string) language.Matcher {
	list := strings.Join(allowed, ",")
	if m, ok := c.matchers.Load(list); ok {
		return m.(language.Matcher)
	}
	tags := make([]language.Tag, len(allowed))
	for i, lang := range allowed {
		tags[i] = language.Make(lang)
	}
	m, _ := c.matchers.LoadOrStore(list, language.NewMatcher(tags))
	return m.(language.Matcher)
}
