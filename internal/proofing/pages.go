package proofing

import (
	"strconv"

	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/identity"
	"tilgang/internal/session"
)

const (
	here     = "/proofing"
	toNext   = "/signin/next"
	toSecure = "/security/identities"
)

// WhyPage says why one must prove who one is, and leads to the providers.
type WhyPage struct {
	httpkit.Base

	Notice *httpkit.Notice
	Ways   []httpkit.Link
	AskHR  *httpkit.Button // where there is no provider to ask
	Help   httpkit.Link
	Once   string
}

// Template implements httpkit.View.
func (*WhyPage) Template() string { return "proofing/why" }

// enter gives the attempt when its page is the one owed; else it leads on and
// done is true.
func (p *Pages) enter(c *httpkit.Ctx) (a attempt.Attempt, done bool, err error) {
	a, _ = attempt.From(c.Context())
	switch a.Purpose {
	case attempt.Register:
		return a, false, nil
	case attempt.StepUp:
		// Begun there and in this session: a step-up for something else is none for this.
		if !c.Actor().Signed() || c.Actor().AccountID != a.AccountID || a.Resume != toSecure {
			return a, true, c.Redirect(toSecure)
		}
		return a, false, nil
	}
	path, err := p.svc.Next(c.Context(), a, c.Cookie(session.DeviceCookie))
	if err == nil && path != here {
		return a, true, c.Redirect(toNext)
	}
	return a, err != nil, err
}

func (p *Pages) show(c *httpkit.Ctx) error {
	a, done, err := p.enter(c)
	if done || err != nil {
		return err
	}
	v := whyPage(c, a)
	if a.Purpose != attempt.Register {
		st, err := p.svc.Where(c.Context(), a)
		if err != nil {
			return err
		}
		v.tell(c, a, st)
	}
	return c.Render(v)
}

func whyPage(c *httpkit.Ctx, a attempt.Attempt) *WhyPage {
	v := &WhyPage{Base: c.Base(), Help: httpkit.Link{Label: c.T("proofing.help"), URL: "/help", Kind: "secondary"}}
	v.Eyebrow, v.Cancel = a.Address, &httpkit.Link{Label: v.T("proofing.cancel"), URL: "/signin"}
	v.Title, v.Lead, v.Once = v.T("proofing.title"), v.T("proofing.lead"), v.T("proofing.once")
	if a.Purpose == attempt.StepUp {
		v.Title, v.Lead, v.Once = v.T("proofing.link.title"), v.T("proofing.link.lead"), ""
		v.Cancel.URL = toSecure
	}
	list := c.Tenant().Proofs()
	for _, con := range list {
		kind, label := "primary", v.T("proofing.confirm")
		if len(list) > 1 {
			label = v.T("proofing.confirm_with", "Name", con.Name)
		}
		if len(v.Ways) > 0 {
			kind = "secondary"
		}
		v.Ways = append(v.Ways, httpkit.Link{Label: label, URL: "/federation/" + con.Key + "/start", Kind: kind})
	}
	if len(list) == 1 {
		v.Lead += " " + v.T("proofing.with", "Name", list[0].Name)
	}
	return v
}

// tell adds what HR said, or has not said yet, and the question to HR where no
// provider can be asked.
func (v *WhyPage) tell(c *httpkit.Ctx, a attempt.Attempt, st Standing) {
	switch {
	case st.WaitingHR:
		v.Notice = &httpkit.Notice{Kind: "info", Title: v.T("proofing.waiting.title"), Text: v.T("proofing.waiting.text", "Employer", c.Tenant().Name)}
	case st.Rejected:
		v.Notice = &httpkit.Notice{Kind: "warn", Title: v.T("proofing.rejected.title"), Text: v.T("proofing.rejected.text", "Employer", c.Tenant().Name)}
	}
	if len(v.Ways) == 0 && a.Purpose != attempt.StepUp {
		v.Lead = v.T("proofing.no_way", "Employer", c.Tenant().Name)
		if !st.WaitingHR {
			v.AskHR = &httpkit.Button{Label: v.T("proofing.ask_hr")}
		}
	}
}

// askHR is for employers without a provider.
func (p *Pages) askHR(c *httpkit.Ctx) error {
	a, done, err := p.enter(c)
	if done || err != nil {
		return err
	}
	if len(c.Tenant().Proofs()) > 0 || a.Purpose == attempt.StepUp {
		return c.Redirect(here)
	}
	if err := p.svc.AskHR(c.Context(), a); err != nil {
		return err
	}
	return c.Redirect(here)
}

