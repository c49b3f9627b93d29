package security

import (
	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// LostPage replaces a lost factor by the password and a second recovery code.
type LostPage struct {
	httpkit.Base

	Which    *httpkit.Choices // nil where only one can be lost
	Keep     []httpkit.Hidden
	Username string
	Current  httpkit.Field
	Code     httpkit.Field
	Go       httpkit.Button
	Few      *httpkit.Notice // no second code is left
}

// Template implements httpkit.View.
func (*LostPage) Template() string { return "security/lost" }

func lostPage(c *httpkit.Ctx, o Overview, lost []string, chosen string) *LostPage {
	v := &LostPage{Base: frame(c), Username: username(o)}
	v.Title, v.Lead, v.HelpURL = v.T("security.lost.title"), v.T("security.lost.lead"), "/help#lost-phone"
	if len(lost) == 1 {
		v.Keep = []httpkit.Hidden{{Name: "lost", Value: lost[0]}}
	} else {
		v.Which = &httpkit.Choices{Name: "lost", Legend: v.T("security.lost.which"), Options: lostOptions(&v.Base, o, lost, chosen)}
	}
	v.Current = httpkit.Field{
		Name: "current_password", Type: "password", Label: v.T("security.current"), Autocomplete: "current-password", Required: true, Reveal: true,
	}
	v.Code = httpkit.Field{Name: "code", Label: v.T("security.lost.code"), Hint: v.T("security.lost.code.hint"), Autocomplete: "off", Required: true, Max: 40}
	v.Go = httpkit.Button{Label: v.T("security.lost.go")}
	if o.Left == 0 {
		v.Few = &httpkit.Notice{Kind: "warn", Text: v.T("security.lost.none", "Employer", c.Tenant().Name)}
	}
	return v
}

func lostOptions(b *httpkit.Base, o Overview, lost []string, chosen string) (list []httpkit.Option) {
	for i, kind := range lost {
		label := b.T("security.factor.totp")
		if kind == factor.Phone {
			label = b.T("security.factor.phone", "Phone", o.Phone)
		}
		list = append(list, httpkit.Option{Value: kind, Label: label, Selected: kind == chosen || chosen == "" && i == 0})
	}
	return list
}

// enterLost is enter for sessions opened by a recovery code; for others, and
// where nothing can be replaced, the overview tells.
func (p *Pages) enterLost(c *httpkit.Ctx) (o Overview, ses session.Session, lost []string, done bool, err error) {
	o, ses, err = p.enter(c)
	if err != nil {
		return o, ses, nil, true, err
	}
	if lost = o.Lost(ses, c.Tenant().Mfa); len(lost) == 0 {
		return o, ses, nil, true, c.Redirect("/security")
	}
	return o, ses, lost, false, nil
}

func (p *Pages) showLost(c *httpkit.Ctx) error {
	o, _, lost, done, err := p.enterLost(c)
	if done || err != nil {
		return err
	}
	return c.Render(lostPage(c, o, lost, ""))
}

func (p *Pages) submitLost(c *httpkit.Ctx) error {
	o, ses, lost, done, err := p.enterLost(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	loss := Loss{Proof: proofOf(form), Kind: form.Get("lost")}
	cookie, started, err := p.svc.StartLost(c.Context(), ses, o, loss)
	if err != nil {
		return c.Invalid(lostPage(c, o, lost, loss.Kind), err)
	}
	c.SetCookie(session.Cookie, cookie, 0)
	c.SetCookie(attempt.Cookie, started, attempt.Life)
	return c.Redirect(map[string]string{factor.TOTP: "/mfa/setup/totp", factor.Phone: "/mfa/setup/phone"}[loss.Kind])
}
