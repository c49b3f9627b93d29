package notme

import (
	"encoding/base64"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/secret"
)

// cookie keeps the link's token, sealed, out of the address bar.
const (
	cookie     = "notme"
	cookieHour = time.Hour
)

// AskPage says what happened and what saying "not me" does.
type AskPage struct {
	httpkit.Base

	Facts   []httpkit.SummaryRow
	Preview httpkit.Preview
	Code    httpkit.Field
	Report  httpkit.Button
}

// Template implements httpkit.View.
func (*AskPage) Template() string { return "notme/ask" }

// ReportedPage says that changes are stopped, how to get back in, and takes the
// report back.
type ReportedPage struct {
	httpkit.Base

	Steps   []string
	Go      httpkit.Link
	Unknown string // what to do about a factor that is not the owner's
	Until   string // until when it can be taken back; empty: it cannot
	Code    httpkit.Field
	Undo    httpkit.Button
}

// Template implements httpkit.View.
func (*ReportedPage) Template() string { return "notme/reported" }

// OverPage says that there is nothing left to do with a link, and what else is.
type OverPage struct {
	httpkit.Base

	Text string
	Go   httpkit.Link
}

// Template implements httpkit.View.
func (*OverPage) Template() string { return "notme/over" }

// showLink takes the token out of the address; whatever fetches the link, and
// how often, changes nothing.
func (p *Pages) showLink(c *httpkit.Ctx) error {
	token := c.Param("token")
	if secret.HashToken(token) == nil { // not the shape of one
		c.DropCookie(cookie)
		return c.Redirect("/notme")
	}
	sealed, err := p.service.Box.Seal([]byte(token), cookiePlace(c)...)
	if err != nil {
		return wrap("seal cookie", err)
	}
	c.SetCookie(cookie, base64.RawURLEncoding.EncodeToString(sealed), cookieHour)
	return c.Redirect("/notme")
}

func (p *Pages) show(c *httpkit.Ctx) error {
	l, err := p.service.Look(c.Context(), p.token(c))
	if err != nil {
		return dead(c, err)
	}
	return c.Render(pageOf(c, l))
}

func (p *Pages) submitReport(c *httpkit.Ctx) error { return p.submit(c, p.service.Report) }

func (p *Pages) submitUndo(c *httpkit.Ctx) error { return p.submit(c, p.service.Undo) }

// submit gives the code to do and shows where the notice stands from then on: a
// second press finds it done.
func (p *Pages) submit(c *httpkit.Ctx, do do) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	err = do(c.Context(), p.token(c), form.Get("code"), c.Network())
	if err == nil {
		return c.Redirect("/notme")
	}
	l, gone := p.service.Look(c.Context(), p.token(c))
	if gone != nil {
		return dead(c, gone)
	}
	return c.Invalid(pageOf(c, l), err)
}

func pageOf(c *httpkit.Ctx, l Look) httpkit.View {
	switch l.Stage {
	case Undoable, Standing:
		return reportedPage(c, l)
	case Ended:
		return endedPage(c, l)
	case Asking:
	}
	return askPage(c, l)
}

func askPage(c *httpkit.Ctx, l Look) *AskPage {
	p := &AskPage{Base: c.Base(), Code: codeField(c), Report: httpkit.Button{Label: c.T("notme.ask.go")}}
	p.Title, p.Lead, p.HelpURL = c.T("notme.ask.title"), c.T("notme.ask.lead", "Employer", c.Tenant().Name), "/help#not-me"
	p.Facts = append(p.Facts, httpkit.SummaryRow{Label: c.T("notme.ask.what"), Text: c.T("message.kind." + l.Notice.Kind)})
	for _, f := range l.Origin.Origin(c.Words()) {
		if f.Value != "" {
			p.Facts = append(p.Facts, httpkit.SummaryRow{Label: f.Label, Text: f.Value})
		}
	}
	p.Preview = httpkit.Preview{Title: c.T("notme.ask.preview"), Items: []string{
		c.T("notme.ask.ends"), c.T("notme.ask.stops"), c.T("notme.ask.back"), c.T("notme.ask.told", "Employer", c.Tenant().Name),
	}}
	return p
}

func codeField(c *httpkit.Ctx) httpkit.Field {
	return httpkit.Field{
		Name: "code", Label: c.T("notme.code"), Hint: c.T("notme.code.hint"), Autocomplete: "off", InputMode: "numeric", Required: true, Code: true, Max: 20,
	}
}

func reportedPage(c *httpkit.Ctx, l Look) *ReportedPage {
	p := &ReportedPage{Base: c.Base(), Steps: []string{c.T("notme.reported.password"), c.T("notme.reported.signin")}, Unknown: c.T("notme.reported.unknown", "Employer", c.Tenant().Name)}
	p.Title, p.Lead = c.T("notme.reported.title"), c.T("notme.reported.lead", "When", l.Freeze.FrozenAt)
	p.Go = httpkit.Link{Label: c.T("notme.reported.go"), URL: "/reset", Kind: "primary"}
	if l.Stage == Undoable {
		p.Until, p.Code = c.T("notme.undo.until", "When", l.until()), codeField(c)
		p.Undo = httpkit.Button{Label: c.T("notme.undo.go"), Kind: "secondary"}
	}
	return p
}

func endedPage(c *httpkit.Ctx, l Look) *OverPage {
	p := &OverPage{Base: c.Base(), Text: c.T("notme.ended.returned"), Go: httpkit.Link{Label: c.T("notme.over.signin"), URL: "/signin", Kind: "primary"}}
	p.Title = c.T("notme.ended.title")
	switch l.Freeze.LiftedWhy {
	case account.Undone:
		p.Text = c.T("notme.ended.undone")
	case account.ByHR:
		p.Text = c.T("notme.ended.hr", "Employer", c.Tenant().Name)
	case account.Returned:
	}
	return p
}

// dead says why a link does nothing; other errors are passed on.
func dead(c *httpkit.Ctx, err error) error {
	f, known := fault.As(err)
	if !known || f.Kind != fault.Expired {
		return err
	}
	p := &OverPage{Base: c.Base(), Text: c.Words().TMap(f.Code, f.Args), Go: httpkit.Link{Label: c.T("notme.reported.go"), URL: "/reset", Kind: "primary"}}
	p.Title = c.T("notme.dead.title")
	return c.RenderStatus(410, p)
}

// token is the link's token from the cookie; empty when there is none.
func (p *Pages) token(c *httpkit.Ctx) string {
	sealed, err := base64.RawURLEncoding.DecodeString(c.Cookie(cookie))
	if err != nil || len(sealed) == 0 {
		return ""
	}
	token, err := p.service.Box.Open(sealed, cookiePlace(c)...)
	if err != nil {
		return ""
	}
	return string(token)
}

// cookiePlace ties the cookie to one tenant's host.
func cookiePlace(c *httpkit.Ctx) []string {
	return []string{c.Tenant().ID.String(), "cookie", cookie, c.Site.Host}
}