// ToldPage says what a proof came to where it opens nothing.
type ToldPage struct {
	httpkit.Base

	Text []string
	Next httpkit.Link
	Help httpkit.Link
}

// Template implements httpkit.View.
func (*ToldPage) Template() string { return "proofing/told" }

// proven takes what the provider said. Like the dispatcher it is led to by a
// redirect, and a second request finds nothing to take.
func (p *Pages) proven(c *httpkit.Ctx) error {
	a, done, err := p.enter(c)
	if done || err != nil {
		return err
	}
	if c.Method() != "GET" {
		return fault.New(fault.Conflict, "signin.ahead")
	}
	st, err := p.svc.Settle(c.Context(), a)
	if err != nil {
		return err
	}
	switch st.Outcome {
	case Taken:
		return c.Render(movePage(c, a, st))
	case Foreign:
		return c.RenderStatus(409, toldPage(c, a, "proofing.foreign", st))
	case Unsure:
		return c.Render(toldPage(c, a, "proofing.unsure", st))
	case Fits:
		if a.Purpose == attempt.StepUp {
			c.Flash("ok", "proofing.linked")
		}
	case None:
		if a.Purpose != attempt.StepUp {
			return c.Redirect(here)
		}
	}
	return c.Redirect(onward(a))
}

func onward(a attempt.Attempt) string {
	if a.Purpose == attempt.StepUp {
		return toSecure
	}
	return toNext
}

func toldPage(c *httpkit.Ctx, a attempt.Attempt, key string, st Standing) *ToldPage {
	v := &ToldPage{Base: c.Base(), Help: httpkit.Link{Label: c.T("proofing.help"), URL: "/help", Kind: "secondary"}}
	v.Title = v.T(key + ".title")
	name := st.Proof.Connector
	if con, ok := c.Tenant().Connector(name); ok {
		name = con.Name
	}
	v.Text = []string{v.T(key+".text", "Name", name, "Person", st.Name), v.T(key+".next", "Employer", c.Tenant().Name)}
	v.Next = httpkit.Link{Label: v.T("proofing.again"), URL: here, Kind: "primary"}
	if key == "proofing.unsure" {
		v.Next = httpkit.Link{Label: v.T("proofing.to_start"), URL: "/signin", Kind: "primary"}
	}
	if a.Purpose == attempt.StepUp {
		v.Cancel = &httpkit.Link{Label: v.T("proofing.cancel"), URL: toSecure}
	}
	return v
}

// MovePage says that another account has the identity, and moves it.
type MovePage struct {
	httpkit.Base

	Preview httpkit.Preview
	Go      httpkit.Button
}

// Template implements httpkit.View.
func (*MovePage) Template() string { return "proofing/move" }

func movePage(c *httpkit.Ctx, a attempt.Attempt, st Standing) *MovePage {
	v := &MovePage{Base: c.Base()}
	name := st.Proof.Connector
	if con, ok := c.Tenant().Connector(name); ok {
		name = con.Name
	}
	v.Title = v.T("proofing.move.title", "Name", name)
	v.Lead = v.T("proofing.move.lead", "Name", name, "Other", st.Other, "Own", st.Own)
	v.Cancel = &httpkit.Link{Label: v.T("proofing.cancel"), URL: "/signin"}
	if a.Purpose == attempt.StepUp {
		v.Cancel.URL = toSecure
	}
	v.Preview = httpkit.Preview{Kind: "warn", Title: v.T("proofing.move.what"), Items: []string{
		v.T("proofing.move.here", "Name", name, "Own", st.Own), v.T("proofing.move.there", "Name", name, "Other", st.Other),
		v.T("proofing.move.told"), v.T("proofing.move.undo", "When", st.Until),
	}}
	v.Go = httpkit.Button{Label: v.T("proofing.move.go")}
	return v
}

func (p *Pages) move(c *httpkit.Ctx) error {
	a, done, err := p.enter(c)
	if done || err != nil {
		return err
	}
	err = p.svc.Move(c.Context(), a)
	if fault.KindOf(err) == fault.Expired {
		return c.Redirect(onward(a)) // a double click, or it took too long: the page there tells
	}
	if err != nil {
		return err
	}
	c.Flash("ok", "proofing.moved", "Hours", strconv.Itoa(int(identity.UndoWithin.Hours())))
	return c.Redirect(onward(a))
}
