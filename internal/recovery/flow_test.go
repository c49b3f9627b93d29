package recovery_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/factor"
	"tilgang/internal/tenant"
)

// newKey sets a new app up on the page that the browser shows.
func (w *world) newKey(b *apptest.Browser) (key string) {
	w.T.Helper()
	b.Get("/mfa/setup/totp")
	for _, n := range b.Page.All("code") {
		key = strings.ReplaceAll(apptest.Text(n), " ", "")
	}
	b.Submit("code", w.code(key))
	return key
}

func TestTheNextSignInSetsANewFactorUp(t *testing.T) {
	w := setUp(t)
	old := w.enrol(w.anna)
	w.reopened(w.anna)
	elsewhere := w.session(w.anna)
	b := w.signIn(w.anna)
	if b.Page.URL.Path != "/mfa/setup" || !b.Page.Has("Set up a new extra step") {
		t.Fatalf("%s\n%s", b.Page.URL, b.Page.Text())
	}
	t.Run("and until it is confirmed nothing has changed", func(t *testing.T) {
		if a, c := w.factors(w.anna); a != 1 || c != 10 {
			t.Errorf("%d factors, %d codes", a, c)
		}
		if !elsewhere() {
			t.Error("a session has ended")
		}
	})
	w.newKey(b)
	if b.Submit("@action", "skip"); b.Page.URL.Path != "/mfa/setup/recovery" {
		t.Fatalf("%s\n%s", b.Page.URL, b.Page.Text())
	}
	if a, c := w.factors(w.anna); a != 1 || c != 0 {
		t.Errorf("%d factors, %d codes", a, c)
	}
	if p := b.Submit("saved", "1"); p.URL.Path != "/" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	t.Run("every other session has ended", func(t *testing.T) {
		if elsewhere() {
			t.Error("one lives on")
		}
	})
	t.Run("the old factor is worth nothing, and the door is shut", func(t *testing.T) {
		again := w.signIn(w.anna)
		if again.Page.URL.Path != "/mfa" {
			t.Fatalf("%s", again.Page.URL)
		}
		if again.Submit("code", w.code(old)); again.Page.URL.Path != "/mfa" {
			t.Errorf("the old code led to %s", again.Page.URL)
		}
	})
	t.Run("the person hears of it", func(t *testing.T) {
		kinds := map[string]bool{}
		for _, m := range w.mails(w.anna.address) {
			kinds[m.Kind] = true
		}
		if !kinds["factor_replaced"] || !kinds["recovery_ended"] {
			t.Errorf("%v", kinds)
		}
		if n := w.count("audit_events WHERE action IN ('recovery.started', 'recovery.approved', 'recovery.ended', 'factor.superseded', 'factor.added') AND detail NOT LIKE '%Hanne%'"); n < 5 {
			t.Errorf("%d steps are written down", n)
		}
	})
}

func TestAnOldFactorThatIsFoundEndsIt(t *testing.T) {
	for name, proves := range map[string]func(w *world, key string){
		"while the time runs": func(w *world, key string) {
			w.approve(w.hugo, w.start(w.hanne, w.anna))
			w.in(w.anna, key)
		},
		"in place of the set-up": func(w *world, key string) {
			w.reopened(w.anna)
			b := w.signIn(w.anna)
			b.Follow("I have found my old one")
			if b.Submit("code", w.code(key)); b.Page.URL.Path != "/" {
				w.T.Fatalf("%s\n%s", b.Page.URL, b.Page.Text())
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := setUp(t)
			key := w.enrol(w.anna)
			proves(w, key)
			w.Pass(2 * day)
			if w.opened(w.anna) {
				t.Fatal("it goes on")
			}
			if m := w.last("anna@home.example"); m.Kind != "recovery_ended" || !strings.Contains(m.Text, "so it is not lost") {
				t.Errorf("%s\n%s", m.Kind, m.Text)
			}
			if b := w.signIn(w.anna); b.Page.URL.Path != "/mfa" {
				t.Errorf("%s", b.Page.URL)
			}
			if a, c := w.factors(w.anna); a != 1 || c != 10 {
				t.Errorf("%d factors, %d codes", a, c)
			}
		})
	}
}

