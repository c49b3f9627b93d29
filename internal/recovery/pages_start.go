package recovery

import (
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// StartPage says what a recovery does before it is started, and how one stands.
type StartPage struct {
	httpkit.Base

	Address string
	Preview httpkit.Preview
	Reason  *httpkit.Field // nil where none can be started
	Save    httpkit.Button
	Leave   httpkit.Link
	Stop    *httpkit.Notice // why none can be started
	State   []httpkit.SummaryRow
	Case    *httpkit.Link // for HR
}

// Template implements httpkit.View.
func (*StartPage) Template() string { return "recovery/start" }

// begun is what the page is made of.
type begun struct {
	target
	Case
	there bool
	why   error
}

func (p *Pages) about(c *httpkit.Ctx) (all begun, err error) {
	if all.id, err = idOf(c); err != nil {
		return all, err
	}
	all.back = backOf(c, all.id)
	all.name, all.Case, all.there, all.why, err = p.svc.Newest(c.Context(), all.id)
	if _, known := fault.As(all.why); err == nil && all.why != nil && !known {
		err = all.why
	}
	return all, err
}

func (p *Pages) showStart(c *httpkit.Ctx) error {
	all, err := p.about(c)
	if err != nil {
		return err
	}
	return c.Render(startPage(c, all, ""))
}

func startPage(c *httpkit.Ctx, all begun, typed string) *StartPage {
	p := &StartPage{Base: c.Base(), Address: all.back + "/recovery"}
	p.Layout, p.Back = httpkit.LayoutConsole, &httpkit.Link{Label: all.name, URL: all.back}
	p.Title = p.T("recovery.start.title", "Name", all.name)
	p.Leave = httpkit.Link{Label: p.T("people.form.leave"), URL: all.back, Kind: "quiet"}
	if all.there {
		p.State = rows(&p.Base, all.Case)
		if c.Route().Gate.Least == "" {
			p.Case = &httpkit.Link{Label: p.T("recovery.start.case"), URL: caseAddress(all.Case.ID), Kind: "secondary"}
		}
	}
	if all.there && all.Running(c.Now()) {
		return p
	}
	if f, known := fault.As(all.why); known {
		p.Stop = &httpkit.Notice{Kind: "info", Title: p.T("recovery.start.cannot"), Text: c.Words().TMap(f.Code, f.Args)}
		return p
	}
	p.form(c, typed)
	return p
}

func (p *StartPage) form(c *httpkit.Ctx, typed string) {
	policy := c.Tenant().Mfa.Recovery
	p.Preview = httpkit.Preview{
		Kind: "warn", Title: p.T("recovery.start.what"), Text: p.T("recovery.start.sure"),
		Items: []string{
			p.T("recovery.start.told"), p.T("recovery.start.second"), p.T("recovery.start.wait", "Wait", policy.CoolingOff),
			p.T("recovery.start.anew"), p.T("recovery.start.stop"),
		},
	}
	p.Reason = &httpkit.Field{
		Name: "reason", Type: "textarea", Label: p.T("recovery.start.reason"), Hint: p.T("recovery.start.reason_hint"), Value: typed, Required: true, Max: longest, Rows: 3,
	}
	p.Save = httpkit.Button{Label: p.T("recovery.start.go")}
}

func (p *Pages) submitStart(c *httpkit.Ctx) error {
	all, err := p.about(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	_, err = p.svc.Start(c.Context(), all.id, form.Get("reason"))
	f, known := fault.As(err)
	switch {
	case err == nil:
		c.Flash("ok", "recovery.start.done")
	case known && f.Is(errRunning()):
		c.Flash("info", "recovery.running")
	default:
		return c.Invalid(startPage(c, all, form.Get("reason")), err)
	}
	return c.Redirect(all.back + "/recovery")
}
