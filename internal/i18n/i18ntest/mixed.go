package i18ntest

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"tilgang/internal/i18n"
)

// Mixed fails for each text on a page that is, as a whole, a text of another language's catalogue
// and of none in lang's. It looks at text of two words or more and at the attributes that people
// hear or see; what lies in an element with another lang attribute is that language's.
func Mixed(t T, c *i18n.Catalog, page, lang string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Errorf("page is no HTML: %v", err)
		return
	}
	mixed{t: t, vocabulary: known(c, lang)}.walk(root)
}

type mixed struct {
	vocabulary

	t T
}

// vocabulary is what may and may not be said in a language.
type vocabulary struct {
	lang   string
	own    map[string]bool
	others map[string]string // phrase -> language
}

// vocabularies and their phrases are gathered once: a walk asks for each a thousand
// times, of catalogues that hold the same texts.
var (
	vocabularies sync.Map // subject -> vocabulary
	said         sync.Map // subject -> map[string]bool
)

type subject struct {
	of   *i18n.Catalog
	lang string
}

func known(c *i18n.Catalog, lang string) vocabulary {
	c = c.Loaded()
	if v, ok := vocabularies.Load(subject{c, lang}); ok {
		return v.(vocabulary)
	}
	v := vocabulary{lang: lang, own: phrases(c, lang), others: map[string]string{}}
	for _, other := range c.Languages() {
		if other != lang {
			for phrase := range phrases(c, other) {
				v.others[phrase] = other
			}
		}
	}
	vocabularies.Store(subject{c, lang}, v)
	return v
}

// phrases are the texts without placeholders and of two words or more.
func phrases(c *i18n.Catalog, lang string) map[string]bool {
	if all, ok := said.Load(subject{c, lang}); ok {
		return all.(map[string]bool)
	}
	all := map[string]bool{}
	for _, key := range c.Keys(lang) {
		text, _ := c.Text(lang, key)
		for _, words := range text {
			if phrase := squeeze(words); !strings.Contains(phrase, "{{") && strings.Contains(phrase, " ") {
				all[phrase] = true
			}
		}
	}
	said.Store(subject{c, lang}, all)
	return all
}

func (m mixed) walk(n *html.Node) {
	m.t.Helper()
	if n.Type == html.TextNode {
		m.judge(n.Data)
	}
	if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "lang" && a.Val != m.lang }) {
		return
	}
	for _, a := range n.Attr {
		if slices.Contains([]string{"title", "alt", "placeholder", "aria-label", "aria-description"}, a.Key) {
			m.judge(a.Val)
		}
		if a.Key == "value" && n.Data == "input" {
			m.judge(a.Val)
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		m.walk(child)
	}
}

func (m mixed) judge(text string) {
	m.t.Helper()
	phrase := squeeze(text)
	if other := m.others[phrase]; other != "" && !m.own[phrase] {
		m.t.Errorf("page in %s says in %s: %q", m.lang, other, phrase)
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
