package app

import (
	"context"
	"slices"

	"tilgang/internal/alumni"
	"tilgang/internal/captcha"
	"tilgang/internal/console"
	"tilgang/internal/document"
	"tilgang/internal/federation"
	"tilgang/internal/help"
	"tilgang/internal/httpkit"
	"tilgang/internal/invite"
	"tilgang/internal/magiclink"
	"tilgang/internal/manager"
	"tilgang/internal/mfa"
	"tilgang/internal/mydata"
	"tilgang/internal/notme"
	"tilgang/internal/outbox"
	"tilgang/internal/people"
	"tilgang/internal/practice"
	"tilgang/internal/practice/eid"
	"tilgang/internal/profile"
	"tilgang/internal/proofing"
	"tilgang/internal/recovery"
	"tilgang/internal/register"
	"tilgang/internal/reset"
	"tilgang/internal/roster"
	"tilgang/internal/security"
	"tilgang/internal/signin"
	"tilgang/internal/tenant"
)

// Routes is every address of the product, with who may and where it is written.
func (a *App) Routes() []httpkit.Route {
	s := &a.Services
	start := console.NewPages(console.Deps{DB: a.DB, Factors: s.Factors, Policy: s.Policy, Catalog: a.Catalog, Staff: staff{a}, Payslips: payslips{a}, SetLanguage: people.SetLanguage})
	return slices.Concat(
		start.Routes(), start.BaseRoutes(),
		signin.NewPages(s.Signin, a.AlumniPortal).Routes(),
		invite.NewPages(s.Invite, s.Security.Proven).Routes(),
		recovery.NewPages(s.Recovery).Routes(),
		register.NewPages(s.Register).Routes(),
		federation.NewPages(s.Providers).Routes(),
		proofing.NewPages(s.Proofing).Routes(),
		reset.NewPages(s.Reset, s.Security.Proven).Routes(),
		captcha.NewPages(s.Robots).Routes(),
		magiclink.NewPages(s.Magiclink).Routes(),
		mfa.NewPages(s.Mfa).Routes(),
		notme.NewPages(s.NotMe).Routes(),
		security.NewPages(s.Security).Routes(),
		profile.NewPages(s.Profile).Routes(),
		manager.NewPages(s.Manager, invitations{a}).Routes(),
		a.peoplePages().Routes(),
		roster.NewPages(s.Roster).Routes(),
		alumni.NewPages(s.Alumni).Routes(),
		document.NewPages(s.Documents, a.proven).Routes(),
		mydata.NewPages(s.MyData, a.proven).Routes(),
		a.help().Routes(),
		a.practice(),
	)
}

// peoplePages are HR's pages about people, with what waits for HR elsewhere.
func (a *App) peoplePages() *people.Pages {
	p := people.NewPages(a.Services.People, invitations{a})
	p.Questions = questions{}
	return p
}

func (a *App) help() *help.Pages {
	return &help.Pages{
		Catalog: a.Catalog, Sender: func(t *tenant.Tenant) string { return a.Services.Messages.From(t) },
		Calls: a.speaks, Pictures: a.Pictures(),
	}
}

// Pictures are the pages that the help may show beside a step.
func (a *App) Pictures() []httpkit.Picture {
	s := &a.Services
	return slices.Concat(
		signin.NewPages(s.Signin, a.AlumniPortal).Pictures(),
		invite.NewPages(s.Invite, s.Security.Proven).Pictures(),
		recovery.NewPages(s.Recovery).Pictures(),
		reset.NewPages(s.Reset, s.Security.Proven).Pictures(),
		magiclink.NewPages(s.Magiclink).Pictures(),
		mfa.NewPages(s.Mfa).Pictures(),
		notme.NewPages(s.NotMe).Pictures(),
		security.NewPages(s.Security).Pictures(),
	)
}

// practice is the demonstration's own host: who can be tried, and what was
// sent. Where a mail server sends, there is none.
func (a *App) practice() []httpkit.Route {
	if !a.demonstrates() {
		return nil
	}
	p := &practice.Pages{Mailbox: a.Services.Mailbox, Tenants: a.everyTenant, Portal: a.Portal, AlumniPortal: a.AlumniPortal, Accounts: a.ReadDemo}
	return slices.Concat(p.Routes(), a.Services.EID.Routes())
}

func (a *App) everyTenant(ctx context.Context) ([]*tenant.Tenant, error) { return a.Directory.All(ctx) }

// AllRoutes is the list without a running app.
func AllRoutes() []httpkit.Route { return (&App{}).Routes() }

// Views is a zero value of every page, for the checks of templates.
func Views() []httpkit.View {
	return slices.Concat([]httpkit.View{&httpkit.ErrorPage{}},
		console.Views(), signin.Views(), invite.Views(), recovery.Views(), register.Views(), federation.Views(), proofing.Views(), eid.Views(), reset.Views(), magiclink.Views(), mfa.Views(), notme.Views(), security.Views(),
		profile.Views(), manager.Views(), people.Views(), roster.Views(), document.Views(), mydata.Views(), help.Views(), alumni.Views(), practice.Views())
}

func (a *App) outboxKinds() []outbox.Kind {
	s := &a.Services
	kinds := []outbox.Kind{s.Roster.ReadKind(), s.Roster.ApplyKind()}
	kinds = append(kinds, s.Messages.OutboxKind())
	kinds = append(kinds, s.Invite.Kinds()...)
	kinds = append(kinds, s.Documents.Kinds()...)
	kinds = append(kinds, s.MyData.Kinds()...)
	kinds = append(kinds, s.Register.Kinds()...)
	kinds = append(kinds, s.Reset.Kinds()...)
	kinds = append(kinds, s.Magiclink.Kinds()...)
	return append(kinds, s.Signin.OutboxKinds()...)
}
