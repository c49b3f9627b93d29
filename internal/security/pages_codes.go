package security

import (
	"strings"
	"time"

	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// kept is the cookie in which the browser keeps the codes that it shows, sealed.
const (
	kept     = "codes"
	keptLife = 15 * time.Minute
)

// CodesPage shows ten new recovery codes and asks for the tick.
type CodesPage struct {
	httpkit.Base

	Codes httpkit.Codes
	File  httpkit.Link // the download without JavaScript
	Saved httpkit.Check
	Done  httpkit.Button
	Keep  []httpkit.Hidden
}

// Template implements httpkit.View.
func (*CodesPage) Template() string { return "security/codes" }

func codesPage(c *httpkit.Ctx, o Overview, set factor.CodeSet) *CodesPage {
	v := &CodesPage{Base: frame(c)}
	v.Title, v.Lead = v.T("security.codes.title"), v.T("security.codes.lead")
	v.Codes = httpkit.Codes{Codes: set.Codes, FileName: fileName(c), Heading: heading(c, o)}
	v.File = httpkit.Link{Label: v.T("security.codes.file"), URL: "/security/codes/file"}
	v.Saved = httpkit.Check{Name: "saved", Label: v.T("security.codes.saved"), Required: true}
	v.Done = httpkit.Button{Label: v.T("security.codes.done")}
	v.Keep = []httpkit.Hidden{{Name: "set", Value: set.ID}}
	return v
}

func fileName(c *httpkit.Ctx) string {
	return c.Tenant().Slug + "-" + c.T("security.codes.file_name") + ".txt"
}

func heading(c *httpkit.Ctx, o Overview) string {
	return c.T("security.codes.heading", "Employer", c.Tenant().Name, "Account", username(o), "Date", c.Words().Date(c.Now()))
}

func (p *Pages) codesConfirm(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	v := p.confirm(c, o, ses, ActCodes, "/security/codes")
	v.To, v.Title, v.Lead = "/security/codes/confirm", v.T("security.codes.confirm"), v.T("security.codes.confirm.lead")
	return v
}

// enterCodes is enter for the pages of codes; without a factor there are none.
func (p *Pages) enterCodes(c *httpkit.Ctx) (o Overview, ses session.Session, done bool, err error) {
	o, ses, err = p.enter(c)
	if err == nil && !o.Enrolled() {
		return o, ses, true, c.Redirect("/security")
	}
	if err == nil && p.svc.byCodeAlone(o, ses) {
		return o, ses, true, c.Redirect(lostFirst)
	}
	return o, ses, false, err
}

func (p *Pages) showCodes(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterCodes(c)
	if done || err != nil {
		return err
	}
	if _, ok := p.svc.Stands(o, ses, ActCodes); !ok {
		return c.Render(p.codesConfirm(c, o, ses))
	}
	v, err := p.codesShown(c, o)
	if err != nil {
		return err
	}
	return c.Render(v)
}

// codesShown are the codes that the browser keeps, or new ones for it to keep.
func (p *Pages) codesShown(c *httpkit.Ctx, o Overview) (*CodesPage, error) {
	set, err := p.svc.Codes(c.Context(), o, c.Cookie(kept))
	if err != nil {
		return nil, err
	}
	if set.Sealed != c.Cookie(kept) {
		c.SetCookie(kept, set.Sealed, keptLife)
	}
	return codesPage(c, o, set), nil
}

func (p *Pages) confirmCodes(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterCodes(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := p.sure(c, o, ses, ActCodes, form); err != nil {
		return c.Invalid(p.codesConfirm(c, o, ses), err)
	}
	c.DropCookie(kept)
	return c.Redirect("/security/codes")
}

func (p *Pages) submitCodes(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterCodes(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, stands := p.svc.Stands(o, ses, ActCodes)
	refusal := p.svc.SaveCodes(c.Context(), passed, o, c.Cookie(kept), form.Get("set"), form.Get("saved") != "")
	if refusal == nil {
		c.DropCookie(kept)
		c.Flash("ok", "security.codes.made")
		return c.Redirect("/security")
	}
	if !stands {
		return c.Invalid(p.codesConfirm(c, o, ses), refusal)
	}
	v, err := p.codesShown(c, o)
	if err != nil {
		return err
	}
	return c.Invalid(v, refusal)
}

// fileOfCodes answers with the shown codes as a text file.
func (p *Pages) fileOfCodes(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterCodes(c)
	if done || err != nil {
		return err
	}
	if _, ok := p.svc.Stands(o, ses, ActCodes); !ok {
		return fault.New(fault.Conflict, codeStale)
	}
	set, err := p.svc.Factors.OpenCodes(c.Context(), o.Account.ID, c.Cookie(kept))
	if err != nil {
		return err
	}
	text := heading(c, o) + "\r\n\r\n" + strings.Join(set.Codes, "\r\n") + "\r\n"
	return c.Attachment(fileName(c), "text/plain; charset=utf-8", []byte(text))
}
