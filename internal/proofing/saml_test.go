package proofing_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/identity"
)

const bySAML = "alumni: {proofing: always}\nconnectors: [{key: adfs, kind: practice_saml, name: Nordlys ADFS}]\n"

// posts is the form with which the provider sends a browser back, for a person.
func (w *world) posts(b *apptest.Browser, person string) (to string, form url.Values) {
	w.T.Helper()
	b.Get("/federation/adfs/start")
	if !strings.HasPrefix(b.Page.URL.Host, "eid.") {
		w.T.Fatalf("not at the provider but on %s (%d)\n%s", b.Page.URL, b.Page.Status, b.Page.Text())
	}
	b.Follow(person)
	form = url.Values{}
	for _, f := range b.Page.All("form") {
		if action := apptest.Attr(f, "action"); strings.HasSuffix(action, "/acs") {
			to = action
		}
	}
	for _, in := range b.Page.All("input") {
		if name := apptest.Attr(in, "name"); name == "SAMLResponse" || name == "RelayState" {
			form.Set(name, apptest.Attr(in, "value"))
		}
	}
	if to == "" || form.Get("SAMLResponse") == "" {
		w.T.Fatalf("no answer on %s\n%s", b.Page.URL, b.Page.Body)
	}
	return to, form
}

// post sends an answer as a browser does that stands on the provider's page: from
// another site, and without a cookie of ours.
func (w *world) post(to string, form url.Values) *apptest.Page {
	w.T.Helper()
	u, err := url.Parse(to)
	if err != nil {
		w.T.Fatal(err)
	}
	bare := w.BrowserOn(u.Host)
	req := bare.Request(http.MethodPost, to, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "http://eid."+w.Base)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	return bare.Raw(req)
}

// onward is where an answer leads, which must be the callback of the same host.
func (w *world) onward(to string, form url.Values) string {
	w.T.Helper()
	p := w.post(to, form)
	at := p.Header.Get("Location")
	if p.Status != http.StatusSeeOther || !strings.HasPrefix(at, "/federation/adfs/callback?") {
		w.T.Fatalf("answers %d, %q\n%s", p.Status, at, p.Text())
	}
	u, err := url.Parse(to)
	if err != nil {
		w.T.Fatal(err)
	}
	return u.Scheme + "://" + u.Host + at
}

func (w *world) whys(ctx context.Context) (list []string) {
	w.T.Helper()
	w.do(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &list, `SELECT detail FROM audit_events WHERE tenant_id = @tenant AND action = 'federation.refused' ORDER BY id`)
	})
	return list
}

func TestALeaverProvesWhoTheyAreBySAML(t *testing.T) {
	w := setUp(t, bySAML)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	w.path(b, "/proofing")
	b.Follow("Confirm")
	b.Follow(solveig)
	w.says(b, "Back to the portal")
	if csp := b.Page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' http://alumni.nordlys."+w.Base+";") {
		t.Errorf("a browser would not post it: %s", csp)
	}
	b.Submit()
	w.path(b, "/")
	list := w.linked(w.ctx, who)
	if len(list) != 1 || !list[0].Proven || list[0].Level != identity.Substantial || list[0].Connector != "adfs" {
		t.Fatalf("linked %+v", list)
	}
	w.do(w.ctx, func(ctx context.Context) error {
		var n int
		err := db.Rows(ctx, &n, `SELECT count(*) FROM federation_answers WHERE tenant_id = @tenant AND (taken_at IS NULL OR LENGTH(sealed) > 0)`)
		if n != 0 {
			t.Errorf("%d answers still say who it was", n)
		}
		return err
	})
}

