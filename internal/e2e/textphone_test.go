package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/fault"
)

const kajNew = "+4520123499"

// changes puts another phone on file for Kaj, by the code that comes to it.
func changes(t *testing.T, s *e2e.Stage, typed, number string) {
	t.Helper()
	b := atHome(t, s)
	b.Get("/security/texts")
	if p := b.Submit("country", "DK", "phone", typed, "current_password", e2e.Word); p.URL.Path != "/security/texts/code" {
		t.Fatalf("%d at %s\n%s", p.Status, p.URL, p.Text())
	}
	if p := b.Submit("code", s.Texted(number)); p.URL.Path != "/security/texts" || !p.Has("XXX-XXX-"+number[len(number)-4:]) {
		t.Fatalf("%d at %s\n%s", p.Status, p.URL, p.Text())
	}
}

// atHome is a browser in which Kaj is signed in.
func atHome(t *testing.T, s *e2e.Stage) *apptest.Browser {
	t.Helper()
	b := enters(s, "1401", e2e.Word)
	if b.Page.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	if b.Page.URL.Path != "/" {
		t.Fatalf("on %s\n%s", b.Page.URL, b.Page.Text())
	}
	return b
}

// forgot asks for a new password by number, and gives how many text messages with
// a link a phone has had.
func forgot(s *e2e.Stage, to string) int {
	s.Pass(2 * time.Minute)
	b := s.Browser("havn")
	b.Get("/reset")
	b.Submit("email", "1401")
	return len(texts(s, "reset_text", to))
}

// The whole way of somebody with a new phone, and what HR's file may say of it.
func TestANewPhoneBringsItsOwnerBackIn(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	changes(t, s, "20 12 34 99", kajNew)
	if n := forgot(s, kajNew); n != 1 {
		t.Fatalf("%d text messages to the new phone", n)
	}
	if n := len(texts(s, "reset_text", kajPhone)); n != 0 {
		t.Errorf("%d to the old one", n)
	}
	t.Run("the file says the old number again", func(t *testing.T) {
		floor(t, s, kaj)
		if n := forgot(s, kajNew); n != 2 || len(texts(s, "number_changed", "")) != 0 {
			t.Errorf("%d text messages", n)
		}
	})
	t.Run("the file has caught up", func(t *testing.T) {
		floor(t, s, strings.ReplaceAll(kaj, "34 01", "34 99"))
		if n := forgot(s, kajNew); n != 3 || len(texts(s, "number_changed", "")) != 0 {
			t.Errorf("%d text messages", n)
		}
	})
	t.Run("the file's later word closes the way, and the phone is told", func(t *testing.T) {
		floor(t, s, strings.ReplaceAll(kaj, "34 01", "34 55"))
		if n := forgot(s, ""); n != 3 {
			t.Errorf("%d text messages", n)
		}
		if n := len(texts(s, "number_changed", kajNew)); n != 1 {
			t.Errorf("told %d times", n)
		}
		if p := atHome(t, s).Get("/security"); !p.Has("HR has had another number on file") {
			t.Errorf("the page does not say so\n%s", p.Text())
		}
	})
	t.Run("and the owner's proof opens it", func(t *testing.T) {
		changes(t, s, "20 12 34 99", kajNew)
		s.Pass(time.Hour)
		if n := forgot(s, kajNew); n != 4 {
			t.Errorf("%d text messages", n)
		}
	})
}

// P07: what was sent to the phone before is worth nothing from then on.
func TestALinkDiesWithItsPhone(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, s *e2e.Stage){
		"the owner proved another":  func(t *testing.T, s *e2e.Stage) { t.Helper(); changes(t, s, "20 12 34 99", kajNew) },
		"HR has another since then": func(t *testing.T, s *e2e.Stage) { t.Helper(); floor(t, s, strings.ReplaceAll(kaj, "34 01", "34 55")) },
	} {
		t.Run(name, func(t *testing.T) {
			s := e2e.New(t)
			inByText(t, s)
			if n := forgot(s, kajPhone); n != 1 {
				t.Fatalf("%d text messages", n)
			}
			link := textLink.FindString(texts(s, "reset_text", kajPhone)[0].Text)
			if p := s.Browser("havn").Get(link); p.Status != http.StatusOK {
				t.Fatalf("%d\n%s", p.Status, p.Text())
			}
			s.Pass(time.Minute)
			change(t, s)
			if p := s.Browser("havn").Get(link); p.Status != http.StatusGone {
				t.Errorf("%d\n%s", p.Status, p.Text())
			}
		})
	}
}

// Who came in by a letter may put a phone on file, and needs no letter the next time.
func TestWhoCameByLetterAddsAPhone(t *testing.T) {
	s := e2e.New(t)
	floor(t, s, strings.ReplaceAll(kaj, "+45 20 12 34 01", ""))
	hr := s.As("havn", "hr")
	code := typedCode.FindString(letter(t, hr, personAddress(t, s, "1401")+"/letter"))
	b := s.Browser("havn")
	b.Lang = "en"
	b.Get("/invite/code")
	b.Submit("email", "1401", "code", code)
	accepts(t, b)
	if n := forgot(s, ""); n != 0 {
		t.Fatalf("%d text messages", n)
	}
	changes(t, s, "20 12 34 99", kajNew)
	if n := forgot(s, kajNew); n != 1 {
		t.Errorf("%d text messages", n)
	}
	if p := hr.Get(personAddress(t, s, "1401")); !p.Has("XXX-XXX-3499") {
		t.Errorf("HR does not see it\n%s", p.Text())
	}
}

// Security notices reach who has no mailbox, on the phone that the change did not touch.
func TestWhoHasNoMailboxHearsOfChangesByPhone(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	b := atHome(t, s)
	b.Get("/security/addresses/add")
	b.Submit("email", "kaj@post.example", "current_password", e2e.Word)
	if p := b.Submit("code", mailed(s, "kaj@post.example")); p.URL.Path != "/security/addresses" {
		t.Fatalf("%d at %s\n%s", p.Status, p.URL, p.Text())
	}
	if n := len(texts(s, "changed_text", kajPhone)); n != 1 {
		t.Errorf("told of the address %d times", n)
	}
	t.Run("and of a new password, once", func(t *testing.T) {
		s := e2e.New(t)
		inByText(t, s)
		b := atHome(t, s)
		b.Get("/security/password")
		const word = "Et andet langt ord 8 Gange!"
		if p := b.Submit("current_password", e2e.Word, "password", word, "password_confirm", word); p.Status != http.StatusOK || p.URL.Path == "/security/password" {
			t.Fatalf("%d at %s\n%s", p.Status, p.URL, p.Text())
		}
		if n := len(texts(s, "password_changed_text", kajPhone)); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

// What a manager or HR has sent costs as much as what the person asks for.
func TestTextMessagesForOthersAreBoundedToo(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	for range 5 {
		forgot(s, kajPhone)
	}
	ctx, id := s.Operator("havn"), person(t, s, "havn", "1401").ID
	s.Pass(2 * time.Minute)
	if _, err := s.App.Services.Reset.SendFor(ctx, id); err != nil {
		t.Fatal(err)
	}
	s.Pass(2 * time.Minute)
	if _, err := s.App.Services.Reset.SendFor(ctx, id); fault.KindOf(err) != fault.TooMany {
		t.Errorf("one more: %v", err)
	}
	if n := len(texts(s, "reset_text", kajPhone)); n != 6 {
		t.Errorf("%d text messages", n)
	}
}
