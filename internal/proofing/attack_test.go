package proofing_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
)

// callback is where the provider would send a browser, without going there.
func (w *world) callback(b *apptest.Browser, person string) *url.URL {
	w.T.Helper()
	b.Get("/federation/bankid/start")
	for _, a := range b.Page.All("a") {
		if strings.Contains(apptest.Text(a), person) {
			p := b.Raw(b.Request("GET", b.Page.Address(apptest.Attr(a, "href")), nil))
			u, err := url.Parse(p.Header.Get("Location"))
			if err != nil || !strings.HasSuffix(u.Path, "/callback") {
				w.T.Fatalf("the provider leads to %q", p.Header.Get("Location"))
			}
			return u
		}
	}
	w.T.Fatalf("no %s on %s", person, b.Page.URL)
	return nil
}

// proven is how many visits came to something.
func (w *world) proven(ctx context.Context) (n int) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, `SELECT count(*) FROM identity_proofs WHERE tenant_id = @tenant AND proven_at IS NOT NULL`)
	})
	return n
}

func with(u *url.URL, kv ...string) string {
	q, changed := u.Query(), *u
	for i := 0; i < len(kv); i += 2 {
		q.Del(kv[i])
		if kv[i+1] != "" {
			q.Set(kv[i], kv[i+1])
		}
	}
	changed.RawQuery = q.Encode()
	return changed.String()
}

func TestTheCallbackTakesNothingThatItDidNotAskFor(t *testing.T) {
	w := setUp(t, always)
	who, other := w.hire(w.ctx, "solveig", solveigNumber, true), w.hire(w.ctx, "odd", "", true)
	there := w.hire(w.other, "hilda", "", true)
	fresh := func() *apptest.Browser { b := w.alumni(); w.in(b, who); return b }
	for name, forge := range map[string]func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string){
		"another state": func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string) {
			return b, with(at, "state", strings.Repeat("A", 43))
		},
		"no state": func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string) { return b, with(at, "state", "") },
		"no code":  func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string) { return b, with(at, "code", "") },
		"another code": func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string) {
			return b, with(at, "code", strings.Repeat("B", 43))
		},
		"a mix-up": func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string) {
			return b, with(at, "iss", "https://evil.example")
		},
		"nobody who answers": func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string) { return b, with(at, "iss", "") },
		"an error with HTML": func(b *apptest.Browser, at *url.URL) (*apptest.Browser, string) {
			return b, with(at, "code", "", "error", "<b>x</b>", "error_description", "<script>alert(1)</script>")
		},
		"another browser's state": func(_ *apptest.Browser, at *url.URL) (*apptest.Browser, string) { return fresh(), at.String() },
		"another person's browser": func(_ *apptest.Browser, at *url.URL) (*apptest.Browser, string) {
			b := w.alumni()
			w.in(b, other)
			return b, at.String()
		},
		"another tenant's": func(_ *apptest.Browser, at *url.URL) (*apptest.Browser, string) {
			b := w.BrowserOn("alumni.skog." + w.Base)
			w.in(b, there)
			u := *at
			u.Host = "alumni.skog." + w.Base
			return b, u.String()
		},
		"a code of another attempt": func(_ *apptest.Browser, at *url.URL) (*apptest.Browser, string) {
			b := w.alumni()
			w.in(b, other)
			own := w.callback(b, solveig)
			return b, with(own, "code", at.Query().Get("code"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := fresh()
			at := w.callback(b, solveig)
			from, address := forge(b, at)
			p := from.Get(address)
			if p.Status != 409 || strings.Contains(p.Body, "<script>alert") || strings.Contains(p.Body, "<b>x") || strings.Contains(p.Body, "evil") {
				t.Errorf("answers %d\n%s", p.Status, p.Text())
			}
			if !strings.Contains(p.Text(), "Try again") {
				t.Errorf("no next step:\n%s", p.Text())
			}
		})
	}
	if n := w.proven(w.ctx) + w.proven(w.other); n != 0 {
		t.Errorf("%d visits came to something", n)
	}
	if n := w.audited(w.ctx, "federation.refused"); n < 8 {
		t.Errorf("%d refusals in the audit", n)
	}
}

func TestAnAnswerWorksOnce(t *testing.T) {
	w := setUp(t, always)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	at := w.callback(b, solveig)
	kept := b.Cookie("-federation")
	name := ""
	for _, c := range b.Cookies() {
		if strings.HasSuffix(c.Name, "-federation") {
			name = c.Name
		}
	}
	attempt, attemptName := b.Cookie("-attempt"), strings.Replace(name, "-federation", "-attempt", 1)
	b.Get(at.String())
	w.path(b, "/")
	thief := w.alumni()
	thief.SetCookie(name, kept)
	thief.SetCookie(attemptName, attempt)
	p := thief.Get(at.String())
	if p.URL.Path == "/" && p.Status == 200 && thief.Get("/session").Status == 200 {
		t.Error("an answer worked twice")
	}
	if n := w.proven(w.ctx); n != 1 {
		t.Errorf("%d proofs", n)
	}
}

func TestWhoComesBackWithoutAProofIsToldWhatToDo(t *testing.T) {
	w := setUp(t, always)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	w.as(b, "Cancel")
	w.says(b, "You cancelled")
	b.Follow("Try again")
	w.path(b, "/proofing")
	b.Get("/federation/bankid/start")
	b.Follow("Sign at a low level")
	b.Follow(solveig)
	w.says(b, "lower level than we ask for")
	if len(w.linked(w.ctx, who)) != 0 {
		t.Error("a low level linked")
	}
	t.Run("ten visits are enough for one attempt", func(t *testing.T) {
		for range 10 {
			w.as(b, "Cancel")
		}
		if b.Page.Status != 429 {
			t.Errorf("%d\n%s", b.Page.Status, b.Page.Text())
		}
	})
	t.Run("an unknown connector is not there", func(t *testing.T) {
		if p := b.Get("/federation/nothing/start"); p.Status != 404 {
			t.Errorf("%d", p.Status)
		}
	})
}

// The number is nowhere in the open: not in a row, not in a page (P-rule 11).
func TestNoNumberIsStored(t *testing.T) {
	w := setUp(t, always)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	w.as(b, solveig)
	w.path(b, "/")
	w.do(w.ctx, func(ctx context.Context) error {
		var n int
		err := db.Rows(ctx, &n, `SELECT count(*) FROM audit_events WHERE tenant_id = @tenant AND detail LIKE @number`, sql.Named("number", "%"+solveigNumber+"%"))
		if n != 0 {
			t.Errorf("%d rows of the audit hold it", n)
		}
		return err
	})
	for _, l := range w.linked(w.ctx, who) {
		if strings.Contains(string(l.NationalKey)+string(l.SubjectHash), solveigNumber) || len(l.NationalKey) != 32 || len(l.SubjectHash) != 32 {
			t.Error("not a keyed hash")
		}
	}
}
