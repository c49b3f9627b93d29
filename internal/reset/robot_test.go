package reset_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/app/apptest"
	"tilgang/internal/captcha"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/reset"
)

const always = "captcha: always\n"

// wished tells how many wishes were followed by work.
func (w *world) wished() int {
	w.T.Helper()
	return w.count(w.ctx, "outbox WHERE kind = 'reset.requested'")
}

func TestAWishWithoutScriptWaitsFiveSeconds(t *testing.T) {
	w := setUp(t, always)
	w.CountHere()
	w.anna()
	b := w.Browser("havn")
	b.Get("/reset")
	if p := b.Submit("email", "anna@havn.example"); p.Status != http.StatusUnprocessableEntity || !p.Has("Wait 5 seconds, then press the button again") {
		t.Fatalf("at once: %d %s", p.Status, p.Text())
	}
	if typed := apptest.Attr(b.Page.Field("email"), "value"); typed != "anna@havn.example" {
		t.Errorf("the address was lost: %q", typed)
	}
	if w.wished() != 0 {
		t.Error("it was followed all the same")
	}
	w.Pass(captcha.Age)
	if p := b.Submit("email", "anna@havn.example"); p.URL.Path != "/reset/sent" {
		t.Fatalf("five seconds later: %d %s", p.Status, p.Text())
	}
	if n := len(w.mails("anna@havn.example")); n != 1 {
		t.Errorf("%d mails", n)
	}
	t.Run("and so does the wish for another mail", func(t *testing.T) {
		if p := b.Submit("email", "anna@havn.example"); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("at once: %d", p.Status)
		}
		w.Pass(time.Minute)
		if p := b.Submit("email", "anna@havn.example"); p.URL.Path != "/reset/sent" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
	t.Run("a page from yesterday asks for the button once more", func(t *testing.T) {
		b.Get("/reset")
		w.Pass(25 * time.Hour)
		if p := b.Submit("email", "anna@havn.example"); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%d", p.Status)
		}
	})
}

func TestAProvenWishGoesAtOnceAndCountsOnce(t *testing.T) {
	w := setUp(t, always)
	w.CountHere()
	b := w.Browser("havn")
	b.Get("/reset")
	token := b.Prove(captcha.Reset)
	if p := b.Submit("email", "anna@havn.example", "altcha", token); p.URL.Path != "/reset/sent" {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	b.Get("/reset")
	if p := b.Submit("email", "bo@havn.example", "altcha", token); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the same proof again: %d", p.Status)
	}
	b.Get("/reset")
	if p := b.Submit("email", "not an address", "altcha", b.Prove(captcha.Reset)); p.Status != http.StatusUnprocessableEntity || !p.Has("Enter a whole e-mail address") {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if n := w.count(w.ctx, "captcha_answers WHERE expires_at IS NOT NULL"); n != 1 {
		t.Errorf("%d proofs were used, a mistyped address uses none", n)
	}
}

// A robot that waits out the five seconds is held to a quarter of the limits,
// and takes nothing from those who prove themselves.
func TestWishesWithoutProofHaveAQuarterOfTheLimits(t *testing.T) {
	w := setUp(t, always)
	w.CountHere()
	b := w.Browser("havn")
	b.Get("/reset")
	stamp := apptest.Attr(b.Page.Field("stamp"), "value")
	w.Pass(captcha.Age)
	for n := range 40 {
		if p := b.Post("/reset", url.Values{"email": {fmt.Sprintf("nobody%d@havn.example", n)}, "stamp": {stamp}}); p.URL.Path != "/reset/sent" {
			t.Fatalf("%d: %d %s", n, p.Status, p.Text())
		}
	}
	quarter := reset.DefaultLimits().Mails.Burst / 4
	if n := w.wished(); n != quarter {
		t.Fatalf("%d of forty were followed, want %d", n, quarter)
	}
	b.Get("/reset")
	if p := b.Submit("email", "somebody@havn.example", "altcha", b.Prove(captcha.Reset)); p.URL.Path != "/reset/sent" || w.wished() != quarter+1 {
		t.Errorf("a proven one: %s, %d followed", p.URL, w.wished())
	}
}

func TestTheCheckTellsNothingAboutAnAddress(t *testing.T) {
	w := setUp(t, always)
	w.CountHere()
	sorts := w.everySort()
	st := dbtest.Watch(t, w.ctx, w.DB)
	var wantAnswers, wantStatements []string
	for who, address := range sorts {
		b := w.Browser("havn")
		b.Get("/reset")
		stamp, token := apptest.Attr(b.Page.Field("stamp"), "value"), b.Prove(captcha.Reset)
		st.Take()
		var answers []string
		for _, proof := range []string{"", token, token} {
			fields := url.Values{"email": {address}, "stamp": {stamp}, "altcha": {proof}}
			req := b.Request(http.MethodPost, "/reset", strings.NewReader(fields.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			p := b.Raw(req)
			fresh := apptest.Attr(p.Field("stamp"), "value")
			answers = append(answers, strings.ReplaceAll(seen(p, address), `"`+fresh+`"`, "STAMP"))
		}
		statements := st.Take()
		if wantAnswers == nil {
			wantAnswers, wantStatements = answers, statements
		}
		if diff := cmp.Diff(wantAnswers, answers); diff != "" {
			t.Errorf("%s address is answered otherwise: %s", who, diff)
		}
		if diff := cmp.Diff(wantStatements, statements); diff != "" {
			t.Errorf("%s address makes other work: %s", who, diff)
		}
	}
	if len(wantStatements) < 5 {
		t.Errorf("only %d statements are seen", len(wantStatements))
	}
}
