package mfa_test

import (
	"context"
	"database/sql"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/tenant"
)

const sentence = "a long and private sentence"

// story is the whole product with one person who has a password.
type story struct {
	*apptest.World

	ctx context.Context
	acc account.Account
}

func begin(t *testing.T, policy string) *story {
	t.Helper()
	s := &story{World: apptest.New(t)}
	s.ctx = s.Custom("havn", base+policy)
	hash, err := s.App.Services.Passwords.Hash(s.ctx, tenant.MustFrom(s.ctx).ID, sentence)
	if err != nil {
		t.Fatal(err)
	}
	err = s.DB.Tx(s.ctx, func(ctx context.Context) (err error) {
		id := uuid.Must(uuid.NewV7())
		args := []any{sql.Named("id", id), sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("now", db.Now(ctx)), sql.Named("number", id.String())}
		for _, text := range []string{
			`INSERT INTO persons (tenant_id, id, given_name, family_name, work_email, work_email_key, created_at, updated_at) VALUES (@tenant, @id, 'Ida', 'Berg', 'ida@havn.example', 'ida@havn.example', @now, @now)`,
			`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, created_at, updated_at)
				SELECT tenant_id, @job, @id, id, @number, '2020-01-01', @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
		} {
			if _, err := db.Exec(ctx, text, args...); err != nil {
				return err
			}
		}
		s.acc, err = account.Create(ctx, account.New{PersonID: id, Kind: account.Work, Address: "ida@havn.example", AddressKey: "ida@havn.example", PasswordHash: hash})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *story) signIn() *apptest.Browser {
	s.T.Helper()
	b := s.Browser("havn")
	b.Get("/signin")
	b.Submit("email", "ida@havn.example")
	b.Submit("password", sentence)
	return b
}

func (s *story) at(b *apptest.Browser, path string) {
	s.T.Helper()
	if b.Page.URL.Path != path || b.Page.Status >= 400 {
		s.T.Fatalf("at %s (%d), want %s\n%s", b.Page.URL, b.Page.Status, path, b.Page.Text())
	}
}

// level is the assurance level of the browser's session, as /session tells it.
func (s *story) level(b *apptest.Browser) string {
	s.T.Helper()
	body := b.Raw(b.Request("GET", "/session", nil)).Body
	m := regexp.MustCompile(`"aal":(\d)`).FindStringSubmatch(body)
	if m == nil {
		return "none"
	}
	return m[1]
}

// install follows the pages from "get an app" to the saved codes and gives the
// key and the codes.
func (s *story) install(b *apptest.Browser) (key string, codes []string) {
	s.T.Helper()
	b.Follow("Authenticator app")
	b.Follow("Next")
	s.at(b, "/mfa/setup/totp")
	m := regexp.MustCompile(`data-copy-text>([A-Z2-7 ]{32,})<`).FindStringSubmatch(b.Page.Body)
	if m == nil {
		s.T.Fatalf("no key on\n%s", b.Page.Text())
	}
	key = strings.ReplaceAll(m[1], " ", "")
	b.Submit("code", s.code(key))
	s.at(b, "/mfa/setup/recovery")
	for _, m := range regexp.MustCompile(`<li><code>([0-9A-Z-]{19})</code></li>`).FindAllStringSubmatch(b.Page.Body, -1) {
		codes = append(codes, m[1])
	}
	b.Submit("saved", "1")
	return key, codes
}

func (s *story) code(key string) string {
	s.T.Helper()
	code, err := totp.GenerateCode(key, s.Clock.Now())
	if err != nil {
		s.T.Fatal(err)
	}
	return code
}

func TestFirstSignInWhereAFactorIsMandatory(t *testing.T) {
	s := begin(t, mandatory)
	b := s.signIn()
	s.at(b, "/mfa/setup")
	for _, path := range []string{"/", "/profile", "/employment", "/security", "/security/password", "/signin/next"} {
		if b.Get(path); strings.HasPrefix(b.Page.URL.Path, "/security") || b.Page.Has("Ida Berg") || s.level(b) != "none" {
			t.Fatalf("%s answers\n%s", path, b.Page.Text())
		}
	}
	b.Get("/mfa/setup")
	b.Post("/mfa/setup", url.Values{"action": {"skip"}})
	if b.Page.Status != 422 || s.level(b) != "none" {
		t.Fatalf("%d\n%s", b.Page.Status, b.Page.Text())
	}
	key, codes := s.install(b)
	s.at(b, "/")
	if s.level(b) != "2" || len(codes) != 10 {
		t.Fatalf("level %s, %d codes", s.level(b), len(codes))
	}
	t.Run("the next time the code is asked for", func(t *testing.T) {
		s.Pass(time.Minute)
		b := s.signIn()
		s.at(b, "/mfa")
		b.Submit("code", s.code(key))
		s.at(b, "/")
		if s.level(b) != "2" {
			t.Fatalf("level %s", s.level(b))
		}
	})
	t.Run("without the phone a recovery code does, and few left are told", func(t *testing.T) {
		for i, c := range codes[:7] {
			b := s.signIn()
			b.Follow("Use a recovery code")
			b.Submit("code", c)
			s.at(b, "/")
			if told := b.Page.Has("You have 3 recovery codes left"); told != (i == 6) {
				t.Fatalf("code %d: told %v\n%s", i, told, b.Page.Text())
			}
		}
	})
}

func TestSettingUpFromTheSecurityPage(t *testing.T) {
	s := begin(t, maySkip)
	b := s.signIn()
	s.at(b, "/mfa/setup")
	b.Submit("@action", "skip")
	s.at(b, "/")
	old := b.Cookie("tilgang-" + strings.Split(s.Base, ":")[1])
	if s.level(b) != "1" {
		t.Fatalf("level %s", s.level(b))
	}
	b.Get("/security")
	b.Follow("Set up an extra step")
	b.Submit("current_password", sentence)
	s.at(b, "/mfa/setup")
	s.install(b)
	s.at(b, "/security")
	if s.level(b) != "2" || !b.Page.Has("Your extra step is set up") {
		t.Fatalf("level %s\n%s", s.level(b), b.Page.Text())
	}
	t.Run("the session from before has ended", func(t *testing.T) {
		thief := s.Browser("havn")
		thief.SetCookie("tilgang-"+strings.Split(s.Base, ":")[1], old)
		if s.level(thief) != "none" {
			t.Fatal("it still lives")
		}
	})
}

func TestASessionFromBeforeTheDutyProvesThePasswordAgain(t *testing.T) {
	s := begin(t, maySkip)
	b := s.signIn()
	b.Submit("@action", "skip")
	s.at(b, "/")
	s.Pass(20 * time.Minute)
	s.ctx = s.Custom("havn", base+mandatory)
	s.Pass(6 * time.Second)
	b.Get("/profile")
	if b.Page.URL.Path != "/signin/password" {
		t.Fatalf("a factor would be set up from an old session: at %s\n%s", b.Page.URL, b.Page.Text())
	}
	b.Submit("password", sentence)
	s.at(b, "/mfa/setup")
	s.install(b)
	s.at(b, "/profile")
}
