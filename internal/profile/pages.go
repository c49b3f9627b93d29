package profile

import (
	"strings"
	"time"

	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// languageLife is how long a browser keeps its language: 400 days, the most
// that browsers allow a cookie (RFC 6265bis 5.5).
const languageLife = 400 * 24 * time.Hour

// Page is /profile.
type Page struct {
	httpkit.Base

	Data   []httpkit.SummaryRow
	Closed *httpkit.EmptyState // in place of Data when the employer keeps it closed
	Told   httpkit.Notice
	Choice httpkit.Field
	Save   httpkit.Button
	Rights httpkit.Link // to the copy of all data, corrections and deletion
}

// Template implements httpkit.View.
func (*Page) Template() string { return "profile/profile" }

// Views are the pages, for the type check of their templates.
func Views() []httpkit.View { return []httpkit.View{&Page{}, &EmploymentPage{}} }

func (p *Pages) showProfile(c *httpkit.Ctx) error {
	o, err := p.service.Read(c.Context(), c.Actor(), c.Now())
	if err != nil {
		return err
	}
	return c.Render(p.profile(c, o))
}

// submitProfile changes the language and nothing else.
func (p *Pages) submitProfile(c *httpkit.Ctx) error {
	sent, err := c.Form()
	if err != nil {
		return err
	}
	form := parse(sent)
	if err := form.send(c.Context(), c, p.service); err != nil {
		o, broken := p.service.Read(c.Context(), c.Actor(), c.Now())
		if broken != nil {
			return broken
		}
		return c.Invalid(p.profile(c, o), err)
	}
	c.SetCookie("lang", form.language, languageLife)
	c.Flash("ok", "profile.language.saved")
	return c.Redirect("/profile")
}

func (p *Pages) profile(c *httpkit.Ctx, o Own) *Page {
	t := c.Tenant()
	page := &Page{Base: c.Base(), Save: httpkit.Button{Label: c.T("profile.language.save"), Kind: "secondary"}}
	page.Layout, page.Title, page.Lead = httpkit.LayoutPage, c.T("profile.title"), c.T("profile.lead", "Name", t.Name)
	page.Choice = p.choice(c, t)
	page.Rights = httpkit.Link{Label: c.T("profile.rights.link"), URL: "/mydata", Kind: "secondary"}
	if !o.Profile {
		page.Closed = &httpkit.EmptyState{Icon: "person", Title: c.T("profile.closed"), Text: c.T("profile.closed_text", "Name", t.Name)}
		return page
	}
	page.Data = data(c, o)
	page.Told = httpkit.Notice{Kind: "info", Title: c.T("profile.told", "Name", t.Name), Text: c.T("profile.told_text") + " " + whom(c, "data")}
	return page
}

// data is what the employer keeps; the person's own, so nothing is masked.
func data(c *httpkit.Ctx, o Own) []httpkit.SummaryRow {
	known := func(value string) string {
		if value == "" {
			return c.T("profile.unknown")
		}
		return value
	}
	rows := []httpkit.SummaryRow{
		{Label: c.T("profile.name"), Text: o.Person.Name()},
		{Label: c.T("profile.work_email"), Text: known(o.Person.WorkEmail)},
		{Label: c.T("profile.private_email"), Text: known(o.Person.PrivateEmail)},
		{Label: c.T("profile.phone"), Text: known(o.Person.Phone), Sub: c.T("profile.phone_use")},
	}
	if len(o.Addresses) > 0 {
		rows = append(rows, httpkit.SummaryRow{Label: c.T("profile.signin"), Text: strings.Join(o.Addresses, ", "), Sub: c.T("profile.signin_use")})
	}
	return rows
}

func (p *Pages) choice(c *httpkit.Ctx, t *tenant.Tenant) httpkit.Field {
	f := httpkit.Field{Name: "language", Type: "select", Label: c.T("profile.language"), Hint: c.T("profile.language.use")}
	for _, code := range t.Languages {
		if p.service.Offers(code) {
			f.Options = append(f.Options, httpkit.Option{Value: code, Label: c.Words().LanguageName(code), Selected: code == c.Words().Lang()})
		}
	}
	return f
}

// whom is the employer's own word on whom to ask about a topic, else ours.
func whom(c *httpkit.Ctx, topic string) string {
	t := c.Tenant()
	languages := append([]string{c.Words().Lang()}, t.Languages...)
	for _, key := range []string{topic, "*"} {
		if text := t.Support.WhomToAsk[key].In(languages...); text != "" {
			return text
		}
	}
	return c.T("profile.whom")
}

// day writes a date that has no time of day: the same day in every zone.
func day(c *httpkit.Ctx, d people.Date) string {
	if d == "" {
		return ""
	}
	return c.Words().Date(d.Time(c.Words().Zone()))
}
