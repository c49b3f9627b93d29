package mfa

import (
	"net/url"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// ChallengePage asks for a code of a factor on file: the default one, or
// another that was chosen.
type ChallengePage struct {
	httpkit.Base

	To    string         // where the form goes
	Code  *httpkit.Field // nil where nothing on file counts any more, and before a code was sent
	Again *Again         // for codes by phone
	Late  *Late          // what became of the code on its way
	Trust *httpkit.Check // not to be asked here for some time
	Other []httpkit.Choice
	Stuck string // whom to ask
}

// Template implements httpkit.View.
func (*ChallengePage) Template() string { return "mfa/challenge" }

// way is the factor that a challenge asks for: the one chosen, else the
// default; empty when none counts.
func way(c *httpkit.Ctx, st State) string {
	if chosen := c.Query("way"); has(st.Usable, chosen) {
		return chosen
	}
	if len(st.Usable) == 0 {
		return ""
	}
	return st.Usable[0]
}

func wayURL(way string) string { return "/mfa?way=" + url.QueryEscape(way) }

// challengePage shows the challenge; first sends the first code by text message
// of the attempt.
func (p *Pages) challengePage(c *httpkit.Ctx, st State, first bool) (*ChallengePage, error) {
	kind := way(c, st)
	v := &ChallengePage{Base: frame(c, st), To: wayURL(kind)}
	v.Title = v.T("mfa.challenge.title")
	switch kind {
	case "":
		v.Lead, v.Stuck = v.T("mfa.challenge.stuck", "Employer", c.Tenant().Name), whomToAsk(c)
	case factor.Phone:
		if err := p.askPhone(c, st, v, first); err != nil {
			return nil, err
		}
	default:
		v.app()
	}
	if days := c.Tenant().Mfa.TrustedDays; days > 0 && v.Code != nil && st.Attempt.Purpose == attempt.Signin {
		v.Trust = &httpkit.Check{Name: "trust", Label: v.N("mfa.challenge.trust", days), Hint: v.T("mfa.challenge.trust.hint")}
	}
	return v, p.others(c, st, v, kind)
}

func (p *Pages) askPhone(c *httpkit.Ctx, st State, v *ChallengePage, first bool) error {
	on, sent, refusal, err := p.service.Known(c.Context(), st, c.Network(), first)
	if err != nil {
		return err
	}
	v.phone(c, st, on, sent)
	if f, known := fault.As(refusal); known {
		v.Flash = append(v.Flash, httpkit.Notice{Kind: "warn", Text: c.Words().TMap(f.Code, f.Args)})
	}
	return nil
}

// app asks for the code of an authenticator app.
func (v *ChallengePage) app() {
	v.Lead, v.HelpURL = v.T("mfa.challenge.lead"), "/help#code"
	field := httpkit.SentCode(v.T("mfa.code"), v.T("mfa.code.hint"))
	v.Code = &field
}

// phone asks for a code that comes by phone: first how it is to come, where none
// has been sent, then for the code.
func (v *ChallengePage) phone(c *httpkit.Ctx, st State, on factor.PhoneOnFile, sent factor.Sent) {
	v.Lead, v.HelpURL = leadOf(c, st, on, sent), "/help#phone-code"
	v.Again = again(&v.Base, v.To, st, on, sent)
	if sent.At.IsZero() {
		v.Again.Sends[0].Kind = ""
		return
	}
	field := phoneField(&v.Base, on, sent)
	v.Code, v.Late = &field, late(&v.Base, st, on, sent, v.T("mfa.late.other"))
}

// others are the other ways to prove it: factors on file, then a recovery code.
func (p *Pages) others(c *httpkit.Ctx, st State, v *ChallengePage, asked string) error {
	for _, kind := range st.Usable {
		if kind == asked {
			continue
		}
		switch kind {
		case factor.TOTP:
			v.Other = append(v.Other, httpkit.Choice{Icon: "mobile", Title: v.T("mfa.challenge.way.totp"), Text: v.T("mfa.challenge.way.totp.text"), URL: wayURL(kind)})
		case factor.Phone:
			on, _, _, err := p.service.Known(c.Context(), st, c.Network(), false)
			if err != nil {
				return err
			}
			title := v.T("mfa.challenge.way.phone")
			if st.Calls() {
				title = v.T("mfa.challenge.way.phone_call")
			}
			v.Other = append(v.Other, httpkit.Choice{Icon: "chat", Title: title, Text: v.T("mfa.challenge.way.phone.text", "Phone", on.Masked), URL: wayURL(kind)})
		}
	}
	if err := p.byEID(c, st, v); err != nil {
		return err
	}
	v.last(c, st)
	return nil
}

// last are the ways that need nothing on file.
func (v *ChallengePage) last(c *httpkit.Ctx, st State) {
	v.Other = append(v.Other, httpkit.Choice{Icon: "key", Title: v.T("mfa.challenge.way.recovery"), Text: v.T("mfa.challenge.way.recovery.text"), URL: "/mfa/recovery"})
	if passHere(c, st) {
		v.Other = append(v.Other, httpkit.Choice{Icon: "people", Title: v.T("mfa.challenge.way.pass"), Text: v.T("mfa.challenge.way.pass.text"), URL: toPass})
	}
}

// byEID offers the linked electronic identity to whoever has typed the password
// and lost the factor.
func (p *Pages) byEID(c *httpkit.Ctx, st State, v *ChallengePage) error {
	if p.service.ByEID == nil || st.Attempt.Purpose != attempt.Signin || !st.Attempt.Has(attempt.Password) {
		return nil
	}
	offered, err := p.service.ByEID(c.Context(), st.Account.ID)
	if offered {
		v.Other = append(v.Other, httpkit.Choice{Icon: "shield", Title: v.T("mfa.challenge.way.eid"), Text: v.T("mfa.challenge.way.eid.text"), URL: "/recovery/eid"})
	}
	return err
}

// showChallenge sends the first code by text message by itself, once an attempt:
// whoever is here has typed the password, and comes for that code.
func (p *Pages) showChallenge(c *httpkit.Ctx) error {
	st, done, err := p.enter(c, factor.StepChallenge)
	if done || err != nil {
		return err
	}
	page, err := p.challengePage(c, st, c.Method() == "GET")
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) submitChallenge(c *httpkit.Ctx) error {
	st, done, err := p.enter(c, factor.StepChallenge)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if asks(form) {
		return p.sendAgain(c, st, asking(c, form))
	}
	err = p.service.Challenge(c.Context(), st, Answer{Way: way(c, st), Code: form.Get("code"), Trust: form.Get("trust") != ""}, c.Network())
	if err != nil && !p.service.Passed(c.Context(), st) {
		return p.refuse(c, st, err, form.Get("trust") != "")
	}
	return c.Redirect(next(st.Attempt))
}

func (p *Pages) sendAgain(c *httpkit.Ctx, st State, by Asking) error {
	if err := p.service.SendAgain(c.Context(), st, by); err != nil {
		return p.refuse(c, st, err, false)
	}
	c.Flash("ok", sentAgain(by))
	return c.Redirect(wayURL(factor.Phone))
}

func (p *Pages) refuse(c *httpkit.Ctx, st State, refusal error, trust bool) error {
	page, err := p.challengePage(c, st, false)
	if err != nil {
		return err
	}
	if page.Trust != nil {
		page.Trust.Checked = trust
	}
	return c.Invalid(page, refusal)
}

// toPass is the page that takes a temporary access pass.
const toPass = "/mfa/pass"

// passHere tells whether a pass could take the place of what is owed here: of a
// challenge, or of a set-up that cannot be put off, where the employer has passes.
func passHere(c *httpkit.Ctx, st State) bool {
	return c.Tenant().Mfa.AccessPass.Life > 0 && st.Attempt.Purpose != attempt.StepUp && !st.Step.Anew &&
		(st.Step.Kind == factor.StepChallenge || st.Step.Owes() && st.Step.Kind == factor.StepSetup)
}
