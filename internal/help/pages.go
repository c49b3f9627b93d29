package help

import (
	"html/template"

	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/tenant"
)

// Pages are the package's pages.
type Pages struct {
	// Catalog writes opening hours in the employer's own zone.
	Catalog *i18n.Catalog
	// Sender is the address that mails really come from, for the one who runs a
	// mail filter; nil: the one in the employer's settings.
	Sender func(t *tenant.Tenant) string
}

// Routes are the package's routes.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{httpkit.Get("/help", httpkit.Public(), p.showHelp)}
}

// Page is /help.
type Page struct {
	httpkit.Base

	Toggle   httpkit.Link
	Contents []httpkit.Link
	Sections []Section
	Whom     []httpkit.SummaryRow
	Contact  Contact
	Links    []httpkit.Link
}

// Section is a group of questions.
type Section struct {
	ID, Title string
	Items     []Item
}

// Item is a question and its answer: sentences, then either steps to follow or
// points, then more sentences.
type Item struct {
	ID, Question string
	Open         bool
	Text         []string
	Steps        []string
	Points       []string
	After        []string
	Link         *httpkit.Link
}

// Contact is how to reach support, and when.
type Contact struct {
	Now      *httpkit.Tag // open or closed; nil when there are no hours
	Until    string       // when that changes
	Channels []Channel
	Hours    []httpkit.SummaryRow
	Zone     string // said when the reader may be in another
	Holidays []httpkit.SummaryRow
}

// Channel is one way to reach support.
type Channel struct {
	Icon, Label, Text, Note string
	URL                     template.URL
}

// Template implements httpkit.View.
func (*Page) Template() string { return "help/help" }

// Views are the pages, for the type check of their templates.
func Views() []httpkit.View { return []httpkit.View{&Page{}} }

func (p *Pages) showHelp(c *httpkit.Ctx) error {
	w := writer{c: c, t: c.Tenant(), sender: c.Tenant().Senders.Email}
	if p.Sender != nil {
		w.sender = p.Sender(w.t)
	}
	w.local = p.Catalog.Localizer(c.Words().Lang(), w.t.Zone, c.Now)
	page := &Page{Base: c.Base(), Sections: w.sections(), Whom: w.whomToAsk(), Contact: w.contact(), Links: w.links()}
	page.Layout, page.Title, page.Lead = httpkit.LayoutPage, c.T("help.title"), c.T("help.lead", "Name", w.t.Name)
	if !c.Actor().Signed() {
		page.Back = &httpkit.Link{Label: c.T("help.back"), URL: "/"}
	}
	all := c.Query("all") != ""
	page.Toggle = httpkit.Link{Label: c.T("help.open_all"), URL: "/help?all=1"}
	if all {
		page.Toggle = httpkit.Link{Label: c.T("help.close_all"), URL: "/help"}
	}
	for _, s := range page.Sections {
		page.Contents = append(page.Contents, httpkit.Link{Label: s.Title, URL: "#" + s.ID})
		for i := range s.Items {
			s.Items[i].Open = all
		}
	}
	if len(page.Whom) > 0 {
		page.Contents = append(page.Contents, httpkit.Link{Label: c.T("help.whom"), URL: "#whom"})
	}
	page.Contents = append(page.Contents, httpkit.Link{Label: c.T("help.contact"), URL: "#contact"})
	return c.Render(page)
}

// writer writes the page for one reader of one employer.
type writer struct {
	c      *httpkit.Ctx
	t      *tenant.Tenant
	local  *i18n.Localizer // the reader's language in the employer's zone
	sender string
}

// T is a text in which the employer's name stands for {{.Name}}.
func (w writer) T(key string, kv ...any) string {
	return w.c.T(key, append(kv, "Name", w.t.Name)...)
}

// N is T in the plural form that n asks for.
func (w writer) N(key string, n int) string { return w.c.N(key, n, "Name", w.t.Name) }

// own is the employer's own wording in the reader's language, else in the
// employer's first that has one.
func (w writer) own(text tenant.Text) string {
	return text.In(append([]string{w.c.Words().Lang()}, w.t.Languages...)...)
}

// whom is whom to ask about a topic.
func (w writer) whom(topic string) string {
	for _, key := range []string{topic, "*"} {
		if text := w.own(w.t.Support.WhomToAsk[key]); text != "" {
			return text
		}
	}
	return w.T("help.whom.default")
}

func (w writer) sections() []Section {
	list := []Section{w.starting(), w.signingIn()}
	if step, ok := w.secondStep(); ok {
		list = append(list, step)
	}
	return list
}
