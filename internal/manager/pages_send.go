package manager

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// SendPage says what a new password mail does, before it is sent.
type SendPage struct {
	httpkit.Base

	Act httpkit.Act
}

// Template implements httpkit.View.
func (*SendPage) Template() string { return "manager/send" }

// target is whom a page is about, and where it leads back to.
type target struct {
	id         uuid.UUID
	name, back string
}

func (p *Pages) showSend(c *httpkit.Ctx) error {
	t, err := p.report(c)
	if err != nil {
		return err
	}
	return p.preview(c, t)
}

func (p *Pages) submitSend(c *httpkit.Ctx) error {
	t, err := p.report(c)
	if err != nil {
		return err
	}
	return p.send(c, t)
}

func (p *Pages) showSendAny(c *httpkit.Ctx) error {
	t, err := p.anybody(c)
	if err != nil {
		return err
	}
	return p.preview(c, t)
}

func (p *Pages) submitSendAny(c *httpkit.Ctx) error {
	t, err := p.anybody(c)
	if err != nil {
		return err
	}
	return p.send(c, t)
}

// report is the address's person, who must be on the asker's team.
func (p *Pages) report(c *httpkit.Ctx) (t target, err error) {
	if t.id, err = idOf(c.Param("id")); err != nil {
		return t, err
	}
	r, err := p.svc.Report(c.Context(), t.id)
	t.name, t.back = r.Name(), reportAddress(t.id)
	return t, err
}

// anybody is the address's person, whom HR looks after.
func (p *Pages) anybody(c *httpkit.Ctx) (t target, err error) {
	if t.id, err = idOf(c.Param("id")); err != nil {
		return t, err
	}
	err = p.svc.DB.Read(c.Context(), func(ctx context.Context) error {
		who, err := people.ByID(ctx, t.id)
		t.name, t.back = who.Name(), shown(t.id)
		return err
	})
	return t, missing(err)
}

// preview shows what sending does.
func (p *Pages) preview(c *httpkit.Ctx, t target) error {
	plan, err := p.svc.Plan(c.Context(), t.id)
	page := sendPage(c, t, plan)
	if f, known := fault.As(err); known && f.Kind != fault.NotFound {
		page.Act.Stop = stop(c, &page.Base, f)
		return c.Render(page)
	}
	if err != nil {
		return err
	}
	return c.Render(page)
}

func sendPage(c *httpkit.Ctx, t target, plan Sending) *SendPage {
	p := &SendPage{Base: c.Base(), Act: httpkit.Act{Address: t.back + "/password"}}
	p.Layout, p.Back = httpkit.LayoutConsole, &httpkit.Link{Label: t.name, URL: t.back}
	p.Title = p.T("manager.send.title", "Name", t.name)
	p.Act.Preview = httpkit.Preview{
		Kind: "info", Title: p.T("manager.send.what", "Address", plan.To), Text: p.T("manager.send.text"),
		Items: []string{p.T("manager.send.old"), p.T("manager.send.factor"), p.T("manager.send.told")},
	}
	p.Act.Save = httpkit.Button{Label: p.T("manager.send.go"), Icon: "send"}
	if plan.Invited {
		p.Title = p.T("manager.invite.title", "Name", t.name)
		p.Act.Preview = httpkit.Preview{
			Kind: "info", Title: p.T("manager.invite.what", "Address", plan.To), Text: p.T("manager.invite.text"),
			Items: []string{p.T("manager.invite.old"), p.T("manager.invite.told")},
		}
		p.Act.Save.Label = p.T("manager.invite.go")
	}
	p.Act.Leave = httpkit.Link{Label: p.T("people.form.leave"), URL: t.back, Kind: "quiet"}
	return p
}

// send sends, and says what was sent.
func (p *Pages) send(c *httpkit.Ctx, t target) error {
	out, err := p.svc.Send(c.Context(), t.id)
	if f, known := fault.As(err); known && f.Kind != fault.NotFound && f.Kind != fault.Forbidden {
		page := sendPage(c, t, Sending{})
		page.Act.Stop = stop(c, &page.Base, f)
		page.Act.Stop.Text = "" // the summary of errors says it
		return c.Invalid(page, err)
	}
	if err != nil {
		return err
	}
	switch {
	case out.Repeated:
		c.Flash("info", "manager.send.repeated", "Address", out.To)
	case out.Invited:
		c.Flash("ok", "manager.invite.done", "Address", out.To)
	default:
		c.Flash("ok", "manager.send.done", "Address", out.To)
	}
	return c.Redirect(t.back)
}
