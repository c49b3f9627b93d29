package reset

import (
	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/httpkit"
	"tilgang/internal/support"
	"tilgang/internal/tenant"
)

// AskPage asks for the address; where the employer offers a one-time sign-in
// link, there are two Ways in place of the one button.
type AskPage struct {
	httpkit.Base

	Email httpkit.Field
	Robot captcha.Part
	Ways  []httpkit.Choice
	Send  httpkit.Button
	// Letter leads to the page for the code of a letter; nil where there are none.
	Letter *httpkit.Link
	Whom   support.Whom
}

// Template implements httpkit.View.
func (*AskPage) Template() string { return "reset/ask" }

// SentPage says the same to everybody: look into the mailbox, and what to do
// when nothing comes.
type SentPage struct {
	httpkit.Base

	Address string
	Number  bool   // it is an employee number: look at the phone, not into the mailbox
	Asked   string // when
	Sender  string // the address that the mail comes from
	Robot   captcha.Part
	Send    httpkit.Button
	Whom    support.Whom
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
	asked, err := p.service.Ask(c.Context(), Wish{
		Address: f.Address, Link: f.Link, Former: former, Host: c.Site.Host,
		Asker: attempt.Asker{UserAgent: c.UserAgent(), Network: c.Network(), Language: c.Words().Lang()}, Tight: tight,
	})
	if err != nil {
		return c.Invalid(p.askPage(c, f), err)
	}
	return p.wait(c, former, asked)
}

// wait leads to the page that waits for the mail. What it says of a second wish
// depends on this browser alone.
func (p *Pages) wait(c *httpkit.Ctx, former attempt.Attempt, asked Asked) error {
	switch {
	case asked.Soon:
		c.Flash("info", "reset.sent.soon", "When", c.Words().Time(former.CreatedAt.Add(gap)))
	case asked.Cookie == "":
		c.SetCookie(attempt.Cookie, c.Cookie(attempt.Cookie), asked.Life)
		c.Flash("ok", "reset.sent.once_more")
	default:
		c.SetCookie(attempt.Cookie, asked.Cookie, asked.Life)
	}
	return c.Redirect(asked.To)
}

func (p *Pages) showSent(c *httpkit.Ctx) error {
	a, _ := attempt.From(c.Context())
	return c.Render(p.sentPage(c, a))
}

func (p *Pages) askPage(c *httpkit.Ctx, f askForm) *AskPage {
	page := &AskPage{Base: c.Base(), Robot: p.service.Robots.Part(c, captcha.Reset)}
	page.Whom = support.Of(c, &page.Base)
	policy := c.Tenant().Reset
	page.Title, page.Lead, page.HelpURL = c.T("reset.ask.title"), c.T("reset.ask.lead"), "/help#forgot"
	if c.Tenant().Invitation.Letters() {
		page.Lead = c.T("reset.ask.lead_name")
	}
	page.Back = &httpkit.Link{Label: c.T("reset.to_signin"), URL: "/signin"}
	page.Email = account.NameField(c, f.Typed)
	if c.Tenant().Invitation.Letters() {
		page.Letter = &httpkit.Link{Label: c.T("reset.ask.letter"), URL: "/reset/letter"}
	}
	page.Send = httpkit.Button{Label: c.T("reset.ask.go"), Name: "action", Value: actionPassword}
	if policy.Mode == tenant.ByCode {
		page.Send.Label, page.Lead = c.T("reset.ask.go_code"), c.T("reset.ask.lead_code")
		if c.Tenant().Invitation.Letters() {
			page.Lead = c.T("reset.ask.lead_name")
		}
	}
	if policy.Magiclink {
		page.Lead, page.Ways = c.T("reset.ask.lead_ways"), ways(c, policy)
	}
	return page
}

// ways are the two buttons, each with what it does. The first is the one that
// Enter presses.
func ways(c *httpkit.Ctx, policy tenant.ResetPolicy) []httpkit.Choice {
	text := c.T("reset.ask.password.text", "Life", policy.Life)
	if policy.Mode == tenant.ByCode {
		text = c.T("reset.ask.password.text_code")
	}
	return []httpkit.Choice{
		{Icon: "key", Title: c.T("reset.ask.password"), Text: text, Name: "action", Value: actionPassword},
		{Icon: "mail", Title: c.T("reset.ask.link"), Text: c.T("reset.ask.link.text"), Name: "action", Value: actionLink},
	}
}

func (p *Pages) sentPage(c *httpkit.Ctx, a attempt.Attempt) *SentPage {
	page := &SentPage{Base: c.Base(), Address: a.Address, Sender: p.service.Messages.From(c.Tenant())}
	page.Whom, page.Robot = support.Of(c, &page.Base), p.service.Robots.Part(c, captcha.Reset)
	page.Title, page.HelpURL = c.T("reset.sent.title"), "/help#nothing"
	page.Lead = c.T("reset.sent.lead", "Address", a.Address, "Employer", c.Tenant().Name, "Life", c.Tenant().Reset.LinkLife())
	if account.IsNumber(a.AddressKey) {
		page.Title, page.Number, page.HelpURL = c.T("reset.sent.title_number"), true, helpOf(c.Tenant())
		page.Lead = c.T("reset.sent.lead_number", "Number", a.Address, "Employer", c.Tenant().Name, "Life", c.Tenant().Reset.LinkLife())
	}
	page.Asked = c.T("reset.sent.asked", "When", c.Words().Moment(a.CreatedAt))
	page.Back = &httpkit.Link{Label: c.T("reset.to_signin"), URL: "/signin"}
	page.Send = httpkit.Button{Label: c.T("reset.sent.again"), Name: "action", Value: actionPassword, Kind: "secondary"}
	return page
}

// helpOf is the topic for who has no mailbox and waits for a message.
func helpOf(t *tenant.Tenant) string {
	if t.Invitation.Texts() {
		return "/help#no-text"
	}
	return "/help#letter"
}
