package console

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// showStart is the landing page for visitors and home for who is signed in.
func (p *Pages) showStart(c *httpkit.Ctx) error {
	if !c.Actor().Signed() {
		return c.Render(landing(c))
	}
	s, err := p.look(c)
	if err != nil {
		return fmt.Errorf("prepare home: %w", err)
	}
	return c.Render(home(c, s))
}

func landing(c *httpkit.Ctx) *LandingPage {
	t := c.Tenant()
	p := &LandingPage{Base: c.Base(), Ways: []httpkit.Link{
		{Label: c.T("console.landing.signin"), URL: "/signin", Kind: "primary"},
		{Label: c.T("console.landing.help"), URL: "/help", Kind: "secondary"},
	}}
	p.Layout = httpkit.LayoutCard
	if c.Site.Side == httpkit.Alumni {
		p.Title, p.Lead = c.T("console.landing.alumni_title", "Name", t.Name), c.T("console.landing.alumni_lead")
		p.First = &httpkit.Link{Label: c.T("console.landing.register"), URL: "/register"}
		return p
	}
	p.Title, p.Lead = c.T("console.landing.title", "Name", t.Name), c.T("console.landing.lead", "Name", t.Name)
	p.First = &httpkit.Link{Label: c.T("console.landing.code"), URL: "/invite/code"}
	return p
}

// situation is what home is made of.
type situation struct {
	overview people.Overview
	factor   secondStep
	freeze   account.Freeze
	leaves   people.Date // the last day at work, where no private address is on file yet; empty: nothing to do
	staff    *staff      // nil for those who do not look after staff
	payslip  *Payslip
}

func (p *Pages) look(c *httpkit.Ctx) (s situation, err error) {
	t, a := c.Tenant(), c.Actor()
	err = p.DB.Read(c.Context(), func(ctx context.Context) error {
		if s.overview, err = people.View(ctx, a.PersonID, c.Now(), t); err != nil {
			return err
		}
		if s.factor, err = p.secondStep(ctx, a, c.Now(), t); err != nil {
			return err
		}
		if s.freeze, err = account.OpenFreeze(ctx, a.AccountID); err != nil {
			return err
		}
		if s.leaves, err = leaves(ctx, a, s.overview, c.Now(), t); err != nil {
			return err
		}
		s.staff, err = p.countStaff(ctx, a)
		return err
	})
	if err != nil || p.Payslips == nil {
		return s, err
	}
	slip, ok, err := p.Payslips.Newest(c, s.overview.Jobs)
	if ok {
		s.payslip = &slip
	}
	return s, err
}

// leaves is the last day at work of somebody who is about to leave with no
// address of their own on the account. Who stays costs no statement.
func leaves(ctx context.Context, a authz.Actor, o people.Overview, now time.Time, t *tenant.Tenant) (people.Date, error) {
	last := o.LastWork()
	if last == "" || last.Time(time.UTC).AddDate(0, 0, -t.Alumni.Handover).After(people.DateOf(now, t.Zone).Time(time.UTC)) {
		return "", nil
	}
	list, err := account.Identifiers(ctx, a.AccountID)
	if slices.ContainsFunc(list, func(i account.Identifier) bool { return i.Kind == account.Private }) {
		return "", err
	}
	return last, err
}

func home(c *httpkit.Ctx, s situation) *HomePage {
	p := &HomePage{Base: c.Base()}
	p.Layout, p.Title = httpkit.LayoutPage, c.T("console.home.title")
	p.Heading = c.T("console.home.hello", "Name", s.overview.Person.GivenName)
	w := writer{c: c, t: c.Tenant(), today: people.DateOf(c.Now(), c.Tenant().Zone)}
	p.News = w.news(s)
	p.Jobs = w.jobs(s.overview)
	if len(p.Jobs) == 0 {
		p.None = w.noJobs(s.overview)
	}
	if s.staff != nil {
		p.Staff = w.staffCards(*s.staff)
	}
	return p
}

// writer writes home's cards for one reader.
type writer struct {
	c     *httpkit.Ctx
	t     *tenant.Tenant
	today people.Date
}

// day writes a date that has no time of day: the same day in every zone.
func (w writer) day(d people.Date) string {
	words := w.c.Words()
	if d == "" {
		return ""
	}
	return words.Date(d.Time(words.Zone()))
}
