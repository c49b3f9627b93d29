package e2e_test

import (
	"net/http"
	"testing"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
)

const plain = `name: Main
languages: [en]
time_zone: Europe/Copenhagen
legal_employers: [{key: main, name: Main, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Main}
support: {channels: [{kind: email, value: help@post.example}], whom_to_ask: {account: {en: Ask your manager.}}}
mfa: {methods: {totp: off, phone: off, push: off, passkey: off}, offer: skip}
`

// An employer begins with nobody in it: the operator invites the first
// administrator, who is in no staff file.
func TestTheFirstAdministratorComesInAndMayTakeAStaffFile(t *testing.T) {
	s := &e2e.Stage{World: apptest.New(t)}
	ctx := s.Custom("one", plain)
	s.Custom("two", plain)
	const address = "ada@one.example"
	if err := s.App.InviteAdmin(ctx, address, "Ada", "Min"); err != nil {
		t.Fatal(err)
	}
	s.Work()
	b := s.Browser("one")
	s.Accept(b, address)
	if p := b.Get("/admin/roster"); p.URL.Path != "/admin/roster" || p.Status != http.StatusOK {
		t.Errorf("%s %d\n%s", p.URL, p.Status, p.Text())
	}
	other := s.Browser("two")
	other.Get("/signin")
	other.Submit("email", address)
	if other.Submit("password", e2e.Word); other.Get("/session").Status != http.StatusUnauthorized {
		t.Error("the other employer knows the administrator")
	}
}