func TestAnEIDIsLinkedBySAMLFromTheSecurityPage(t *testing.T) {
	w := setUp(t, bySAML)
	who := w.hire(w.ctx, "solveig", solveigNumber, false)
	b := w.BrowserOn("nordlys." + w.Base)
	w.in(b, who)
	b.Get("/security/identities/link")
	b.Submit("current_password", word)
	w.path(b, "/proofing")
	b.Get(w.onward(w.posts(b, solveig)))
	w.path(b, "/security/identities")
	if list := w.linked(w.ctx, who); len(list) != 1 || !list[0].Proven {
		t.Fatalf("linked %+v", list)
	}
}

// An answer opens the flow that asked for it, in the browser that asked, at the
// employer that asked, once (P42, P37).
func TestASAMLAnswerIsForOneBrowserOneFlowOneEmployer(t *testing.T) {
	w := setUp(t, bySAML)
	who, other := w.hire(w.ctx, "solveig", solveigNumber, true), w.hire(w.ctx, "odd", "", true)
	there := w.hire(w.other, "hilda", "", true)
	fresh := func(who someone) *apptest.Browser { b := w.alumni(); w.in(b, who); return b }
	for name, forge := range map[string]func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string){
		"in a browser that is in another flow": func(_ *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			return fresh(who), w.onward(to, form)
		},
		"in another person's browser": func(_ *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			victim := fresh(other)
			w.posts(victim, solveig)
			return victim, w.onward(to, form)
		},
		"in another person's browser, with its own state": func(_ *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			victim := fresh(other)
			_, own := w.posts(victim, solveig)
			form.Set("RelayState", own.Get("RelayState"))
			return victim, w.onward(to, form)
		},
		"of an earlier visit": func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			_, now := w.posts(b, solveig)
			form.Set("RelayState", now.Get("RelayState"))
			return b, w.onward(to, form)
		},
		"with another state": func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			form.Set("RelayState", strings.Repeat("A", 43))
			return b, w.onward(to, form)
		},
		"with no state": func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			form.Del("RelayState")
			return b, w.onward(to, form)
		},
		"at another employer": func(_ *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			b := w.BrowserOn("alumni.skog." + w.Base)
			w.in(b, there)
			return b, w.onward(strings.Replace(to, "nordlys", "skog", 1), form)
		},
		"at the employer's other host": func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			return b, strings.Replace(w.onward(strings.Replace(to, "alumni.", "", 1), form), "//", "//alumni.", 1)
		},
		"a code of the thief's own": func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			at, _ := url.Parse(w.onward(to, form))
			return b, with(at, "code", strings.Repeat("A", 43))
		},
		"a refusal of the thief's own words": func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			at, _ := url.Parse(w.onward(to, form))
			return b, with(at, "code", "", "error", "ZXZpbA") // evil
		},
		"nothing at all": func(b *apptest.Browser, to string, form url.Values) (*apptest.Browser, string) {
			form.Del("SAMLResponse")
			return b, w.onward(to, form)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := fresh(who)
			to, form := w.posts(b, solveig)
			from, address := forge(b, to, form)
			p := from.Get(address)
			if p.Status != 409 || strings.Contains(p.Body, "evil") || !strings.Contains(p.Text(), "Try again") {
				t.Errorf("answers %d\n%s", p.Status, p.Text())
			}
		})
	}
	if n := w.proven(w.ctx) + w.proven(w.other); n != 0 {
		t.Errorf("%d visits came to something", n)
	}
	for _, detail := range w.whys(w.ctx) {
		if strings.Contains(detail, "evil") {
			t.Errorf("the thief's words stand in the audit: %s", detail)
		}
	}
}

func TestASAMLAnswerWorksOnce(t *testing.T) {
	w := setUp(t, bySAML)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	to, form := w.posts(b, solveig)
	first := w.onward(to, form)
	if second := w.onward(to, form); !strings.Contains(second, "error=") || strings.Contains(second, "code=") {
		t.Errorf("an assertion counted twice: %s", second)
	}
	b.Get(first)
	w.path(b, "/")
	if p := b.Get(first); p.Status == http.StatusOK && p.URL.Path == "/federation/adfs/callback" {
		t.Errorf("a second time: %d", p.Status)
	}
	if n := w.proven(w.ctx); n != 1 {
		t.Errorf("%d proofs", n)
	}
}

