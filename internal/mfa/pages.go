package mfa

import (
	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// The pages to which every step returns: the dispatcher of a sign-in, and the
// end of a set-up that began on the security page.
const (
	toNext   = "/signin/next"
	toStepUp = "/stepup/done"
)

func next(a attempt.Attempt) string {
	if a.Purpose == attempt.StepUp {
		return toStepUp
	}
	return toNext
}

// Views are the flow's pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&ChallengePage{}, &RecoverPage{}, &SetupPage{}, &AppPage{}, &TOTPPage{}, &PhonePage{}, &PhoneCodePage{}, &CodesPage{}}
}

// enter gives the attempt's state when the page is the one owed; else it leads
// back to the dispatcher and done is true.
func (p *Pages) enter(c *httpkit.Ctx, owed factor.Kind) (st State, done bool, err error) {
	a, ok := attempt.From(c.Context())
	if !ok {
		return State{}, true, fault.New(fault.Expired, "attempt.expired")
	}
	if st, err = p.service.Where(c.Context(), a); err != nil {
		return State{}, true, err
	}
	if st.Step.Kind != owed && (owed != factor.StepChallenge || !st.Step.Anew) {
		return st, true, c.Redirect(next(a))
	}
	return st, false, nil
}

// frame is what the flow's pages share: whose sign-in it is, and the way out.
func frame(c *httpkit.Ctx, st State) httpkit.Base {
	b := c.Base()
	b.Eyebrow = st.Attempt.Address
	b.Cancel = &httpkit.Link{Label: b.T("mfa.cancel"), URL: "/signin"}
	if st.Attempt.Purpose == attempt.StepUp {
		b.Cancel.URL = "/security"
	}
	return b
}

// RecoverPage takes a recovery code in place of the authenticator.
type RecoverPage struct {
	httpkit.Base

	Code httpkit.Field
	Ask  string // whom to ask when no code is left
}

// Template implements httpkit.View.
func (*RecoverPage) Template() string { return "mfa/recover" }

func recoverPage(c *httpkit.Ctx, st State) *RecoverPage {
	p := &RecoverPage{Base: frame(c, st), Ask: whomToAsk(c)}
	p.Title, p.Lead, p.HelpURL = p.T("mfa.recover.title"), p.T("mfa.recover.lead"), "/help#lost-phone"
	p.Back = &httpkit.Link{Label: p.T("mfa.back"), URL: "/mfa"}
	p.Code = httpkit.Field{
		Name: "code", Label: p.T("mfa.recover.code"), Hint: p.T("mfa.recover.hint"), Autocomplete: "off",
		Required: true, Autofocus: true, Max: 40,
	}
	return p
}

// whomToAsk is the employer's own sentence about lost factors.
func whomToAsk(c *httpkit.Ctx) string {
	t := c.Tenant()
	for _, topic := range []string{"factor", "*"} {
		if s := t.Support.WhomToAsk[topic].In(c.Words().Lang(), t.Languages[0]); s != "" {
			return s
		}
	}
	return c.T("mfa.ask", "Employer", t.Name)
}

// enterRecover is enter for a recovery code in place of the factor, and for the
// second one where another is to be set up.
func (p *Pages) enterRecover(c *httpkit.Ctx) (st State, done bool, err error) {
	a, ok := attempt.From(c.Context())
	if !ok {
		return State{}, true, fault.New(fault.Expired, "attempt.expired")
	}
	st, err = p.service.Where(c.Context(), a)
	if err != nil || st.Step.Kind == factor.StepChallenge || st.Step.Anew || st.NeedsSecond(c.Tenant().Mfa) {
		return st, err != nil, err
	}
	return st, true, c.Redirect(next(a))
}

func (p *Pages) showRecover(c *httpkit.Ctx) error {
	st, done, err := p.enterRecover(c)
	if done || err != nil {
		return err
	}
	return c.Render(recoverPage(c, st))
}

func (p *Pages) submitRecover(c *httpkit.Ctx) error {
	st, done, err := p.enterRecover(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	left, err := p.service.Recover(c.Context(), st, form.Get("code"))
	if err != nil {
		if p.service.Passed(c.Context(), st) {
			return c.Redirect(next(st.Attempt))
		}
		return c.Invalid(recoverPage(c, st), err)
	}
	warnOfFew(c, left)
	return c.Redirect(next(st.Attempt))
}

func warnOfFew(c *httpkit.Ctx, left int) {
	switch {
	case left == 0:
		c.Flash("warn", "mfa.recover.none")
	case left <= factor.FewLeft:
		c.FlashN("warn", "mfa.recover.few", left)
	}
}
