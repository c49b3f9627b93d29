package practice

import (
	"context"
	"time"

	"tilgang/internal/httpkit"
	mailbox "tilgang/internal/message/practice"
	"tilgang/internal/tenant"
)

// Account is one way to sign in to the demonstration; its JSON is public.
type Account struct {
	Tenant        string   `json:"tenant"`
	URL           string   `json:"url"`
	AlumniURL     string   `json:"alumni_url"`
	Role          string   `json:"role"` // admin, hr, manager, employee, alumnus, auditor
	Email         string   `json:"email"`
	Password      string   `json:"password"`
	TOTPSecret    string   `json:"totp_secret"`
	RecoveryCodes []string `json:"recovery_codes"`
}

// Pages are the package's pages.
type Pages struct {
	Mailbox *mailbox.Mailbox
	// Tenants are the employers to show.
	Tenants func(ctx context.Context) ([]*tenant.Tenant, error)
	// Portal and AlumniPortal are an employer's addresses.
	Portal, AlumniPortal func(t *tenant.Tenant) string
	// Accounts are the ways to sign in; nil or none: the page says where they
	// were printed.
	Accounts func() []Account
}

// Routes are the package's routes, on the installation's own host.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{
		httpkit.Get("/", httpkit.Public(), p.showFront).On(httpkit.BaseSide),
		httpkit.Get("/practice/mailbox", httpkit.Public(), p.showMailbox).On(httpkit.BaseSide),
		httpkit.Get("/practice/mailbox.json", httpkit.Public(), p.listMailbox).On(httpkit.BaseSide).AsJSON(),
		httpkit.Get("/practice/mailbox/:id", httpkit.Public(), p.showEntry).On(httpkit.BaseSide),
		httpkit.Get("/practice/mailbox/:id/html", httpkit.Public(), p.showHTML).On(httpkit.BaseSide),
	}
}

// FrontPage lists the employers that can be tried.
type FrontPage struct {
	httpkit.Base

	Tabs     []httpkit.Tab
	Steps    []string
	Tenants  []Employer
	Printed  bool // how to sign in stands in the terminal
	CodesAt  string
	NoTenant httpkit.EmptyState
}

// Employer is one tenant of the demonstration.
type Employer struct {
	Name, Slug string
	Text       string
	Links      []httpkit.Link
	Accounts   httpkit.Table
}

// Template implements httpkit.View.
func (*FrontPage) Template() string { return "practice/front" }

// MailboxPage lists what was sent.
type MailboxPage struct {
	httpkit.Base

	Tabs   []httpkit.Tab
	Filter httpkit.Toolbar
	Mails  httpkit.Table
	More   string
}

// Template implements httpkit.View.
func (*MailboxPage) Template() string { return "practice/mailbox" }

// EntryPage is one message.
type EntryPage struct {
	httpkit.Base

	Facts []httpkit.SummaryRow
	Links []httpkit.Link
	Paras []Para
	HTML  *httpkit.Link
}

// Para is a paragraph of a message's text, by line and by piece.
type Para struct{ Lines []Line }

// Line is a line of a paragraph.
type Line struct{ Pieces []Piece }

// Piece is running text, or a link when URL is set.
type Piece struct{ Text, URL string }

// Template implements httpkit.View.
func (*EntryPage) Template() string { return "practice/entry" }

// Views are the pages, for the type check of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&FrontPage{}, &MailboxPage{}, &EntryPage{}}
}

// tabs lead between the two pages.
func (p *Pages) tabs(c *httpkit.Ctx) []httpkit.Tab {
	count := len(p.Mailbox.List(mailbox.Filter{}))
	return []httpkit.Tab{
		{Label: c.T("practice.tab.front"), URL: "/", Current: c.Path() == "/"},
		{Label: c.T("practice.tab.mailbox"), URL: "/practice/mailbox", Current: c.Path() != "/", Count: c.Words().Number(count)},
	}
}

// clockOf is the time that is written on a page whose codes age.
func clockOf(c *httpkit.Ctx, at time.Time) string { return c.Words().Time(at) }