func TestWhereNoneIsDemandedTheLostOneIsRemoved(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.reopened(w.anna)
	elsewhere := w.session(w.anna)
	own := w.signIn(w.anna)
	if own.Submit("@action", "skip"); own.Page.URL.Path != "/mfa/setup" {
		t.Fatalf("%s", own.Page.URL) // the ordinary offer of the employer
	}
	if own.Submit("@action", "skip"); own.Page.URL.Path != "/" {
		t.Fatalf("%s\n%s", own.Page.URL, own.Page.Text())
	}
	if a, c := w.factors(w.anna); a != 0 || c != 0 {
		t.Errorf("%d factors, %d codes", a, c)
	}
	if elsewhere() {
		t.Error("another session lives on")
	}
	if m := w.last("anna@home.example"); !strings.Contains(m.Text, "lost extra step and your recovery codes were removed") {
		t.Error(m.Text)
	}
}

func TestWhereOneIsDemandedNothingIsRemovedWithoutANewOne(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.set(w.anna, "job_title_key", "chief")
	w.set(w.anna, "job_title", "Chief")
	w.reopened(w.anna)
	b := w.signIn(w.anna)
	b.Post("/mfa/setup", url.Values{"action": {"skip"}})
	b.Post("/mfa/setup", url.Values{"action": {"later"}})
	if b.Get("/signin/next"); b.Page.URL.Path != "/mfa/setup" {
		t.Errorf("%s", b.Page.URL)
	}
	if a, c := w.factors(w.anna); a != 1 || c != 10 {
		t.Errorf("%d factors, %d codes", a, c)
	}
}

// The door is judged when the new factor is confirmed, not when its page was
// opened.
func TestWhatIsStoppedMeanwhileConfirmsNothing(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	r := w.reopened(w.anna)
	b := w.signIn(w.anna)
	b.Get("/mfa/setup/totp")
	key := ""
	for _, n := range b.Page.All("code") {
		key = strings.ReplaceAll(apptest.Text(n), " ", "")
	}
	if err := w.svc.Cancel(w.as(w.adam), r.ID); err != nil {
		t.Fatal(err)
	}
	b.Submit("code", w.code(key))
	if b.Get("/signin/next"); b.Page.URL.Path != "/mfa" {
		t.Errorf("%s", b.Page.URL)
	}
	if a, c := w.factors(w.anna); a != 1 || c != 10 {
		t.Errorf("%d factors, %d codes", a, c)
	}
	t.Run("nor does the service by itself", func(t *testing.T) {
		err := w.DB.Tx(w.ctx, func(ctx context.Context) error { return w.App.Services.Factors.Supersede(ctx, w.anna.ID, "") })
		refused(t, err, "recovery.shut")
	})
}

func TestOfEightAtOnceOneUsesIt(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.reopened(w.anna)
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := w.DB.Tx(w.ctx, func(ctx context.Context) error { return w.svc.Use(ctx, w.anna.ID, true) }); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d used it", won.Load())
	}
}

// Two administrators who approve at the same moment are two.
func TestTwoApprovalsAtOnceAreBothCounted(t *testing.T) {
	w := setUp(t)
	w.enrol(w.alma)
	r := w.start(w.hanne, w.alma)
	var enough atomic.Int32
	var all sync.WaitGroup
	for _, ctx := range []context.Context{w.as(w.adam), w.as(w.ada), w.as(w.adam), w.as(w.ada)} {
		all.Go(func() {
			if ok, err := w.svc.Approve(ctx, r.ID); err == nil && ok {
				enough.Add(1)
			}
		})
	}
	all.Wait()
	w.Pass(day)
	if enough.Load() != 1 || !w.opened(w.alma) {
		t.Errorf("%d were the last, open %t", enough.Load(), w.opened(w.alma))
	}
}

