package recovery

import (
	"context"

	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// MakePage says what a pass is before it is made.
type MakePage struct {
	httpkit.Base

	Address string
	Preview httpkit.Preview
	Stop    *httpkit.Notice // why none can be made
	Save    httpkit.Button
	Leave   httpkit.Link
}

// Template implements httpkit.View.
func (*MakePage) Template() string { return "recovery/make" }

// MadePage shows a pass to its maker, this once.
type MadePage struct {
	httpkit.Base

	Code  httpkit.Copy
	Steps []string
	Leave httpkit.Link
}

// Template implements httpkit.View.
func (*MadePage) Template() string { return "recovery/made" }

// whom is the address's person, whom the actor must reach; why is what keeps the
// actor from making a pass.
func (p *Pages) whom(c *httpkit.Ctx) (t target, why, err error) {
	if t.id, err = idOf(c); err != nil {
		return t, nil, err
	}
	t.back = backOf(c, t.id)
	why = p.svc.MayMake(c.Context(), t.id)
	if f, known := fault.As(why); why != nil && (!known || f.Kind == fault.NotFound) {
		return t, nil, why
	}
	err = p.svc.DB.Read(c.Context(), func(ctx context.Context) error {
		who, err := people.ByID(ctx, t.id)
		t.name = who.Name()
		return err
	})
	return t, why, missing(err)
}

func (p *Pages) showMake(c *httpkit.Ctx) error {
	t, why, err := p.whom(c)
	if err != nil {
		return err
	}
	page := makePage(c, t)
	if f, known := fault.As(why); known {
		page.Stop = &httpkit.Notice{Kind: "info", Title: page.T("recovery.pass.cannot"), Text: c.Words().TMap(f.Code, f.Args)}
	}
	return c.Render(page)
}

func makePage(c *httpkit.Ctx, t target) *MakePage {
	v := &MakePage{Base: c.Base(), Address: t.back + "/pass"}
	life := c.Tenant().Mfa.AccessPass.Life
	v.Layout, v.Title, v.Back = httpkit.LayoutConsole, v.T("recovery.pass.title", "Name", t.name), &httpkit.Link{Label: t.name, URL: t.back}
	v.Preview = httpkit.Preview{
		Kind: "warn", Title: v.T("recovery.pass.what", "Life", life), Text: v.T("recovery.pass.there"),
		Items: []string{v.T("recovery.pass.once"), v.T("recovery.pass.session", "Life", life), v.T("recovery.pass.no_factor"), v.T("recovery.pass.told")},
	}
	v.Save = httpkit.Button{Label: v.T("recovery.pass.go"), Icon: "key"}
	v.Leave = httpkit.Link{Label: v.T("people.form.leave"), URL: t.back, Kind: "quiet"}
	return v
}

// submitMake answers with the code itself: it is nowhere to be read again.
func (p *Pages) submitMake(c *httpkit.Ctx) error {
	t, _, err := p.whom(c)
	if err != nil {
		return err
	}
	made, err := p.svc.MakePass(c.Context(), t.id)
	if err != nil {
		page := makePage(c, t)
		if f, known := fault.As(err); known && f.Kind != fault.NotFound {
			page.Stop = &httpkit.Notice{Kind: "info", Title: page.T("recovery.pass.cannot")}
		}
		return c.Invalid(page, err)
	}
	v := &MadePage{Base: c.Base(), Leave: httpkit.Link{Label: c.T("recovery.made.done"), URL: t.back, Kind: "primary"}}
	v.Layout, v.Back = httpkit.LayoutConsole, &httpkit.Link{Label: t.name, URL: t.back}
	v.Title, v.Lead = v.T("recovery.made.title", "Name", t.name), v.T("recovery.made.lead", "Until", v.Moment(made.Until))
	v.Code = httpkit.Copy{Label: v.T("recovery.made.code"), Text: made.Code}
	v.Steps = []string{v.T("recovery.made.password"), v.T("recovery.made.choose", "Choice", v.T("mfa.challenge.way.pass")), v.T("recovery.made.type")}
	return c.Render(v)
}

// PassPage takes a pass from somebody who signs in.
type PassPage struct {
	httpkit.Base

	Code httpkit.Field
	Go   httpkit.Button
}

// Template implements httpkit.View.
func (*PassPage) Template() string { return "recovery/pass" }

// toNext is the page to which every step of a sign-in returns.
const toNext = "/signin/next"

func passPage(c *httpkit.Ctx, a attempt.Attempt) *PassPage {
	v := &PassPage{Base: c.Base()}
	v.Eyebrow, v.Title, v.Lead = a.Address, v.T("recovery.use.title"), v.T("recovery.use.lead")
	v.HelpURL = "/help#pass"
	v.Back, v.Cancel = &httpkit.Link{Label: v.T("mfa.back"), URL: toNext}, &httpkit.Link{Label: v.T("mfa.cancel"), URL: "/signin"}
	v.Code = httpkit.Field{
		Name: "code", Label: v.T("recovery.use.code"), Hint: v.T("recovery.use.hint"), Autocomplete: "off", Required: true, Autofocus: true, Max: 40,
	}
	v.Go = httpkit.Button{Label: v.T("mfa.challenge.go")}
	return v
}

// enter gives the attempt when a pass could take the place of what it owes; else
// it leads back to the dispatcher and done is true.
func (p *Pages) enter(c *httpkit.Ctx) (a attempt.Attempt, done bool, err error) {
	a, _ = attempt.From(c.Context())
	owed, err := p.svc.Owed(c.Context(), a)
	if err != nil {
		return a, true, err
	}
	if !owed {
		return a, true, c.Redirect(toNext)
	}
	return a, false, nil
}

func (p *Pages) showPass(c *httpkit.Ctx) error {
	a, done, err := p.enter(c)
	if done || err != nil {
		return err
	}
	return c.Render(passPage(c, a))
}

func (p *Pages) submitPass(c *httpkit.Ctx) error {
	a, done, err := p.enter(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if err := p.svc.UsePass(c.Context(), a, form.Get("code")); err != nil {
		return c.Invalid(passPage(c, a), err)
	}
	return c.Redirect(toNext)
}