func TestASAMLAnswerWaitsForMinutesOnly(t *testing.T) {
	w := setUp(t, bySAML)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	at := w.onward(w.posts(b, solveig))
	w.Pass(3 * time.Minute)
	b.Get(at)
	w.says(b, "That did not work")
	if n := w.proven(w.ctx); n != 0 {
		t.Errorf("%d proofs", n)
	}
	w.do(w.ctx, func(ctx context.Context) error {
		var n int
		err := db.Rows(ctx, &n, `SELECT count(*) FROM audit_events WHERE tenant_id = @tenant AND detail LIKE @number`, sql.Named("number", "%"+solveigNumber+"%"))
		if n != 0 {
			t.Errorf("%d rows of the audit hold the number", n)
		}
		return err
	})
}

func TestWhoComesBackFromSAMLWithoutAProofIsToldWhatToDo(t *testing.T) {
	w := setUp(t, bySAML)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	b.Get(w.onward(w.posts(b, "Cancel")))
	w.says(b, "You cancelled")
	b.Follow("Try again")
	w.path(b, "/proofing")
	b.Get("/federation/adfs/start")
	b.Follow("Sign at a low level")
	b.Follow(solveig)
	b.Submit()
	w.says(b, "lower level than we ask for")
	if len(w.linked(w.ctx, who)) != 0 {
		t.Error("a low level linked")
	}
}

// What is posted leaves nothing but what the provider signed; a connector that is
// taken out of the file, or speaks another protocol, takes nothing (P40).
func TestTheDoorForAnswersTakesNoOthers(t *testing.T) {
	w := setUp(t, bySAML)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	to, form := w.posts(b, solveig)
	kept := func() (n int) {
		w.do(w.ctx, func(ctx context.Context) error {
			return db.Rows(ctx, &n, `SELECT count(*) FROM federation_answers WHERE tenant_id = @tenant`)
		})
		return n
	}
	w.onward(to, url.Values{"SAMLResponse": {"PHg+"}, "RelayState": form["RelayState"]})
	if p := w.post(to, url.Values{"SAMLResponse": {strings.Repeat("A", 300<<10)}}); p.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("too much: %d", p.Status)
	}
	if n := kept(); n != 0 {
		t.Errorf("%d answers were kept", n)
	}
	for _, path := range []string{"/federation/nothing/acs", "/federation/adfs/acs"} {
		w.Custom("nordlys", yaml+strings.Replace(bySAML, "key: adfs, kind: practice_saml", "key: adfs, kind: practice", 1))
		if p := w.post("http://alumni.nordlys."+w.Base+path, form); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	w.Custom("nordlys", yaml+"alumni: {proofing: unmatched_address}\n")
	if p := w.post(to, form); p.Status != http.StatusNotFound {
		t.Errorf("a connector that is gone: %d", p.Status)
	}
	if p := b.Get("/federation/adfs/metadata"); p.Status != http.StatusNotFound {
		t.Errorf("its metadata: %d", p.Status)
	}
}

func TestWhatAProviderIsToldOfAnEmployer(t *testing.T) {
	w := setUp(t, bySAML)
	for _, host := range []string{"nordlys.", "alumni.nordlys."} {
		p := w.BrowserOn(host + w.Base).Get("/federation/adfs/metadata")
		for _, part := range []string{
			`entityID="http://nordlys.` + w.Base + `/federation/adfs/metadata"`, `Location="http://nordlys.` + w.Base + `/federation/adfs/acs"`,
			`Location="http://alumni.nordlys.` + w.Base + `/federation/adfs/acs"`,
		} {
			if p.Status != 200 || !strings.Contains(p.Body, part) {
				t.Errorf("%d, no %s:\n%s", p.Status, part, p.Body)
			}
		}
	}
}
