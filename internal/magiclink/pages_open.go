package magiclink

import (
	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/message"
	"tilgang/internal/secret"
)

// cookie keeps the link's token, sealed, out of the address bar.
const cookie = "magiclink"

// OpenPage signs in, in the browser that asked, with one button.
type OpenPage struct {
	httpkit.Base

	Address string
	Until   string
}

// Template implements httpkit.View.
func (*OpenPage) Template() string { return "magiclink/open" }

// ElsewherePage shows the code that the asking browser waits for, and which
// browser that is.
type ElsewherePage struct {
	httpkit.Base

	Code  string
	Until string
	Asked []httpkit.SummaryRow
	Warn  httpkit.Notice
}

// Template implements httpkit.View.
func (*ElsewherePage) Template() string { return "magiclink/elsewhere" }

// DeadPage tells that a link does not work, and what does.
type DeadPage struct {
	httpkit.Base

	Used bool // somebody signed in by it
}

// Template implements httpkit.View.
func (*DeadPage) Template() string { return "magiclink/dead" }

// showLink takes the token out of the address; whatever fetches the link, and
// how often, changes nothing.
func (p *Pages) showLink(c *httpkit.Ctx) error {
	token := c.Param("token")
	if secret.HashToken(token) == nil {
		c.DropCookie(cookie)
		return c.Redirect("/magiclink/open")
	}
	if err := c.SetSealedCookie(cookie, token, life); err != nil {
		return err
	}
	return c.Redirect("/magiclink/open")
}

func (p *Pages) showOpen(c *httpkit.Ctx) error {
	l, err := p.service.Look(c.Context(), c.SealedCookie(cookie))
	if err != nil {
		return dead(c, err)
	}
	if l.Here(p.own(c)) {
		return c.Render(openPage(c, l))
	}
	return c.Render(elsewherePage(c, l))
}

// own is the attempt of this browser; the zero value for none.
func (p *Pages) own(c *httpkit.Ctx) attempt.Attempt {
	if c.Cookie(attempt.Cookie) == "" {
		return attempt.Attempt{}
	}
	a, err := p.service.Attempts.Find(c.Context(), c.Cookie(attempt.Cookie), c.Site.Host)
	if err != nil {
		return attempt.Attempt{}
	}
	return a
}

// submitOpen is the button. Sent from any other browser than the one that asked
// it shows the code, as opening does.
func (p *Pages) submitOpen(c *httpkit.Ctx) error {
	token, a := c.SealedCookie(cookie), p.own(c)
	l, err := p.service.Look(c.Context(), token)
	f, known := fault.As(err)
	switch {
	case known && f.Is(errUsed()):
		// The form is shown for a link that works: this is the other half of a
		// double click.
		return c.Redirect("/signin/next")
	case err != nil:
		return dead(c, err)
	case !l.Here(a):
		return c.Render(elsewherePage(c, l))
	}
	value, err := p.service.Open(c.Context(), token, a, c.Network())
	if f, known := fault.As(err); known && (f.Is(errUsed()) || f.Code == "attempt.expired") {
		return c.Redirect("/signin/next")
	}
	if err != nil {
		return dead(c, err)
	}
	c.DropCookie(cookie)
	c.SetCookie(attempt.Cookie, value, attempt.Life)
	return c.Redirect("/signin/next")
}

func openPage(c *httpkit.Ctx, l Look) *OpenPage {
	page := &OpenPage{Base: c.Base(), Address: l.Link.Address}
	page.Title, page.Lead = c.T("magiclink.open.title", "Employer", c.Tenant().Name), c.T("magiclink.open.factor")
	page.Until = c.T("magiclink.open.until", "When", c.Words().Moment(*l.Link.ExpiresAt))
	page.Back = &httpkit.Link{Label: c.T("magiclink.to_signin"), URL: "/signin"}
	return page
}

func elsewherePage(c *httpkit.Ctx, l Look) *ElsewherePage {
	page := &ElsewherePage{Base: c.Base(), Code: l.Code, Until: c.T("magiclink.elsewhere.until", "When", c.Words().Moment(*l.Link.ExpiresAt))}
	page.Title, page.Lead = c.T("magiclink.elsewhere.title"), c.T("magiclink.elsewhere.lead")
	page.Warn = httpkit.Notice{Kind: "warn", Text: c.T("magiclink.elsewhere.warn")}
	browser, device := message.Device(l.Asked.Asker.UserAgent)
	for _, row := range []httpkit.SummaryRow{
		{Label: c.T("magiclink.elsewhere.account"), Text: l.Link.Address},
		{Label: c.T("magiclink.elsewhere.when"), Text: c.Words().Moment(l.Link.CreatedAt)},
		{Label: c.T("magiclink.elsewhere.browser"), Text: browser},
		{Label: c.T("magiclink.elsewhere.device"), Text: device},
	} {
		if row.Text != "" {
			page.Asked = append(page.Asked, row)
		}
	}
	return page
}

// dead says what became of a link, before anything is pressed and without naming
// anybody. Any other error is passed on.
func dead(c *httpkit.Ctx, err error) error {
	f, known := fault.As(err)
	if !known || f.Kind != fault.Expired && !f.Is(errUsed()) {
		return err
	}
	page := &DeadPage{Base: c.Base(), Used: f.Is(errUsed())}
	page.Title, page.Lead = c.T("magiclink.dead.title"), c.Words().TMap(f.Code, f.Args)
	if page.Used {
		page.Title = c.T("magiclink.dead.used")
	}
	return c.RenderStatus(410, page)
}
