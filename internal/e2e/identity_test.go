package e2e_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/identity"
	"tilgang/internal/message/practice"
)

// The half of the municipality's guide that is about the eID: tied to the wrong
// address, found in a minute, untied in three steps, with the way back in words.
func TestAnEIDAtTheWrongAddressIsUntiedInThreeSteps(t *testing.T) {
	s := e2e.New(t)
	b := s.As("askvik", "employee")
	b.Get("/security/identities/link")
	b.Submit("current_password", s.Who("askvik", "employee").Password)
	s.Prove(b, "Nobody Knowsme")
	if p := b.Page; p.URL.Path != "/security/identities" || !strings.Contains(p.Text(), "ID-porten") {
		t.Fatalf("on %s\n%s", p.URL, p.Text())
	}
	s.Pass(20 * time.Minute)
	b.Steps = 0
	b.Get("/")
	e2e.Follow(b, "/security")
	b.Follow("Fjern") // her pages are Norwegian
	if text := b.Page.Text(); !strings.Contains(text, "Slik knytter du til ID-porten igjen") || !strings.Contains(text, "se video") {
		t.Errorf("the page does not say how to link again:\n%s", text)
	}
	b.Submit("current_password", s.Who("askvik", "employee").Password)
	if p := b.Page; b.Steps > 3 || !strings.Contains(p.Text(), "ikke lenger knyttet") {
		t.Errorf("%d steps\n%s", b.Steps, p.Text())
	}
	s.Work()
	if mail := s.Mail(s.Who("askvik", "employee").Email); !strings.Contains(mail.Subject, "eID") {
		t.Errorf("the newest mail is %q", mail.Subject)
	}
}

// A leaver of the demonstration proves who she is once; later sign-ins ask
// address, password and code.
func TestALeaverProvesHerselfOnceOnTheAlumniHost(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("nordlys", "alumnus")
	b := s.BrowserOn("alumni.nordlys." + s.Base)
	s.SignIn(b, who, "/")
	again := s.BrowserOn("alumni.nordlys." + s.Base)
	s.Pass(time.Minute)
	s.SignIn(again, who, "/")
	s.Work()
	if list := s.App.Services.Mailbox.List(practice.Filter{Kind: "identity_linked"}); len(list) == 0 {
		t.Error("she was not told")
	}
	var visits int
	err := s.DB.Read(s.Operator("nordlys"), func(ctx context.Context) error {
		return db.Rows(ctx, &visits, `SELECT count(*) FROM identity_proofs WHERE tenant_id = @tenant`)
	})
	if err != nil || visits != 1 {
		t.Errorf("she proved herself %d times, %v", visits, err)
	}
}

// identify gives an employer a link, a move and a question to HR.
func identify(t *testing.T, s *e2e.Stage, slug string) {
	t.Helper()
	err := s.DB.Tx(s.Operator(slug), func(ctx context.Context) error {
		first, err := account.ByAddress(ctx, s.Who(slug, "hr").Email)
		if err != nil {
			return err
		}
		second, err := account.ByAddress(ctx, s.Who(slug, "manager").Email)
		if err != nil {
			return err
		}
		p := identity.Proof{Connector: "bankid", SubjectHash: []byte("sub"), Level: identity.Substantial}
		if _, err := identity.Link(ctx, first.ID, p, true); err != nil {
			return err
		}
		if _, err := identity.MoveTo(ctx, second.ID, p, false); err != nil {
			return err
		}
		return identity.Ask(ctx, first, p)
	})
	if err != nil {
		t.Fatal(err)
	}
}
