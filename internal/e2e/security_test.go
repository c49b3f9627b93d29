package e2e_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
)

// inEnglish signs somebody in who reads English from then on.
func inEnglish(s *e2e.Stage, b *apptest.Browser, who app.DemoAccount) {
	s.T.Helper()
	s.SignIn(b, who, "/")
	raw(b, "/profile", "language", "en")
}

// linkTo is the first link on the page whose path holds a part.
func linkTo(t *testing.T, p *apptest.Page, path *regexp.Regexp) string {
	t.Helper()
	for _, a := range p.All("a") {
		if href := apptest.Attr(a, "href"); path.MatchString(href) {
			return href
		}
	}
	t.Fatalf("no link to %s on %s\n%s", path, p.URL, p.Text())
	return ""
}

var oneSession = regexp.MustCompile(`^/security/sessions/[0-9a-f-]{36}$`)

// P33: two processes of one installation read sessions from the database they
// share, so what one of them ends the other refuses from the next request on.
func TestWhatOneProcessSignsOutTheOtherRefusesAtOnce(t *testing.T) {
	s := e2e.New(t)
	second := s.Beside()
	who := s.Who("havn", "employee")
	lost, here := s.Browser("havn"), second.Browser("havn")
	inEnglish(s, lost, who)
	s.SignIn(here, who, "/")
	elsewhere := second.Browser("havn")
	carry := func(to *apptest.Browser) {
		for _, c := range lost.Cookies() {
			to.SetCookie(c.Name, c.Value)
		}
	}
	carry(elsewhere)
	if lost.Get("/session").Status != http.StatusOK || elsewhere.Get("/session").Status != http.StatusOK {
		t.Fatal("one of two processes does not know the session")
	}
	t.Run("one browser", func(t *testing.T) {
		p := here.Get("/security/sessions")
		shows(t, p, "/security/sessions", "This browser", "127.0.0.1")
		shows(t, here.Get(linkTo(t, p, oneSession)), strings.TrimSpace(linkTo(t, p, oneSession)), "Sign this browser out")
		shows(t, here.Submit(), "/security/sessions", "The browser is signed out")
		if p := lost.Get("/session"); p.Status != http.StatusUnauthorized {
			t.Errorf("the other process answers %d", p.Status)
		}
		if strings.Contains(here.Page.Body, "/security/sessions/others") {
			t.Error("there are still others")
		}
	})
	t.Run("all others, and this one stays", func(t *testing.T) {
		s.SignIn(lost, who, "/")
		third := second.Browser("havn")
		second2 := s.Browser("havn")
		s.SignIn(second2, who, "/")
		for _, c := range second2.Cookies() {
			third.SetCookie(c.Name, c.Value)
		}
		here.Get("/security/sessions/others")
		shows(t, here.Submit(), "/security/sessions", "Everywhere else you are signed out")
		for name, b := range map[string]*apptest.Browser{"the first": lost, "the second": second2, "the second by the other process": third} {
			if p := b.Get("/session"); p.Status != http.StatusUnauthorized {
				t.Errorf("%s answers %d", name, p.Status)
			}
		}
		if here.Get("/session").Status != http.StatusOK {
			t.Error("this browser was signed out too")
		}
	})
	t.Run("long after the sign-in the password is asked for", func(t *testing.T) {
		s.SignIn(lost, who, "/")
		s.Pass(10 * time.Minute)
		p := here.Get("/security/sessions")
		here.Get(linkTo(t, p, oneSession))
		if p := here.Submit("current_password", "guess"); p.Status != http.StatusUnprocessableEntity || lost.Get("/session").Status != http.StatusOK {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		shows(t, here.Submit("current_password", who.Password), "/security/sessions", "The browser is signed out")
		if p := lost.Get("/session"); p.Status != http.StatusUnauthorized {
			t.Errorf("%d", p.Status)
		}
	})
}

// appOn sets an app up on the pages and gives its key.
func appOn(t *testing.T, s *e2e.Stage, b *apptest.Browser) string {
	t.Helper()
	p := e2e.Follow(b, "/mfa/setup/totp")
	key := e2e.Key(p)
	b.Submit("code", now(t, s, key))
	return key
}

func TestASecondAuthenticatorApp(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	b := s.Browser("havn")
	inEnglish(s, b, who)
	b.Get("/security/factor")
	b.Submit("current_password", who.Password)
	e2e.Follow(b, "/mfa/setup/app")
	phone := appOn(t, s, b)
	shows(t, b.Submit("saved", "1"), "/security", "Your extra step is set up", "Authenticator app")

	elsewhere := s.Browser("havn")
	s.Pass(time.Minute)
	elsewhere.Get("/signin")
	elsewhere.Submit("email", who.Email)
	elsewhere.Submit("password", who.Password)
	shows(t, elsewhere.Submit("code", now(t, s, phone)), "/")

	s.Pass(11 * time.Minute)
	b.Get("/security/factors")
	e2e.Follow(b, "/security/factors/app")
	shows(t, b.Page, "/security/factors/app", "A recovery code does not do here")
	shows(t, b.Submit("current_password", who.Password, "code", now(t, s, phone)), "/mfa/setup/app")
	e2e.Follow(b, "/mfa/setup/totp")
	first := e2e.Key(b.Page)
	if p := b.Submit("code", "000000"); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong code led to %s", p.URL)
	}
	if first == "" || first == phone {
		t.Fatal("no key of its own")
	}
	s.Pass(time.Minute)
	shows(t, b.Submit("code", now(t, s, first)), "/security/factors", "It is added")
	t.Run("every other session has ended, and the owner was told", func(t *testing.T) {
		if p := elsewhere.Get("/session"); p.Status != http.StatusUnauthorized {
			t.Errorf("%d", p.Status)
		}
		s.Work()
		if len(s.App.Services.Mailbox.List(practice.Filter{To: who.Email, Kind: "factor_added"})) == 0 {
			t.Error("no mail of it")
		}
	})
	one := regexp.MustCompile(`^/security/factors/[0-9a-f-]{36}$`)
	t.Run("it gets a name", func(t *testing.T) {
		b.Get(linkTo(t, b.Page, one))
		shows(t, b.Submit("name", "  Phone   at work "), "/security/factors", "The name is saved", "Phone at work")
	})
	t.Run("either signs in", func(t *testing.T) {
		for _, key := range []string{phone, first} {
			s.Pass(time.Minute)
			b := s.Browser("havn")
			b.Get("/signin")
			b.Submit("email", who.Email)
			b.Submit("password", who.Password)
			shows(t, b.Submit("code", now(t, s, key)), "/")
		}
	})
	t.Run("one is removed: it opens nothing, the other does, and the owner is told", func(t *testing.T) {
		s.Pass(11 * time.Minute)
		b.Get("/security/factors")
		b.Get(linkTo(t, b.Page, one))
		b.Follow("Remove")
		if p := b.Submit("current_password", who.Password); p.Status != http.StatusUnprocessableEntity {
			t.Fatalf("removed by the password alone: %s", p.Text())
		}
		shows(t, b.Submit("current_password", who.Password, "code", now(t, s, first)), "/security/factors", "Removed")
		s.Work()
		if len(s.App.Services.Mailbox.List(practice.Filter{To: who.Email, Kind: "factor_removed"})) == 0 {
			t.Error("no mail of it")
		}
		s.Pass(time.Minute)
		b := s.Browser("havn")
		b.Get("/signin")
		b.Submit("email", who.Email)
		b.Submit("password", who.Password)
		if p := b.Submit("code", now(t, s, phone)); p.URL.Path != "/mfa" {
			t.Fatalf("the removed one led to %s", p.URL)
		}
		shows(t, b.Submit("code", now(t, s, first)), "/")
	})
}

