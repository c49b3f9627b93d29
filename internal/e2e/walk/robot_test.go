package walk_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tilgang/internal/captcha"
	"tilgang/internal/e2e/browser"
	"tilgang/internal/signin"
)

// working tells that the page's script has begun with the check.
const working = `document.querySelector("[data-robot][data-state]")`

// robot sees the robot check of an employer who always asks for it.
func (w *walker) robot() {
	w.t.Helper()
	w.speaks("askvik")
	p := w.tab()
	p.Goto(w.at("askvik", "/reset"))
	w.checked(p)
	w.look(p, "reset-robot")
	w.post(p, "/reset", "email", "nobody@askvik.example")
	w.checked(p)
	w.wrong(p, "reset-robot-again")
}

// checked waits until the page's script has done the check.
func (w *walker) checked(p page) {
	if window, drawn := p.(*browser.Page); drawn {
		window.Await(w.say("captcha.done"))
	}
}

func TestTheRobotCheckInChromium(t *testing.T) {
	t.Parallel()
	w := newWalker(t, "nb", 360)
	w.CountHere()
	who := w.Who("askvik", "employee")
	t.Run("asks nothing of a person: pressed at once, the form goes by itself", func(t *testing.T) {
		p := w.window()
		p.Goto(w.at("askvik", "/reset"))
		until(p, working)
		p.Fill("email", who.Email)
		p.Press(".card form [value=password]")
		if !strings.HasSuffix(p.URL(), "/reset/sent") {
			t.Fatalf("on %s\n%s", p.URL(), p.Text())
		}
		w.Work()
		w.Link(who.Email, "/reset/")
		if hosts := p.Requests(); len(hosts) != 1 {
			t.Errorf("it asked %q", hosts)
		}
	})
	t.Run("by keyboard, and said aloud", func(t *testing.T) {
		p := w.window()
		p.Goto(w.at("askvik", "/reset"))
		p.Await(w.say("captcha.done"))
		if said := browser.Eval[string](p, `document.querySelector("[data-robot] [role=status]").textContent`); said != w.say("captcha.done") {
			t.Errorf("a screen reader hears %q", said)
		}
		p.Type(who.Email) // the field has the focus
		if p.Submit(); !strings.HasSuffix(p.URL(), "/reset/sent") {
			t.Errorf("on %s\n%s", p.URL(), p.Text())
		}
	})
	t.Run("without script the form's age is enough", func(t *testing.T) {
		p := w.chrome.Page(360, 740, "nb", browser.Options{NoScript: true})
		p.Goto(w.at("askvik", "/reset"))
		if !p.Has("5 sekunder") {
			t.Errorf("nobody says to wait: %s", p.Text())
		}
		p.Fill("email", who.Email)
		if p.Press(".card form [value=password]"); p.Status() != http.StatusUnprocessableEntity || p.Value("email") != who.Email {
			t.Errorf("at once: %d %s", p.Status(), p.Text())
		}
		w.Pass(captcha.Age)
		if p.Press(".card form [value=password]"); !strings.HasSuffix(p.URL(), "/reset/sent") {
			t.Errorf("later: %s\n%s", p.URL(), p.Text())
		}
	})
	t.Run("a browser that gets no challenge waits and goes on", func(t *testing.T) {
		b := w.Browser("askvik")
		for b.Get("/captcha/challenge?action=reset").Status == http.StatusOK {
		}
		p := w.window()
		p.Goto(w.at("askvik", "/reset"))
		p.Fill("email", who.Email)
		p.Await(w.say("captcha.failed"))
		w.Pass(captcha.Age)
		if p.Press(".card form [value=password]"); !strings.HasSuffix(p.URL(), "/reset/sent") {
			t.Errorf("on %s\n%s", p.URL(), p.Text())
		}
	})
}

// An office from whose network somebody guesses passwords is not kept waiting.
func TestAFloodedNetworkSignsInByTheRobotCheckInChromium(t *testing.T) {
	t.Parallel()
	w := newWalker(t, "sv", 360)
	w.CountHere()
	b := w.Browser("skog")
	b.Get("/signin")
	for i := range signin.DefaultLimits().Network.Burst {
		b.Post("/signin", url.Values{"email": {fmt.Sprintf("nobody%d@skog.example", i)}})
		b.Submit("password", "wrong")
	}
	who := w.Who("skog", "employee")
	p := w.window()
	p.Goto(w.at("skog", "/signin"))
	p.Fill("email", who.Email)
	p.Press(".card .button")
	until(p, working)
	p.Fill("password", who.Password)
	if p.Press(".card .actions .button"); strings.HasSuffix(p.URL(), "/signin/password") {
		t.Errorf("still on %s (%d)\n%s", p.URL(), p.Status(), p.Text())
	}
}
