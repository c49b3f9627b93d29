package practice

import (
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

func (p *Pages) showFront(c *httpkit.Ctx) error {
	tenants, err := p.Tenants(c.Context())
	if err != nil {
		return fmt.Errorf("list employers: %w", err)
	}
	accounts := p.accounts()
	page := &FrontPage{Base: c.Base(), Tabs: p.tabs(c), Printed: len(accounts) == 0, CodesAt: clockOf(c, c.Now())}
	page.Layout, page.Title, page.Lead = httpkit.LayoutPage, c.T("practice.front.title"), c.T("practice.front.lead")
	page.Steps = []string{c.T("practice.front.step_signin"), c.T("practice.front.step_upload"), c.T("practice.front.step_mail"), c.T("practice.front.step_home")}
	page.NoTenant = httpkit.EmptyState{Icon: "building", Title: c.T("practice.front.none"), Text: c.T("practice.front.none_text")}
	for _, t := range tenants {
		page.Tenants = append(page.Tenants, p.employer(c, t, accounts[t.Slug]))
	}
	return c.Render(page)
}

// accounts are the ways to sign in, by tenant.
func (p *Pages) accounts() map[string][]Account {
	by := map[string][]Account{}
	if p.Accounts == nil {
		return by
	}
	for _, a := range p.Accounts() {
		by[a.Tenant] = append(by[a.Tenant], a)
	}
	return by
}

func (p *Pages) employer(c *httpkit.Ctx, t *tenant.Tenant, accounts []Account) Employer {
	e := Employer{Name: t.Name, Slug: t.Slug, Text: about(c, t)}
	e.Links = []httpkit.Link{{Label: c.T("practice.front.open", "Name", t.Name), URL: p.Portal(t), Kind: "secondary"}}
	if p.AlumniPortal != nil {
		e.Links = append(e.Links, httpkit.Link{Label: c.T("practice.front.open_alumni"), URL: p.AlumniPortal(t)})
	}
	e.Accounts = httpkit.Table{Caption: c.T("practice.front.accounts", "Name", t.Name), Columns: []httpkit.Column{
		{Label: c.T("practice.front.role")}, {Label: c.T("practice.front.email")}, {Label: c.T("practice.front.password")}, {Label: c.T("practice.front.code")},
	}}
	for _, a := range accounts {
		e.Accounts.Rows = append(e.Accounts.Rows, row(c, a))
	}
	return e
}

func row(c *httpkit.Ctx, a Account) httpkit.Row {
	portal := a.URL
	if a.Role == "alumnus" && a.AlumniURL != "" {
		portal = a.AlumniURL
	}
	return httpkit.Row{ID: a.Email, Cells: []httpkit.Cell{
		{Text: roleName(c, a.Role), URL: strings.TrimSuffix(portal, "/") + "/signin"}, {Text: a.Email}, {Text: a.Password}, codeCell(c, a),
	}}
}

// codeCell shows the code that an authenticator app would show now, so that
// nobody needs an app to try the product.
func codeCell(c *httpkit.Ctx, a Account) httpkit.Cell {
	code, err := a.codeAt(c.Now())
	if a.TOTPSecret == "" || err != nil {
		return httpkit.Cell{Text: c.T("practice.front.no_code")}
	}
	return httpkit.Cell{Text: code}
}

func roleName(c *httpkit.Ctx, role string) string {
	names := map[string]string{
		"admin": c.T("practice.role.admin"), "hr": c.T("practice.role.hr"), "manager": c.T("practice.role.manager"),
		"employee": c.T("practice.role.employee"), "alumnus": c.T("practice.role.alumnus"), "auditor": c.T("practice.role.auditor"),
	}
	if name, known := names[role]; known {
		return name
	}
	return role
}

// about says in a sentence what sets an employer apart: its languages and what
// it asks of a sign-in.
func about(c *httpkit.Ctx, t *tenant.Tenant) string {
	var languages []string
	for _, code := range c.Words().Spoken(t.Languages) {
		languages = append(languages, c.Words().LanguageName(code))
	}
	offers := map[tenant.MfaOffer]string{
		tenant.OfferSkip: c.T("practice.offer.skip"), tenant.OfferLater: c.N("practice.offer.later", t.Mfa.Postponements), tenant.OfferMandatory: c.T("practice.offer.mandatory"),
	}
	text := c.T("practice.front.speaks", "Languages", c.Words().List(languages)) + " " + offers[t.Mfa.Offer]
	if t.Mfa.Offer != tenant.OfferMandatory && len(t.Mfa.Requirements) > 0 {
		text += " " + c.T("practice.offer.some")
	}
	return text
}

// Code is the account's code at a moment; empty without a second factor.
func (a Account) Code(now time.Time) string {
	code, err := a.codeAt(now)
	if err != nil {
		return ""
	}
	return code
}

func (a Account) codeAt(now time.Time) (string, error) {
	if a.TOTPSecret == "" {
		return "", nil
	}
	return totp.GenerateCode(a.TOTPSecret, now)
}