func TestTheLastFactorOfADutyStays(t *testing.T) {
	s := e2e.New(t)
	b := newAtNordlys(s)
	e2e.Follow(b, "/mfa/setup/phone")
	b.Submit("country", "NO", "phone", "400 08 215")
	b.Submit("code", s.Texted("+4740008215"))
	shows(t, b.Submit("saved", "1"), "/")
	b.Get("/security/factors")
	shows(t, b.Page, "/security/factors", "Nordlys", "has decided that you need an extra step")
	page := linkTo(t, b.Page, regexp.MustCompile(`^/security/factors/[0-9a-f-]{36}$`))
	shows(t, b.Get(page), page, "This one stays, because Nordlys")
	if strings.Contains(b.Page.Body, page+"/remove") {
		t.Error("its removal is offered")
	}
	shows(t, b.Get(page+"/remove"), page)
	if p := raw(b, page+"/remove", "current_password", e2e.Word, "code", "123456"); p.Status != http.StatusConflict {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	shows(t, b.Get("/security/factors"), "/security/factors", "XXX-XXX-8215")
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// addressCode is the code in the newest mail to an address.
func addressCode(t *testing.T, s *e2e.Stage, to string) string {
	t.Helper()
	s.Work()
	mail := s.Mail(to)
	if mail.Kind != "address_proof" {
		t.Fatalf("the newest mail is %s", mail.Kind)
	}
	return sixDigits.FindString(mail.Text)
}

func TestAPrivateAddressSignsIn(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	b := s.Browser("havn")
	inEnglish(s, b, who)
	b.Get("/security")
	e2e.Follow(b, "/security/addresses")
	e2e.Follow(b, "/security/addresses/add")
	shows(t, b.Submit("email", "freja.home@post.example", "current_password", who.Password), "/security/addresses/code", "freja.home@post.example", "30 minutes")
	t.Run("nothing changes before the code", func(t *testing.T) {
		if s.Work(); b.Get("/security/addresses") == nil || strings.Contains(b.Page.Body, "Private") {
			t.Error("it is on file")
		}
		if p := signInWith(s, "havn", "freja.home@post.example", who.Password); p.Get("/session").Status == http.StatusOK {
			t.Error("it signs in")
		}
	})
	b.Get("/security/addresses/code")
	code := addressCode(t, s, "freja.home@post.example")
	shows(t, b.Submit("code", code[:3]+" "+code[3:]), "/security/addresses", "You can now sign in with freja.home@post.example", "Private")
	t.Run("the address before it is told, by a masked name", func(t *testing.T) {
		s.Work()
		mail := s.Mail(who.Email)
		if mail.Kind != "address_added" || !strings.Contains(mail.Text, "f***@p***.example") || strings.Contains(mail.Text, "freja.home") {
			t.Errorf("%s\n%s", mail.Kind, mail.Text)
		}
	})
	t.Run("it signs in", func(t *testing.T) {
		if p := signInWith(s, "havn", "freja.home@post.example", who.Password); p.Get("/session").Status != http.StatusOK {
			t.Error("it does not")
		}
	})
	t.Run("and is removed again; both are told", func(t *testing.T) {
		b.Get("/security/addresses")
		b.Follow("Remove")
		shows(t, b.Submit("current_password", who.Password), "/security/addresses", "no longer signs you in")
		s.Work()
		for _, to := range []string{who.Email, "freja.home@post.example"} {
			if list := s.App.Services.Mailbox.List(practice.Filter{To: to, Kind: "address_removed"}); len(list) != 1 {
				t.Errorf("%s got %d", to, len(list))
			}
		}
		if p := signInWith(s, "havn", "freja.home@post.example", who.Password); p.Get("/session").Status == http.StatusOK {
			t.Error("it still signs in")
		}
	})
}

// signInWith tries an address and a password in a fresh browser.
func signInWith(s *e2e.Stage, slug, address, word string) *apptest.Browser {
	s.T.Helper()
	b := s.Browser(slug)
	b.Get("/signin")
	b.Submit("email", address)
	b.Submit("password", word)
	if b.Page.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	return b
}

func TestOnlyTheMailboxHearsThatAnAddressIsTaken(t *testing.T) {
	s := e2e.New(t)
	who, other := s.Who("havn", "employee"), s.Who("havn", "hr")
	answers := map[string]string{}
	for _, address := range []string{other.Email, "nobody.knows@post.example"} {
		b := s.Browser("havn")
		s.Pass(time.Minute)
		inEnglish(s, b, who)
		b.Get("/security/addresses/add")
		sent := b.Submit("email", address, "current_password", who.Password)
		s.Work()
		wrong := b.Submit("code", "000000")
		if sent.Status != http.StatusOK || wrong.Status != http.StatusUnprocessableEntity {
			t.Fatalf("%s: %d, %d", address, sent.Status, wrong.Status)
		}
		answers[address] = strings.ReplaceAll(sent.Text()+"\x00"+wrong.Text(), address, "ADDRESS")
	}
	if answers[other.Email] != answers["nobody.knows@post.example"] {
		t.Errorf("the answers differ:\n%v", answers)
	}
	if mail := s.Mail(other.Email); mail.Kind != "address_proof" || !strings.Contains(mail.Text, "in use already") || sixDigits.MatchString(mail.Text) {
		t.Errorf("%s\n%s", mail.Kind, mail.Text)
	}
	if mail := s.Mail("nobody.knows@post.example"); !sixDigits.MatchString(mail.Text) {
		t.Errorf("no code\n%s", mail.Text)
	}
}

func TestWhatHappenedToTheAccount(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	signInWith(s, "havn", who.Email, "not the password at all")
	b := s.Browser("havn")
	inEnglish(s, b, who)
	b.Get("/security/password")
	b.Submit("current_password", who.Password, "password", "Et helt nyt og langt ord 9!", "password_confirm", "Et helt nyt og langt ord 9!")
	hr := s.As("havn", "hr")
	sendFor(t, s, hr, who.Email)
	p := b.Get("/security/activity")
	shows(t, p, "/security/activity", "Signed in", "A wrong password was typed", "Password changed", "HR had a mail with a link to a new password sent to you", "127.0.0.1")
	if name := s.Who("havn", "hr").Email; strings.Contains(p.Body, name) {
		t.Error("it names somebody else")
	}
	t.Run("the overview shows the newest", func(t *testing.T) {
		shows(t, b.Get("/security"), "/security", "HR had a mail", "See all activity")
	})
	t.Run("another's is not there", func(t *testing.T) {
		if p := s.As("havn", "manager").Get("/security/activity"); strings.Contains(p.Text(), "Password changed") {
			t.Error(p.Text())
		}
	})
}

// sendFor has HR send somebody a link to a new password.
func sendFor(t *testing.T, s *e2e.Stage, hr *apptest.Browser, address string) {
	t.Helper()
	hr.Get("/admin/people?q=" + strings.Split(address, "@")[0])
	hr.Get(linkTo(t, hr.Page, regexp.MustCompile(`^/admin/people/per_[0-9a-f-]{36}$`)))
	hr.Get(linkTo(t, hr.Page, regexp.MustCompile(`/password$|/reset$`)))
	hr.Submit()
	s.Work()
	if n := len(s.App.Services.Mailbox.List(practice.Filter{To: address})); n == 0 {
		t.Fatalf("nothing was sent\n%s", hr.Page.Text())
	}
}
