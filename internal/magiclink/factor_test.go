package magiclink_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/app/apptest"
)

// enrol puts an authenticator app on file and gives how its codes are made.
func (w *world) enrol(account uuid.UUID) func() string {
	w.T.Helper()
	s := w.App.Services.Factors
	e, err := s.StartTOTP(w.ctx, account)
	if err != nil {
		w.T.Fatal(err)
	}
	code := func() string {
		w.Pass(30 * time.Second)
		c, err := totp.GenerateCode(e.Secret, w.Clock.Now())
		if err != nil {
			w.T.Fatal(err)
		}
		return c
	}
	if err := s.ConfirmTOTP(w.ctx, account, e.ID, code()); err != nil {
		w.T.Fatal(err)
	}
	return code
}

// opened is a browser that has asked for an address's link and pressed its
// button.
func (w *world) opened(address string) *apptest.Browser {
	w.T.Helper()
	w.Pass(2 * minute)
	b := w.Browser("skog")
	w.wish(b, address)
	b.Get("/magiclink/" + w.token(address))
	b.Submit()
	return b
}

func TestALinkIsNoSecondFactor(t *testing.T) {
	w := setUp(t)
	a := w.anna()
	code := w.enrol(a.ID)
	b := w.opened(anna)
	if b.Page.URL.Path != "/mfa" || signedIn(b) {
		t.Fatalf("%s %s", b.Page.URL, b.Page.Text())
	}
	for _, path := range []string{"/", "/profile", "/security", "/mfa/setup", "/mfa/setup/recovery"} {
		if p := b.Get(path); p.URL.Path != "/mfa" && p.URL.Path != "/signin" && p.URL.Path != "/" || signedIn(b) {
			t.Errorf("%s leads to %s", path, p.URL)
		}
	}
	b.Get("/signin/next")
	if b.Submit("code", code()); !signedIn(b) {
		t.Fatalf("%s %s", b.Page.URL, b.Page.Text())
	}
	if p := b.Get("/session"); !strings.Contains(p.Body, `"amr":["link","totp"]`) || !strings.Contains(p.Body, `"aal":2`) {
		t.Error(p.Body)
	}
	t.Run("nor the password of a step-up, fresh as it is", func(t *testing.T) {
		for path, form := range map[string]url.Values{
			"/security/codes/confirm": {"code": {code()}},
			"/security/codes":         {"saved": {"1"}},
			"/security/password":      {"password": {"another quite private sentence"}, "password_confirm": {"another quite private sentence"}},
		} {
			if p := b.Post(path, form); p.Status == http.StatusOK && !p.Has("password") {
				t.Errorf("%s: %d %s", path, p.Status, p.Text())
			}
		}
		if p := b.Get("/security/codes"); p.Field("current_password") == nil {
			t.Error(p.Text())
		}
		if n := w.count(w.ctx, "audit_events WHERE action LIKE 'security.%' OR action LIKE 'factor.codes%'"); n != 0 {
			t.Errorf("%d things were changed", n)
		}
		if _, total, err := w.App.Services.Factors.Codes(w.ctx, a.ID); total != 0 || err != nil {
			t.Errorf("%d codes, %v", total, err)
		}
	})
}

func TestAMandatoryFactorIsSetUpWithThePasswordAlone(t *testing.T) {
	w := setUp(t)
	w.hire(w.ctx, person{name: "Karin", address: "karin@post.example", title: "Chef"})
	b := w.opened("karin@post.example")
	if p := b.Page; p.URL.Path != "/signin/password" || !p.Has("That takes your password as well") || signedIn(b) {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	for _, path := range []string{"/mfa/setup", "/mfa/setup/app", "/mfa/setup/totp", "/mfa/setup/recovery"} {
		if p := b.Get(path); p.URL.Path != "/signin/password" {
			t.Errorf("%s leads to %s", path, p.URL)
		}
	}
	if p := b.Post("/mfa/setup", url.Values{"action": {"skip"}}); p.URL.Path != "/signin/password" || signedIn(b) {
		t.Errorf("%s", p.URL)
	}
	b.Get("/signin/password")
	if p := b.Submit("password", word); p.URL.Path != "/mfa/setup" {
		t.Errorf("%s %s", p.URL, p.Text())
	}
}

func TestWhatIsOnlyOfferedWaits(t *testing.T) {
	w := setUp(t)
	w.anna()
	if b := w.opened(anna); b.Page.URL.Path != "/" || !signedIn(b) {
		t.Errorf("%s %s", b.Page.URL, b.Page.Text())
	}
}

func TestALinkSetsNoPassword(t *testing.T) {
	w := setUp(t)
	a := w.anna()
	b := w.opened(anna)
	if p := b.Post("/security/password", url.Values{"current_password": {""}, "password": {"another quite private sentence"}, "password_confirm": {"another quite private sentence"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if n := w.count(w.ctx, "accounts WHERE id = '"+a.ID.String()+"' AND session_epoch = 1"); n != 1 {
		t.Error("the password was changed")
	}
}
