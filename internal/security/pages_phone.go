package security

import (
	"slices"
	"strings"

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

// textOffer is the offer of a page that asks for a code, nil where no phone may
// be asked.
func textOffer(b *httpkit.Base, o Overview, back string) *TextOffer {
	if !o.Texts() {
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
	back := httpkit.OwnPath(form.Get("back"), "/security")
	if !strings.HasPrefix(back, "/security/") {
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
	v := p.confirm(c, o, ses, ActFactor, "/security/phone")
	v.Title, v.Lead = title, v.T("security.phone.confirm.lead")
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
	passed, err := p.sure(c, o, ses, ActFactor, form)
	if err != nil {
		return c.Invalid(p.phoneConfirm(c, o, ses), err)
	}
	started, err := p.svc.StartPhone(c.Context(), passed, o)
	if err != nil {
		return c.Invalid(p.phoneConfirm(c, o, passed.Session), err)
	}
	c.SetCookie(attempt.Cookie, started, attempt.Life)
	return c.Redirect("/mfa/setup/phone")
}
