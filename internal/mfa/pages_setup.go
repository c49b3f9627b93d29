package mfa

import (
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// steps is how many pages the set-up of an app has: choose, get an app, scan,
// save codes.
const steps = 4

// SetupPage says why, and by what ways, a second factor is set up.
type SetupPage struct {
	httpkit.Base

	Why     []string // the employer's reasons and terms
	Ways    []httpkit.Choice
	Off     []string // ways that the employer has not switched on
	Stuck   string   // whom to ask when there is no way
	Answers []httpkit.Button
	Found   *httpkit.Link // back to the challenge, where the factors were lost
	Pass    *httpkit.Link // to the code that somebody on the spot gave
}

// Template implements httpkit.View.
func (*SetupPage) Template() string { return "mfa/setup" }

func setupPage(c *httpkit.Ctx, st State) *SetupPage {
	p := &SetupPage{Base: frame(c, st)}
	employer := c.Tenant().Name
	p.Title, p.Lead, p.HelpURL = p.T("mfa.setup.title"), p.T("mfa.setup.lead", "Employer", employer), "/help#set-up"
	p.Step, p.Steps = 1, steps
	if st.Step.Anew {
		p.Title, p.Lead = p.T("mfa.anew.title"), p.T("mfa.anew.lead", "Employer", employer)
		p.Found = &httpkit.Link{Label: p.T("mfa.anew.found"), URL: "/mfa"}
	}
	p.Why = terms(&p.Base, st, employer)
	if passHere(c, st) {
		p.Pass = &httpkit.Link{Label: p.T("mfa.challenge.way.pass"), URL: toPass}
	}
	if st.NeedsSecond(c.Tenant().Mfa) {
		p.Ways = []httpkit.Choice{{Icon: "key", Title: p.T("mfa.setup.second"), Text: p.T("mfa.setup.second.text"), URL: "/mfa/recovery"}}
	}
	if st.MayAddApp(c.Tenant().Mfa) {
		p.Ways = []httpkit.Choice{{Icon: "mobile", Title: p.T("mfa.setup.app"), Text: p.T("mfa.setup.app.text"), URL: "/mfa/setup/app"}}
	}
	if st.MayAddPhone(c.Tenant().Mfa) {
		title := p.T("mfa.setup.phone")
		if st.Calls() {
			title = p.T("mfa.setup.phone_call")
		}
		p.Ways = append(p.Ways, httpkit.Choice{Icon: "chat", Title: title, Text: p.T("mfa.setup.phone.text"), URL: "/mfa/setup/phone"})
	}
	if len(p.Ways) == 0 {
		p.Stuck = p.T("mfa.setup.stuck", "Employer", employer) + " " + whomToAsk(c)
	}
	p.Off = off(&p.Base, c.Tenant().Mfa, employer)
	p.Answers = answers(&p.Base, st.Step)
	return p
}

// terms are the sentences on what the employer allows: how often and until when
// it may be put off, or that it may not.
func terms(b *httpkit.Base, st State, employer string) []string {
	step := st.Step
	var list []string
	switch {
	case st.Attempt.Purpose == attempt.StepUp:
	case step.Anew && step.MaySkip:
		list = append(list, b.T("mfa.anew.skip_terms", "Employer", employer))
	case step.MaySkip:
		list = append(list, b.T("mfa.setup.skip_terms", "Employer", employer))
	case step.MayLater && step.LaterLeft > 0:
		list = append(list, b.N("mfa.setup.later_left", step.LaterLeft))
	case step.MayLater:
		list = append(list, b.T("mfa.setup.later_terms"))
	case st.Duty.Mandatory:
		list = append(list, b.T("mfa.setup.must_terms", "Employer", employer))
	default:
		list = append(list, b.T("mfa.setup.no_more_later", "Employer", employer))
	}
	if !step.Until.IsZero() {
		// Noon keeps the day the same in a reader's zone some hours away.
		list = append(list, b.T("mfa.setup.until", "Employer", employer, "Date", b.Date(step.Until.Add(12*time.Hour))))
	}
	return list
}

// off names what people look for in vain, because the employer has it off.
func off(b *httpkit.Base, p tenant.MfaPolicy, employer string) []string {
	var list []string
	if p.Use("phone") == tenant.Off {
		list = append(list, b.T("mfa.setup.phone_off", "Employer", employer))
	}
	if p.Use("totp") == tenant.Off {
		list = append(list, b.T("mfa.setup.totp_off", "Employer", employer))
	}
	return list
}

func answers(b *httpkit.Base, step factor.Step) []httpkit.Button {
	button := func(label, value string) httpkit.Button {
		return httpkit.Button{Label: label, Name: "action", Value: value, Kind: "secondary", NoValidate: true}
	}
	var list []httpkit.Button
	switch {
	case step.MaySkip && step.Anew:
		list = append(list, button(b.T("mfa.anew.skip"), attempt.Skip))
	case step.MaySkip:
		list = append(list, button(b.T("mfa.setup.skip"), attempt.Skip))
	}
	if step.MayLater {
		list = append(list, button(b.T("mfa.setup.later"), attempt.Later))
	}
	return list
}

func (p *Pages) showSetup(c *httpkit.Ctx) error {
	st, done, err := p.enter(c, factor.StepSetup)
	if done || err != nil {
		return err
	}
	return c.Render(setupPage(c, st))
}

func (p *Pages) submitSetup(c *httpkit.Ctx) error {
	st, done, err := p.enter(c, factor.StepSetup)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if err := p.service.Answer(c.Context(), st.Attempt, form.Get("action")); err != nil {
		return c.Invalid(setupPage(c, st), err)
	}
	return c.Redirect(next(st.Attempt))
}

// AppPage helps to get an authenticator app.
type AppPage struct {
	httpkit.Base

	Stores []Store
	Next   httpkit.Link
	Have   httpkit.Link
}

// Store is where a kind of phone gets its apps.
type Store struct {
	Phone, Name string
	URL         string
	QR          httpkit.QR
}

// Template implements httpkit.View.
func (*AppPage) Template() string { return "mfa/app" }

// The stores' own searches: no single app is recommended over another.
const (
	appStore  = "https://apps.apple.com/search?term=authenticator"
	playStore = "https://play.google.com/store/search?q=authenticator&c=apps"
)

func appPage(c *httpkit.Ctx, st State) (*AppPage, error) {
	p := &AppPage{Base: frame(c, st)}
	p.Title, p.Lead = p.T("mfa.app.title"), p.T("mfa.app.lead")
	p.Step, p.Steps, p.Wide = 2, steps, true
	p.Back = &httpkit.Link{Label: p.T("mfa.back"), URL: "/mfa/setup"}
	if st.OneMore(c.Tenant().Mfa) {
		p.Step, p.Steps, p.Back.URL = 0, 0, "/security/factors"
	}
	p.Next = httpkit.Link{Label: p.T("mfa.next"), URL: "/mfa/setup/totp", Kind: "primary"}
	p.Have = httpkit.Link{Label: p.T("mfa.app.have"), URL: "/mfa/setup/totp"}
	for _, s := range []Store{
		{Phone: p.T("mfa.app.iphone"), Name: p.T("mfa.app.app_store"), URL: appStore},
		{Phone: p.T("mfa.app.android"), Name: p.T("mfa.app.play_store"), URL: playStore},
	} {
		image, err := picture(s.URL)
		if err != nil {
			return nil, err
		}
		s.QR = httpkit.QR{Image: image, Alt: p.T("mfa.app.qr", "Store", s.Name)}
		p.Stores = append(p.Stores, s)
	}
	return p, nil
}

func (p *Pages) showApp(c *httpkit.Ctx) error {
	st, done, err := p.enterTOTP(c)
	if done || err != nil {
		return err
	}
	page, err := appPage(c, st)
	if err != nil {
		return err
	}
	return c.Render(page)
}

// TOTPPage shows the authenticator's key and asks for its first code.
type TOTPPage struct {
	httpkit.Base

	QR   httpkit.QR
	Code httpkit.Field
	Next httpkit.Button
	Keep []httpkit.Hidden
}

// Template implements httpkit.View.
func (*TOTPPage) Template() string { return "mfa/totp" }

func (p *Pages) totpPage(c *httpkit.Ctx, st State, e factor.Enrolment) (*TOTPPage, error) {
	label, err := p.service.Label(c.Context(), st)
	if err != nil {
		return nil, err
	}
	uri := e.URI(c.Tenant().Name, label)
	image, err := picture(uri)
	if err != nil {
		return nil, err
	}
	v := &TOTPPage{Base: frame(c, st)}
	v.Title, v.Lead = v.T("mfa.totp.title"), v.T("mfa.totp.lead")
	if st.Step.Kind == factor.StepSetup {
		v.Step, v.Steps = 3, steps
	}
	if st.Step.Kind == factor.StepSetup || st.OneMore(c.Tenant().Mfa) {
		v.Back = &httpkit.Link{Label: v.T("mfa.back"), URL: "/mfa/setup/app"}
	}
	v.QR = httpkit.QR{Image: image, Alt: v.T("mfa.totp.qr"), Key: grouped(e.Secret), Note: v.T("mfa.totp.account", "Account", label, "Employer", c.Tenant().Name)}
	v.Code = httpkit.SentCode(v.T("mfa.code"), v.T("mfa.totp.hint"))
	v.Code.Autofocus = false
	v.Next = httpkit.Button{Label: v.T("mfa.next")}
	v.Keep = []httpkit.Hidden{{Name: "enrolment", Value: e.ID.String()}}
	return v, nil
}

func (p *Pages) showTOTP(c *httpkit.Ctx) error {
	st, done, err := p.enterTOTP(c)
	if done || err != nil {
		return err
	}
	e, err := p.service.Enrolment(c.Context(), st)
	if err != nil {
		return err
	}
	page, err := p.totpPage(c, st, e)
	if err != nil {
		return err
	}
	return c.Render(page)
}

// enterTOTP gives the state of an attempt that may set an app up: one that is
// owed and a way at all, or one more from the security page.
func (p *Pages) enterTOTP(c *httpkit.Ctx) (State, bool, error) {
	a, ok := attempt.From(c.Context())
	if !ok {
		return State{}, true, fault.New(fault.Expired, "attempt.expired")
	}
	st, err := p.service.Where(c.Context(), a)
	switch {
	case err != nil:
		return st, true, err
	case st.OneMore(c.Tenant().Mfa), st.MayAddApp(c.Tenant().Mfa):
		return st, false, nil
	case st.Step.Kind == factor.StepSetup:
		return st, true, c.Redirect("/mfa/setup")
	}
	return st, true, c.Redirect(next(a))
}

func (p *Pages) submitTOTP(c *httpkit.Ctx) error {
	st, done, err := p.enterTOTP(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	e, err := p.service.Enrolment(c.Context(), st)
	if err != nil {
		return err
	}
	if shown := form.Get("enrolment"); shown != "" && shown != e.ID.String() {
		err = fault.Field("code", factor.CodeGone)
	} else {
		err = p.service.Confirm(c.Context(), st, e.ID, form.Get("code"))
	}
	if err == nil || p.service.Added(c.Context(), st, form.Get("enrolment")) {
		return p.afterApp(c, st)
	}
	page, broken := p.totpPage(c, st, e)
	if broken != nil {
		return broken
	}
	return c.Invalid(page, err)
}

// afterApp leads on from a confirmed app: past the offer of a phone as a backup,
// where the employer has one, to the recovery codes.
func (p *Pages) afterApp(c *httpkit.Ctx, st State) error {
	a, err := p.service.attempts.ByID(c.Context(), st.Attempt.ID)
	if err != nil {
		return err
	}
	if st, err = p.service.Where(c.Context(), a); err != nil {
		return err
	}
	if st.BackupNext(c.Tenant().Mfa) {
		return c.Redirect("/mfa/setup/phone")
	}
	return c.Redirect("/mfa/setup/recovery")
}
