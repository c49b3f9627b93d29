package recovery

import (
	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

const (
	eidAddress = "/recovery/eid"
	toSignin   = "/signin/next"
)

// EIDPage says what a linked electronic identity can do for a lost factor.
type EIDPage struct {
	httpkit.Base

	Preview httpkit.Preview
	Ways    []httpkit.Link
}

// Template implements httpkit.View.
func (*EIDPage) Template() string { return "recovery/eid" }

// enterEID gives the attempt when its password is proven and its factor is not;
// else it leads to the dispatcher.
func (p *Pages) enterEID(c *httpkit.Ctx) (a attempt.Attempt, done bool, err error) {
	a, _ = attempt.From(c.Context())
	if !a.Has(attempt.Password) || a.Has(attempt.EID) || factor.Proven(a.AMR) {
		return a, true, c.Redirect(toSignin)
	}
	return a, false, nil
}

func (p *Pages) showEID(c *httpkit.Ctx) error {
	a, done, err := p.enterEID(c)
	if done || err != nil {
		return err
	}
	v, err := p.eidPage(c, a)
	switch {
	case err != nil:
		return err
	case len(v.Ways) == 0:
		return c.Redirect("/mfa")
	}
	return c.Render(v)
}

func (p *Pages) eidPage(c *httpkit.Ctx, a attempt.Attempt) (*EIDPage, error) {
	list, err := p.svc.ByEID(c.Context(), a.AccountID)
	if err != nil {
		return nil, err
	}
	v := &EIDPage{Base: c.Base()}
	v.Eyebrow, v.Title, v.Lead = a.Address, v.T("recovery.eid.title"), v.T("recovery.eid.lead")
	v.Back = &httpkit.Link{Label: v.T("mfa.back"), URL: "/mfa"}
	v.Preview = httpkit.Preview{Kind: "warn", Title: v.T("recovery.eid.what"), Items: []string{
		v.T("recovery.eid.new"), v.T("recovery.eid.gone"), v.T("recovery.eid.told"),
	}}
	for _, l := range list {
		if con, ok := c.Tenant().Connector(l.Connector); ok {
			v.Ways = append(v.Ways, httpkit.Link{Label: v.T("recovery.eid.go", "Name", con.Name), URL: "/federation/" + con.Key + "/start?for=recover", Kind: "primary"})
		}
	}
	return v, nil
}

// provenEID takes the proof; like the dispatcher it is led to by a redirect.
func (p *Pages) provenEID(c *httpkit.Ctx) error {
	a, done, err := p.enterEID(c)
	if done || err != nil {
		return err
	}
	if c.Method() != "GET" {
		return fault.New(fault.Conflict, "signin.ahead")
	}
	err = p.svc.ProveEID(c.Context(), a)
	if fault.KindOf(err) == fault.Expired {
		return c.Redirect(eidAddress)
	}
	if err != nil {
		v, failed := p.eidPage(c, a)
		if failed != nil {
			return failed
		}
		return c.Invalid(v, err)
	}
	return c.Redirect(toSignin)
}
