package mfa

import (
	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
)

// phoneSteps is how many pages the set-up of a phone has: choose, number, code,
// save codes.
const phoneSteps = 4

// PhonePage asks for the number that codes are to go to.
type PhonePage struct {
	httpkit.Base

	Country httpkit.Field
	Phone   httpkit.Field
	Sends   []httpkit.Button
	Skip    *httpkit.Button // past a backup that nobody has to have
}

// Template implements httpkit.View.
func (*PhonePage) Template() string { return "mfa/phone" }

func phonePage(c *httpkit.Ctx, st State, country, typed string) *PhonePage {
	v := &PhonePage{Base: frame(c, st)}
	v.Title, v.Lead = v.T("mfa.phone.title"), v.T("mfa.phone.lead")
	if st.Calls() {
		v.Lead = v.T("mfa.phone.lead_call")
	}
	switch {
	case st.BackupNext(c.Tenant().Mfa):
		v.Title, v.Lead = v.T("mfa.phone.backup.title"), v.T("mfa.phone.backup.lead")
		v.Skip = &httpkit.Button{Label: v.T("mfa.phone.backup.skip"), Name: "action", Value: attempt.Skip, Kind: "quiet"}
	case st.Step.Kind == factor.StepSetup:
		v.Step, v.Steps = 2, phoneSteps
		v.Back = &httpkit.Link{Label: v.T("mfa.back"), URL: "/mfa/setup"}
	}
	v.Country, v.Phone = account.PhoneFields(c, country, typed)
	v.Sends = sends(&v.Base, st, v.T("mfa.phone.send"), false)
	v.Sends[0].Kind = ""
	return v
}

// enterPhone gives the attempt's state where it may put a phone on file, and
// leads elsewhere where it may not.
func (p *Pages) enterPhone(c *httpkit.Ctx) (st State, done bool, err error) {
	a, _ := attempt.From(c.Context())
	if st, err = p.service.Where(c.Context(), a); err != nil {
		return st, true, err
	}
	if !st.MayAddPhone(c.Tenant().Mfa) {
		return st, true, c.Redirect(next(a))
	}
	return st, false, nil
}

func (p *Pages) showPhone(c *httpkit.Ctx) error {
	st, done, err := p.enterPhone(c)
	if done || err != nil {
		return err
	}
	return c.Render(phonePage(c, st, "", ""))
}

func (p *Pages) submitPhone(c *httpkit.Ctx) error {
	st, done, err := p.enterPhone(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if form.Get("action") == attempt.Skip && st.BackupNext(c.Tenant().Mfa) {
		return c.Redirect("/mfa/setup/recovery")
	}
	if err := p.service.StartPhone(c.Context(), st, form.Get("phone"), form.Get("country"), asking(c, form)); err != nil {
		return c.Invalid(phonePage(c, st, form.Get("country"), form.Get("phone")), err)
	}
	return c.Redirect("/mfa/setup/phone/code")
}

// PhoneCodePage asks for the code that was sent to the phone being set up.
type PhoneCodePage struct {
	httpkit.Base

	Code   httpkit.Field
	Again  *Again
	Late   *Late
	Change httpkit.Link
}

// Template implements httpkit.View.
func (*PhoneCodePage) Template() string { return "mfa/phone_code" }

func phoneCodePage(c *httpkit.Ctx, st State, on factor.PhoneOnFile, sent factor.Sent) *PhoneCodePage {
	v := &PhoneCodePage{Base: frame(c, st)}
	v.Title, v.Lead = v.T("mfa.phone.code.title"), leadOf(c, st, on, sent)
	if st.Step.Kind == factor.StepSetup {
		v.Step, v.Steps = 3, phoneSteps
	}
	v.Code = phoneField(&v.Base, on, sent)
	v.Again = again(&v.Base, "/mfa/setup/phone/code", st, on, sent)
	v.Late = late(&v.Base, st, on, sent, v.T("mfa.late.number"))
	v.Change = httpkit.Link{Label: v.T("mfa.phone.change"), URL: "/mfa/setup/phone"}
	return v
}

// enterPhoneCode is enterPhone for the code; without a number under way it leads
// back to the number.
func (p *Pages) enterPhoneCode(c *httpkit.Ctx) (st State, on factor.PhoneOnFile, sent factor.Sent, done bool, err error) {
	if st, done, err = p.enterPhone(c); done || err != nil {
		return st, on, sent, true, err
	}
	on, sent, err = p.service.Pending(c.Context(), st)
	if missing(err) {
		c.Flash("info", factor.PhoneGone)
		return st, on, sent, true, c.Redirect("/mfa/setup/phone")
	}
	return st, on, sent, false, err
}

func (p *Pages) showPhoneCode(c *httpkit.Ctx) error {
	st, on, sent, done, err := p.enterPhoneCode(c)
	if done || err != nil {
		return err
	}
	return c.Render(phoneCodePage(c, st, on, sent))
}

func (p *Pages) submitPhoneCode(c *httpkit.Ctx) error {
	st, on, sent, done, err := p.enterPhoneCode(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if asks(form) {
		if err := p.service.SendPending(c.Context(), st, asking(c, form)); err != nil {
			return c.Invalid(phoneCodePage(c, st, on, sent), err)
		}
		c.Flash("ok", sentAgain(asking(c, form)))
		return c.Redirect("/mfa/setup/phone/code")
	}
	if err := p.service.ConfirmPhone(c.Context(), st, form.Get("code"), c.Network()); err != nil && !p.service.Added(c.Context(), st, on.ID.String()) {
		return c.Invalid(phoneCodePage(c, st, on, sent), err)
	}
	return c.Redirect("/mfa/setup/recovery")
}
