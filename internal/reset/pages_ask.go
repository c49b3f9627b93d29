package reset

import (
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/httpkit"
	"tilgang/internal/mailaddr"
)

// AskPage asks for the address.
type AskPage struct {
	httpkit.Base

	Email httpkit.Field
	Robot captcha.Part
	Send  httpkit.Button
	Whom  Whom
}

// Template implements httpkit.View.
func (*AskPage) Template() string { return "reset/ask" }

// SentPage says the same to everybody: look into the mailbox, and what to do
// when nothing comes.
type SentPage struct {
	httpkit.Base

	Address string
	Asked   string // when
	Sender  string // the address that the mail comes from
	Robot   captcha.Part
	Send    httpkit.Button
	Whom    Whom
}

// Template implements httpkit.View.
func (*SentPage) Template() string { return "reset/sent" }

func (p *Pages) showAsk(c *httpkit.Ctx) error {
	f := askForm{}
	if a, ok := p.begun(c); ok {
		f.Typed = a.Address
	}
	return c.Render(p.askPage(c, f))
}

// begun is the sign-in or the wish that this browser has begun, if any.
func (p *Pages) begun(c *httpkit.Ctx) (attempt.Attempt, bool) {
	if c.Cookie(attempt.Cookie) == "" {
		return attempt.Attempt{}, false
	}
	a, err := p.service.Attempts.Find(c.Context(), c.Cookie(attempt.Cookie), c.Site.Host)
	return a, err == nil && (a.Purpose == attempt.Signin || a.Purpose == attempt.Reset)
}

// submitAsk answers every address alike.
func (p *Pages) submitAsk(c *httpkit.Ctx) error {
	f, err := parseAsk(c)
	if err != nil {
		return c.Invalid(p.askPage(c, f), err)
	}
	tight, err := p.service.Robots.Check(c, captcha.Reset)
	if err != nil {
		return c.Invalid(p.askPage(c, f), err)
	}
	former, _ := p.begun(c)
	cookie, err := p.service.Ask(c.Context(), Wish{
		Address: f.Address, Resume: former.Resume, Host: c.Site.Host,
		Asker: attempt.Asker{UserAgent: c.UserAgent(), Network: c.Network(), Language: c.Words().Lang()}, Tight: tight,
	})
	if err != nil {
		return c.Invalid(p.askPage(c, f), err)
	}
	c.SetCookie(attempt.Cookie, cookie, attempt.Life)
	return c.Redirect("/reset/sent")
}

func (p *Pages) showSent(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	return c.Render(p.sentPage(c, a))
}

func (p *Pages) askPage(c *httpkit.Ctx, f askForm) *AskPage {
	page := &AskPage{Base: c.Base(), Robot: p.service.Robots.Part(c, captcha.Reset)}
	page.Whom = whom(c, &page.Base)
	page.Title, page.Lead = c.T("reset.ask.title"), c.T("reset.ask.lead")
	page.Back = &httpkit.Link{Label: c.T("reset.to_signin"), URL: "/signin"}
	page.Email = httpkit.Field{
		Name: "email", Type: "email", Label: c.T("signin.email"), Hint: c.T("signin.email_hint"), Value: f.Typed, Autocomplete: "username",
		InputMode: "email", Required: true, Autofocus: f.Typed == "", Max: mailaddr.MaxBytes,
	}
	page.Send = httpkit.Button{Label: c.T("reset.ask.go"), Name: "action", Value: actionPassword}
	return page
}

func (p *Pages) sentPage(c *httpkit.Ctx, a attempt.Attempt) *SentPage {
	page := &SentPage{Base: c.Base(), Address: a.Address, Sender: p.service.Messages.From(c.Tenant())}
	page.Whom, page.Robot = whom(c, &page.Base), p.service.Robots.Part(c, captcha.Reset)
	page.Title = c.T("reset.sent.title")
	page.Lead = c.T("reset.sent.lead", "Address", a.Address, "Employer", c.Tenant().Name, "Life", c.Tenant().Reset.Life)
	page.Asked = c.T("reset.sent.asked", "When", c.Words().Moment(a.CreatedAt))
	page.Back = &httpkit.Link{Label: c.T("reset.to_signin"), URL: "/signin"}
	page.Send = httpkit.Button{Label: c.T("reset.sent.again"), Name: "action", Value: actionPassword, Kind: "secondary"}
	return page
}
