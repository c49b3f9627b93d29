package security

import (
	"slices"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// TextOffer is the way to a code by phone for the form below it.
type TextOffer struct {
	Text  string
	Keep  []httpkit.Hidden
	Sends []httpkit.Button // the one by text message first
}

// backs are the pages that ask for a code, to which its sending returns.
func backs() []string {
	return []string{"/security/password", "/security/codes", "/security/phone"}
}

// textOffer is the offer of a page, nil where no code is asked for or no phone
// is on file.
func (p *Pages) textOffer(b *httpkit.Base, o Overview, ses session.Session, back string) *TextOffer {
	if !p.svc.NeedsCode(o, ses) || !o.Texts() {
		return nil
	}
	offer := &TextOffer{Text: b.T("security.phone.to", "Phone", o.Phone), Keep: []httpkit.Hidden{{Name: "back", Value: back}}}
	offer.Sends = []httpkit.Button{{Label: b.T("security.phone.send"), Name: "channel", Value: factor.SMS, Kind: "secondary"}}
	if slices.Contains(o.Channels, factor.Voice) {
		offer.Text = b.T("security.phone.to_call", "Phone", o.Phone)
		offer.Sends = append(offer.Sends, httpkit.Button{Label: b.T("security.phone.call"), Name: "channel", Value: factor.Voice, Kind: "secondary"})
	}
	return offer
}

// sendCode sends a code by text message and returns to the page that asks for
// it.
func (p *Pages) sendCode(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	back := form.Get("back")
	if !slices.Contains(backs(), back) {
		back = "/security"
	}
	channel, said := factor.SMS, "security.phone.sent"
	if form.Get("channel") == factor.Voice {
		channel, said = factor.Voice, "security.phone.called"
	}
	if err := p.svc.SendCode(c.Context(), ses, o, c.Network(), channel); err != nil {
		return err
	}
	c.Flash("ok", said, "Phone", o.Phone)
	return c.Redirect(back)
}

func (p *Pages) phoneConfirm(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	title := c.T("security.phone.add")
	if o.Phone != "" {
		title = c.T("security.phone.change")
	}
	v := p.confirmPage(c, o, ses, title, c.T("security.phone.confirm.lead"), "/security/phone")
	if v.Code != nil && o.Phone != "" {
		v.Code.Hint = c.T("security.phone.lost")
	}
	return v
}

// enterPhone is enter for the set-up of a phone; where there is none to set up,
// the overview tells.
func (p *Pages) enterPhone(c *httpkit.Ctx) (o Overview, ses session.Session, done bool, err error) {
	o, ses, err = p.enter(c)
	if err == nil && !o.MayChangePhone(c.Tenant()) {
		return o, ses, true, c.Redirect("/security")
	}
	if err == nil && p.svc.byCodeAlone(o, ses) {
		return o, ses, true, c.Redirect(lostFirst)
	}
	return o, ses, err != nil, err
}

func (p *Pages) showPhone(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterPhone(c)
	if done || err != nil {
		return err
	}
	return c.Render(p.phoneConfirm(c, o, ses))
}

func (p *Pages) submitPhone(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterPhone(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	cookie, err := p.svc.StepUp(c.Context(), ses, o, proofOf(form))
	if err != nil {
		return c.Invalid(p.phoneConfirm(c, o, ses), err)
	}
	c.SetCookie(session.Cookie, cookie, 0)
	_, raised, err := p.svc.Sessions.Load(c.Context(), cookie, c.Site.Host, c.Site.Side == httpkit.Alumni)
	if err != nil {
		return err
	}
	if p.svc.byCodeAlone(o, raised) {
		return c.Redirect(lostFirst)
	}
	started, err := p.svc.StartPhone(c.Context(), raised, o)
	if err != nil {
		return c.Invalid(p.phoneConfirm(c, o, raised), err)
	}
	c.SetCookie(attempt.Cookie, started, attempt.Life)
	return c.Redirect("/mfa/setup/phone")
}
