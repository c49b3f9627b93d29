package mfa

import (
	"strings"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// kept is the cookie in which the browser keeps the codes that it shows, sealed.
const kept = "codes"

// CodesPage shows ten recovery codes and asks for the tick.
type CodesPage struct {
	httpkit.Base

	Codes httpkit.Codes
	File  httpkit.Link // the download without JavaScript
	Saved httpkit.Check
	Done  httpkit.Button
	Keep  []httpkit.Hidden
}

// Template implements httpkit.View.
func (*CodesPage) Template() string { return "mfa/codes" }

func (p *Pages) codesPage(c *httpkit.Ctx, st State, set factor.CodeSet) *CodesPage {
	v := &CodesPage{Base: frame(c, st)}
	v.Title, v.Lead = v.T("mfa.codes.title"), v.T("mfa.codes.lead")
	if p.service.SetUpHere(c.Context(), st) {
		v.Step, v.Steps = steps, steps
	}
	v.Codes = httpkit.Codes{Codes: set.Codes, FileName: fileName(c), Heading: heading(c, st)}
	v.File = httpkit.Link{Label: v.T("mfa.codes.file"), URL: "/mfa/setup/recovery/file"}
	v.Saved = httpkit.Check{Name: "saved", Label: v.T("mfa.codes.saved"), Required: true}
	v.Done = httpkit.Button{Label: v.T("mfa.codes.done")}
	v.Keep = []httpkit.Hidden{{Name: "set", Value: set.ID}}
	return v
}

func fileName(c *httpkit.Ctx) string {
	return c.Tenant().Slug + "-" + c.T("mfa.codes.file_name") + ".txt"
}

func heading(c *httpkit.Ctx, st State) string {
	return c.T("mfa.codes.heading", "Employer", c.Tenant().Name, "Account", st.Attempt.Address, "Date", c.Words().Date(c.Now()))
}

// codes gives those that the browser keeps, or new ones for it to keep.
func (p *Pages) codes(c *httpkit.Ctx, st State) (factor.CodeSet, error) {
	set, err := p.service.Codes(c.Context(), st, c.Cookie(kept))
	if err == nil && set.Sealed != c.Cookie(kept) {
		c.SetCookie(kept, set.Sealed, attempt.Life)
	}
	return set, err
}

func (p *Pages) showCodes(c *httpkit.Ctx) error {
	st, done, err := p.enter(c, factor.StepRecovery)
	if done || err != nil {
		return err
	}
	set, err := p.codes(c, st)
	if err != nil {
		return err
	}
	return c.Render(p.codesPage(c, st, set))
}

func (p *Pages) submitCodes(c *httpkit.Ctx) error {
	st, done, err := p.enter(c, factor.StepRecovery)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	refusal := p.service.Save(c.Context(), st, c.Cookie(kept), form.Get("set"), form.Get("saved") != "")
	if refusal == nil {
		c.DropCookie(kept)
		return c.Redirect(next(st.Attempt))
	}
	set, err := p.codes(c, st)
	if err != nil {
		return err
	}
	return c.Invalid(p.codesPage(c, st, set), refusal)
}

// fileOfCodes answers with the shown codes as a text file.
func (p *Pages) fileOfCodes(c *httpkit.Ctx) error {
	st, done, err := p.enter(c, factor.StepRecovery)
	if done || err != nil {
		return err
	}
	if c.Cookie(kept) == "" {
		return fault.New(fault.Conflict, factor.CodesGone)
	}
	set, err := p.service.factors.OpenCodes(c.Context(), st.Account.ID, c.Cookie(kept))
	if err != nil {
		return err
	}
	text := heading(c, st) + "\r\n\r\n" + strings.Join(set.Codes, "\r\n") + "\r\n"
	return c.Attachment(fileName(c), "text/plain; charset=utf-8", []byte(text))
}
