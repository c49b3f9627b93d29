package help

import (
	"slices"
	"strconv"
	"time"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/picture"
	"tilgang/internal/tenant"
)

// Pages are the package's pages.
type Pages struct {
	// Catalog writes opening hours in the employer's own zone.
	Catalog *i18n.Catalog
	// Sender is the address that mails really come from, for the one who runs a
	// mail filter; nil: the one in the employer's settings.
	Sender func(t *tenant.Tenant) string
	// Calls tells whether this installation can call in a language; nil: in none.
	Calls func(lang string) bool
	// Pictures are the pages of the features that steps may show.
	Pictures []httpkit.Picture
}

// Routes are the package's routes.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/help", httpkit.Public(), p.showHelp),
		httpkit.Get("/help/picture/:name", httpkit.Public(), p.showPicture),
	}
}

// Page is /help.
type Page struct {
	httpkit.Base

	Changed  string
	Contents []Contents
	Sections []Section
	Whom     []httpkit.SummaryRow
	Contact  Contact
	Links    []httpkit.Link
}

// Contents leads to a section and to each of its topics.
type Contents struct {
	Section httpkit.Link
	Topics  []httpkit.Link
}

// Section is a group of topics.
type Section struct {
	ID, Title string
	Items     []Item
}

// Item is a question and its answer: sentences, then either steps to follow or
// points, then more sentences.
type Item struct {
	ID, Question string
	Text         []string
	Steps        []Step
	Points       []string
	After        []string
	Link         *httpkit.Link
}

// Pictured tells whether a step has a picture.
func (i Item) Pictured() bool {
	return slices.ContainsFunc(i.Steps, func(s Step) bool { return s.Picture != nil })
}

// Step is one thing to do, and the page on which it is done.
type Step struct {
	Text    string
	Picture *Picture
}

// Picture is where a step's picture is, and what it shows in words.
type Picture struct{ URL, Alt string }

// Contact is how to reach support, and when.
type Contact struct {
	Now      *httpkit.Tag // open or closed; nil when there are no hours
	Until    string       // when that changes
	Channels []Channel
	Hours    []httpkit.SummaryRow
	Zone     string // said when the reader may be in another
	Holidays []httpkit.SummaryRow
}

// Template implements httpkit.View.
func (*Page) Template() string { return "help/help" }

// Views are the pages, for the type check of their templates.
func Views() []httpkit.View { return []httpkit.View{&Page{}} }

func (p *Pages) showHelp(c *httpkit.Ctx) error {
	w := p.writer(c)
	page := &Page{Base: c.Base(), Sections: w.sections(), Whom: w.whomToAsk(), Contact: w.contact(), Links: w.links(), Changed: w.changed()}
	page.Layout, page.Title, page.Lead = httpkit.LayoutPage, c.T("help.title"), c.T("help.lead", "Name", w.t.Name)
	if !c.Actor().Signed() {
		page.Back = &httpkit.Link{Label: c.T("help.back"), URL: "/"}
	}
	page.Contents = contents(c, page)
	return c.Render(page)
}

func contents(c *httpkit.Ctx, page *Page) (list []Contents) {
	for _, s := range page.Sections {
		part := Contents{Section: httpkit.Link{Label: s.Title, URL: "#" + s.ID}}
		for _, i := range s.Items {
			part.Topics = append(part.Topics, httpkit.Link{Label: i.Question, URL: "#" + i.ID})
		}
		list = append(list, part)
	}
	if len(page.Whom) > 0 {
		list = append(list, Contents{Section: httpkit.Link{Label: c.T("help.whom"), URL: "#whom"}})
	}
	return append(list, Contents{Section: httpkit.Link{Label: c.T("help.contact"), URL: "#contact"}})
}

// changed is the later day of our text and of the employer's policy.
func (w writer) changed() string {
	day := written()
	if policy := w.t.Changed.In(w.t.Zone); policy.After(day) {
		day = policy
	}
	return w.T("help.changed", "Date", w.local.Date(day))
}

// writer writes the page for one reader of one employer.
type writer struct {
	c        *httpkit.Ctx
	t        *tenant.Tenant
	local    *i18n.Localizer // the reader's language in the employer's zone
	sender   string
	calls    bool
	pictures []httpkit.Picture
}

func (p *Pages) writer(c *httpkit.Ctx) writer {
	w := writer{c: c, t: c.Tenant(), sender: c.Tenant().Senders.Email, pictures: p.Pictures}
	if p.Sender != nil {
		w.sender = p.Sender(w.t)
	}
	w.calls = p.Calls != nil && p.Calls(c.Words().Lang())
	w.local = p.Catalog.Localizer(c.Words().Lang(), w.t.Zone, c.Now)
	return w
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

// steps are steps without pictures.
func steps(texts ...string) (list []Step) {
	for _, text := range texts {
		list = append(list, Step{Text: text})
	}
	return list
}

// on is a step beside the picture of its page, where the employer has that page.
func (w writer) on(name, text string) Step {
	for _, p := range w.pictures {
		if p.Name != name {
			continue
		}
		if v := w.c.Apart(p.Draw); v != nil {
			shell := v.Shell()
			return Step{Text: text, Picture: &Picture{URL: "/help/picture/" + name + "?lang=" + w.c.Words().Lang(), Alt: w.T("help.picture", "Page", shell.H1())}}
		}
	}
	return Step{Text: text}
}

func (w writer) sections() []Section {
	list := []Section{w.starting(), w.signingIn(), w.staying()}
	if step, ok := w.extraStep(); ok {
		list = append(list, step)
	}
	return list
}

// pictureLife is how long a browser may keep a picture.
const pictureLife = 5 * time.Minute

// showPicture draws a page of ours from an example: the same for everybody.
func (p *Pages) showPicture(c *httpkit.Ctx) error {
	i := slices.IndexFunc(p.Pictures, func(one httpkit.Picture) bool { return one.Name == c.Param("name") })
	if i < 0 {
		return fault.New(fault.NotFound, "http.not_found")
	}
	v := c.Apart(p.Pictures[i].Draw)
	if v == nil {
		return fault.New(fault.NotFound, "http.not_found")
	}
	page, err := c.Drawn(v)
	if err != nil {
		return err
	}
	colours := c.Tenant().Branding.Palette()
	look := picture.Look{
		Employer: c.Tenant().Name, Brand: string(colours.Brand), OnBrand: string(colours.OnBrand),
		DayInk: string(colours.DayInk), NightInk: string(colours.NightInk), DayGround: string(colours.DayGround), NightGround: string(colours.NightGround),
	}
	svg, err := picture.Draw(page, look, p.Pictures[i].Mark)
	if err != nil {
		return err
	}
	c.SetHeader("Content-Security-Policy", sealed)
	c.SetHeader("Cache-Control", "private, max-age="+strconv.Itoa(int(pictureLife.Seconds())))
	return c.Bytes("image/svg+xml", svg)
}

// sealed keeps a picture from running or loading anything when it is opened by itself.
const sealed = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
