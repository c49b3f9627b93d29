package app

import (
	"context"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"

	"tilgang/internal/config"
	"tilgang/internal/federation"
	"tilgang/internal/federation/relying"
	"tilgang/internal/identity"
	"tilgang/internal/practice/eid"
	"tilgang/internal/proofing"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

// openIdentities makes what asks identity providers, and in a demonstration the
// one that answers.
func (a *App) openIdentities() {
	s := &a.Services
	c := federation.Config{DB: a.DB, Box: a.Box, Limiter: s.Limiter, Secrets: a.Config.ClientSecrets}
	var via http.RoundTripper
	if a.demonstrates() {
		c.Practice = a.Origin(eidHost(a.Config.HostParent()))
		s.EID = &eid.Provider{Issuer: c.Practice, Clock: a.DB.Clock(), People: a.testPersons, Redirects: a.callbacks}
		via = a.toOurselves()
	}
	c.Relying = relying.New(via, a.DB.Now)
	s.Providers = federation.New(c)
	s.Proofing = proofing.New(proofing.Config{DB: a.DB, Notices: notices{a}, Next: s.Signin.Next})
}

// demonstrates tells whether this is a demonstration, or a list without a
// running app.
func (a *App) demonstrates() bool { return a.Config.Mode == config.Demo || a.Config.Mode == "" }

// eidHost is where the demonstration's electronic identity lives.
func eidHost(parent string) string { return "eid." + parent }

// toOurselves carries requests to the demonstration's own provider to where this
// process listens, whatever a resolver makes of the name.
func (a *App) toOurselves() http.RoundTripper {
	carrier, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	carrier = carrier.Clone()
	own, dialer := eidHost(a.Config.HostParent()), &net.Dialer{Timeout: relying.Patience}
	if !strings.Contains(own, ":") {
		own += ":80"
	}
	carrier.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == own {
			address = a.Config.Listen
		}
		return dialer.DialContext(ctx, network, address)
	}
	return carrier
}

// callbacks are where the practice provider may send the browsers of an employer
// back to.
func (a *App) callbacks(ctx context.Context, slug string) (list []string) {
	t, err := a.Directory.BySlug(ctx, slug)
	if err != nil {
		return nil
	}
	for _, c := range t.Connectors {
		if c.Kind == tenant.Practice {
			end := "/federation/" + c.Key + "/callback"
			list = append(list, a.Portal(t)+end, a.AlumniPortal(t)+end)
		}
	}
	return list
}

// strangers are test persons whom no employer knows, with a D-number, a Swedish
// coordination number and an ordinary one; all are made up.
func strangers() []eid.Person {
	return []eid.Person{
		{Name: "Nobody Knowsme", Number: "13897248098"}, {Name: "Dora Dnummer", Number: "53897248081"}, {Name: "Sam Ordning", Number: "701063-2391"},
	}
}

// testPersons are those of an employer's staff file who have a number, and some
// whom nobody knows.
func (a *App) testPersons(_ context.Context, slug string) (list []eid.Person) {
	f, err := tenants.FS.Open(path.Join(slug, "staff.csv"))
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	rows, err := sheet.Open(f, sheet.Options{Today: a.DB.Now()})
	if err != nil {
		return nil
	}
	for {
		row, err := rows.Next()
		if err != nil {
			break
		}
		one := eid.Person{Name: row.Fields.GivenName + " " + row.Fields.FamilyName, Text: row.Fields.JobTitle, Number: row.Fields.NationalID.Digits()}
		known := slices.ContainsFunc(list, func(p eid.Person) bool { return p.Number == one.Number })
		if one.Number != "" && !known {
			list = append(list, one)
		}
	}
	return append(list, strangers()...)
}

// sweepIdentities removes what ended long ago.
func (a *App) sweepIdentities(ctx context.Context) (n int64, err error) {
	err = a.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = identity.Sweep(ctx); return })
	return n, err
}
