package e2e

import (
	"context"
	"strings"

	"tilgang/internal/account"
	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/people"
)

// Prove goes from the page that asks who one is to the practice provider and
// back, as a test person.
func (s *Stage) Prove(b *apptest.Browser, name string) *apptest.Page {
	s.T.Helper()
	for _, a := range b.Page.All("a") {
		if to := apptest.Attr(a, "href"); strings.HasPrefix(to, "/federation/") {
			b.Steps++
			b.Get(to)
			return b.Follow(name)
		}
	}
	s.T.Fatalf("no provider on %s (%d)\n%s", b.Page.URL, b.Page.Status, b.Page.Text())
	return nil
}

// name is what a person of the demonstration is called.
func (s *Stage) name(who app.DemoAccount) (name string) {
	s.T.Helper()
	err := s.DB.Read(s.Operator(who.Tenant), func(ctx context.Context) error {
		acc, err := account.ByAddress(ctx, strings.ToLower(who.Email))
		if err != nil {
			return err
		}
		p, err := people.ByID(ctx, acc.PersonID)
		name = p.Name()
		return err
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return name
}