// A set-up that began inside an account, a way without the password and an
// invitation are no sign-in with the right password.
func TestOnlyASignInByPasswordIsAWayIn(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.reopened(w.anna)
	for name, c := range map[string]struct {
		in   factor.Situation
		want factor.Kind
	}{
		"the password": {factor.Situation{AMR: []string{"pwd"}}, factor.StepSetup}, "a set-up from within": {factor.Situation{AMR: []string{"pwd"}, Asked: true}, factor.StepChallenge},
		"a link alone": {factor.Situation{AMR: []string{"link"}}, factor.StepChallenge}, "nothing": {factor.Situation{}, factor.StepChallenge},
	} {
		c.in.Policy = tenant.MustFrom(w.ctx).Mfa
		step, err := w.App.Services.Factors.Next(w.ctx, w.anna.ID, c.in)
		if err != nil || step.Kind != c.want || step.Anew != (c.want == factor.StepSetup) {
			t.Errorf("%s: %+v %v", name, step, err)
		}
	}
}

func TestPagesOfHR(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	hr, boss, admin := w.in(w.hanne, ""), w.in(w.mette, ""), w.in(w.adam, "")
	who := "/manager/per_" + w.anna.PersonID.String()
	boss.Get(who)
	boss.Follow("Replace the lost extra step")
	if p := boss.Submit("reason", "no"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.Status)
	}
	if p := boss.Submit("reason", reason); p.URL.Path != who+"/recovery" || !p.Has("Waits for approval") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	for _, b := range []*apptest.Browser{hr, admin} {
		p := b.Get("/admin/recovery")
		if !p.Has("Anna Berg") || !p.Has("Mette Berg") || !p.Has("One approval is missing") {
			t.Error(p.Text())
		}
	}
	hr.Follow("Anna Berg")
	if p := hr.Post(hr.Page.URL.Path+"/approve", nil); !p.Has("Approved, waiting time runs") || p.Status != http.StatusOK {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if p := boss.Get(who + "/recovery"); !p.Has("Approved, waiting time runs") || !p.Has("Hanne Berg") {
		t.Error(p.Text())
	}
	admin.Follow("Anna Berg")
	if p := admin.Post(admin.Page.URL.Path+"/cancel", nil); !p.Has("It was cancelled") {
		t.Error(p.Text())
	}
	for path, want := range map[string]int{"/admin/recovery": http.StatusForbidden, "/admin/people/per_" + w.anna.PersonID.String() + "/recovery": http.StatusForbidden} {
		if p := boss.Get(path); p.Status != want {
			t.Errorf("%s answers a manager %d", path, p.Status)
		}
	}
}

func TestThePersonStopsIt(t *testing.T) {
	w := setUp(t)
	key := w.enrol(w.anna)
	b := w.in(w.anna, key)
	w.start(w.hanne, w.anna)
	if p := b.Get("/recovery/stop"); p.URL.Path != "/recovery" || !p.Has("Hanne Berg") {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if p := b.Post("/recovery", nil); !p.Has("Everything stays as it was") {
		t.Error(p.Text())
	}
	w.Work()
	w.Pass(time.Minute)
	r := w.start(w.adam, w.anna)
	out := w.Browser("havn")
	code := w.stopCode(w.anna.address)
	out.Get("/recovery/stop")
	if n := w.count("recoveries WHERE ended_at IS NULL"); n != 1 {
		t.Error("looking at the page ended it")
	}
	if p := out.Submit("code", "00000-00000"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.Status)
	}
	if p := out.Submit("code", code); !p.Has("It is stopped") {
		t.Error(p.Text())
	}
	_, err := w.svc.Approve(w.as(w.hugo), r.ID)
	refused(t, err, "recovery.settled")
}
