package recovery

import (
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// OwnPage shows a person the own recovery, and the way to stop it.
type OwnPage struct {
	httpkit.Base

	State []httpkit.SummaryRow
	None  *httpkit.EmptyState
	Text  string
	Stop  httpkit.Button
}

// Template implements httpkit.View.
func (*OwnPage) Template() string { return "recovery/own" }

func (p *Pages) showOwn(c *httpkit.Ctx) error {
	page, err := p.ownPage(c)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) ownPage(c *httpkit.Ctx) (*OwnPage, error) {
	one, there, err := p.svc.Own(c.Context())
	if err != nil {
		return nil, err
	}
	v := &OwnPage{Base: c.Base()}
	v.Layout, v.Title = httpkit.LayoutPage, v.T("recovery.own.title")
	v.Back = &httpkit.Link{Label: v.T("console.nav.security"), URL: "/security"}
	if !there {
		v.None = &httpkit.EmptyState{Icon: "ok", Title: v.T("recovery.own.none"), Text: v.T("recovery.own.none_text")}
		return v, nil
	}
	v.Lead = v.T("recovery.own.lead", "Employer", c.Tenant().Name)
	v.State = rows(&v.Base, one)
	v.Text, v.Stop = v.T("recovery.own.text"), httpkit.Button{Label: v.T("recovery.own.stop"), Kind: "danger"}
	return v, nil
}

func (p *Pages) submitOwn(c *httpkit.Ctx) error {
	err := p.svc.Stop(c.Context())
	f, known := fault.As(err)
	switch {
	case err == nil:
		c.Flash("ok", "recovery.own.stopped")
	case known && f.Kind == fault.Conflict:
		c.Flash("info", "recovery.settled")
	default:
		return err
	}
	return c.Redirect("/recovery")
}

// StopPage takes the code of a notice from whoever did not lose anything.
type StopPage struct {
	httpkit.Base

	Code *httpkit.Field // nil once it is done
	Stop httpkit.Button
	Next httpkit.Link
}

// Template implements httpkit.View.
func (*StopPage) Template() string { return "recovery/stop" }

func stopPage(c *httpkit.Ctx) *StopPage {
	v := &StopPage{Base: c.Base()}
	v.Title, v.Lead = v.T("recovery.stop.title"), v.T("recovery.stop.lead")
	v.Cancel = &httpkit.Link{Label: v.T("mfa.cancel"), URL: "/"}
	v.Code = &httpkit.Field{
		Name: "code", Label: v.T("recovery.stop.code"), Hint: v.T("recovery.stop.hint"), Autocomplete: "off", Required: true, Autofocus: true, Max: 40,
	}
	v.Stop = httpkit.Button{Label: v.T("recovery.stop.go")}
	return v
}

// showStop spares the code to who is signed in as the person it is about.
func (p *Pages) showStop(c *httpkit.Ctx) error {
	if c.Actor().Signed() {
		if _, there, err := p.svc.Own(c.Context()); err != nil || there {
			if err != nil {
				return err
			}
			return c.Redirect("/recovery")
		}
	}
	return c.Render(stopPage(c))
}

func (p *Pages) submitStop(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	if err := p.svc.StopByCode(c.Context(), form.Get("code"), c.Network()); err != nil {
		return c.Invalid(stopPage(c), err)
	}
	v := &StopPage{Base: c.Base(), Next: httpkit.Link{Label: c.T("recovery.stop.next"), URL: "/signin", Kind: "primary"}}
	v.Title, v.Celebrate, v.Lead = v.T("recovery.stop.done"), true, v.T("recovery.stop.done_text", "Employer", c.Tenant().Name)
	return c.Render(v)
}
