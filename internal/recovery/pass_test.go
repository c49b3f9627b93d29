package recovery_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/authz"
	"tilgang/internal/recovery"
)

func (w *world) pass(by, of someone) recovery.Pass {
	w.T.Helper()
	p, err := w.svc.MakePass(w.as(by), of.PersonID)
	if err != nil {
		w.T.Fatalf("%s makes: %v", by.name, err)
	}
	return p
}

func TestAPassLetsSomebodyInOnceForAShortWhile(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.Pass(day)
	p := w.pass(w.mette, w.anna)
	if m := w.last("anna@home.example"); m.Kind != "access_pass" || !strings.Contains(m.Text, "Mette Berg") || strings.Contains(m.Text, p.Code) {
		t.Errorf("%s\n%s", m.Kind, m.Text)
	}
	b := w.signIn(w.anna)
	b.Follow("Use a temporary code")
	if got := b.Submit("code", "00000-00000"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", got.Status)
	}
	if got := b.Submit("code", " "+strings.ToLower(p.Code)); got.URL.Path != "/" {
		t.Fatalf("%s\n%s", got.URL, got.Text())
	}
	if got := b.Get("/session"); !strings.Contains(got.Body, `"aal":1`) || !strings.Contains(got.Body, `"pass"`) {
		t.Error(got.Body)
	}
	t.Run("it works once", func(t *testing.T) {
		again := w.signIn(w.anna)
		again.Get("/mfa/pass")
		if again.Submit("code", p.Code); again.Page.URL.Path != "/mfa/pass" {
			t.Errorf("%s", again.Page.URL)
		}
	})
	t.Run("it enrols and removes nothing", func(t *testing.T) {
		for path, form := range map[string]url.Values{
			"/security/factor": {"current_password": {word}}, "/security/codes": {"current_password": {word}, "saved": {"1"}},
			"/security/phone": {"current_password": {word}, "code": {p.Code}}, "/security/password": {"current_password": {word}, "password": {"another long sentence"}, "password_confirm": {"another long sentence"}, "code": {p.Code}},
		} {
			b.Get(path)
			b.Post(path, form)
		}
		if a, c := w.factors(w.anna); a != 1 || c != 10 {
			t.Errorf("%d factors, %d codes", a, c)
		}
		if n := w.count("accounts WHERE password_changed_at > @at", map[string]any{"at": w.Clock.Now().Add(-hour)}); n != 0 {
			t.Error("the password was changed")
		}
	})
	t.Run("the session ends with the hour, however busy", func(t *testing.T) {
		for range 3 {
			w.Pass(hour/3 - time.Second)
			if b.Get("/session").Status != http.StatusOK {
				t.Fatal("it ended early")
			}
		}
		w.Pass(3 * time.Second)
		if b.Get("/session").Status == http.StatusOK {
			t.Error("it lives on")
		}
	})
}

func TestAPassInPlaceOfTheFirstSetUp(t *testing.T) {
	w := setUp(t)
	w.set(w.anna, "job_title_key", "chief")
	w.set(w.anna, "job_title", "Chief")
	b := w.signIn(w.anna)
	if b.Page.URL.Path != "/mfa/setup" {
		t.Fatalf("%s", b.Page.URL)
	}
	p := w.pass(w.mette, w.anna)
	b.Follow("Use a temporary code")
	if got := b.Submit("code", p.Code); got.URL.Path != "/" {
		t.Fatalf("%s\n%s", got.URL, got.Text())
	}
	if got := b.Get("/profile"); got.URL.Path != "/profile" {
		t.Errorf("the session leads to %s", got.URL)
	}
	t.Run("and not of a second", func(t *testing.T) {
		_, err := w.svc.MakePass(w.as(w.mette), w.anna.PersonID)
		refused(t, err, "recovery.pass.none_needed")
		if again := w.signIn(w.anna); again.Page.URL.Path != "/mfa/setup" {
			t.Errorf("%s", again.Page.URL)
		}
	})
}

func TestWhoMayMakeAPass(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.Pass(day)
	for name, c := range map[string]struct {
		by, of someone
		want   string
	}{
		"a colleague": {w.otto, w.anna, "http.not_found"}, "a manager for no report": {w.mette, w.otto, "http.not_found"}, "for oneself": {w.hanne, w.hanne, "recovery.pass.self"},
		"for HR": {w.adam, w.hanne, "recovery.pass.role"}, "for an administrator": {w.adam, w.ada, "recovery.pass.role"},
		"for whom none is demanded": {w.hanne, w.otto, "recovery.pass.none_needed"},
	} {
		_, err := w.svc.MakePass(w.as(c.by), c.of.PersonID)
		t.Run(name, func(t *testing.T) { refused(t, err, c.want) })
	}
	t.Run("nor for who has just got a password", func(t *testing.T) {
		w.exec("UPDATE accounts SET password_changed_at = @at WHERE tenant_id = @tenant AND id = @id", map[string]any{"id": w.anna.ID, "at": w.Clock.Now().Add(time.Second - day)})
		_, err := w.svc.MakePass(w.as(w.hanne), w.anna.PersonID)
		refused(t, err, "recovery.pass.young")
		w.Pass(time.Second)
		w.pass(w.hanne, w.anna)
	})
	t.Run("three a day of one person", func(t *testing.T) {
		w.pass(w.mette, w.anna)
		w.pass(w.adam, w.anna)
		_, err := w.svc.MakePass(w.as(w.hugo), w.anna.PersonID)
		refused(t, err, "recovery.pass.often")
		w.Pass(day)
		w.pass(w.hugo, w.anna)
	})
}

func TestAMakersPassesAreBounded(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.Pass(day)
	for range 20 {
		w.exec(`INSERT INTO access_passes (tenant_id, id, person_id, account_id, maker_id, code_hash, created_at, expires_at)
			VALUES (@tenant, @id, @otto, @account, @maker, @hash, @now, @now)`, map[string]any{
			"id": uuid.New(), "otto": w.otto.PersonID, "account": w.otto.ID, "maker": w.mette.PersonID, "hash": []byte{1}, "now": w.Clock.Now(),
		})
	}
	_, err := w.svc.MakePass(w.as(w.mette), w.anna.PersonID)
	refused(t, err, "recovery.pass.maker_often")
}

func TestWhatMakesAPassWorthless(t *testing.T) {
	for name, spoil := range map[string]func(w *world){
		"its hour is over": func(w *world) { w.Pass(hour) },
		"another was made": func(w *world) { w.pass(w.hanne, w.anna) },
		"a new password": func(w *world) {
			w.exec("UPDATE accounts SET password_changed_at = @now WHERE tenant_id = @tenant AND id = @id", map[string]any{"id": w.anna.ID, "now": w.Clock.Now()})
		},
		"a role":                    func(w *world) { w.grant(w.anna, authz.RoleHR) },
		"the employer has none now": func(w *world) { w.Custom("havn", strings.Replace(yaml, "  access_pass: {life: 1h}\n", "", 1)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := setUp(t)
			w.enrol(w.anna)
			w.Pass(day)
			p := w.pass(w.mette, w.anna)
			spoil(w)
			b := w.signIn(w.anna)
			b.Post("/mfa/pass", url.Values{"code": {p.Code}})
			if b.Get("/signin/next"); b.Page.URL.Path != "/mfa" {
				t.Errorf("it led to %s", b.Page.URL)
			}
		})
	}
}

func TestAPassIsNoPasswordAndOfOneAccount(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.enrol(w.otto)
	w.Pass(day)
	p := w.pass(w.mette, w.anna)
	b := w.Browser("havn")
	b.Get("/signin")
	b.Submit("email", w.anna.address)
	if b.Submit("password", p.Code); b.Page.URL.Path != "/signin/password" {
		t.Errorf("%s", b.Page.URL)
	}
	if b.Get("/mfa/pass"); b.Page.URL.Path == "/mfa/pass" {
		t.Error("it is asked for without a password")
	}
	other := w.signIn(w.otto)
	other.Get("/mfa/pass")
	if other.Submit("code", p.Code); other.Page.URL.Path != "/mfa/pass" {
		t.Errorf("%s", other.Page.URL)
	}
	t.Run("wrong ones lock", func(t *testing.T) {
		for range 20 {
			other.Post("/mfa/pass", url.Values{"code": {"00000-00000"}})
		}
		w.pass(w.hanne, w.otto)
		own := w.pass(w.hanne, w.otto)
		if other.Post("/mfa/pass", url.Values{"code": {own.Code}}); other.Page.URL.Path != "/mfa/pass" {
			t.Errorf("%s", other.Page.URL)
		}
	})
	t.Run("where the employer has none there is no such page", func(t *testing.T) {
		w.ctx = w.Custom("havn", strings.Replace(yaml, "  access_pass: {life: 1h}\n", "", 1))
		again := w.signIn(w.anna)
		if again.Page.Has("temporary code") {
			t.Error("it is offered")
		}
		if again.Get("/mfa/pass"); again.Page.URL.Path == "/mfa/pass" {
			t.Error("it answers")
		}
		_, err := w.svc.MakePass(w.as(w.mette), w.anna.PersonID)
		refused(t, err, "recovery.pass.off")
	})
}

func TestOfEightWhoUseAPassOneDoes(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.Pass(day)
	p := w.pass(w.mette, w.anna)
	var list []attempt.Attempt
	for range 8 {
		_, a, err := w.App.Services.Attempts.Start(w.ctx, attempt.New{Purpose: attempt.Signin, AccountID: w.anna.ID, AMR: []string{attempt.Password}, Host: "havn." + w.Base})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for _, a := range list {
		all.Go(func() {
			if err := w.svc.UsePass(w.ctx, a, p.Code); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d used it", won.Load())
	}
}

func TestPagesOfAPass(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	w.Pass(day)
	b := w.in(w.mette, "")
	who := "/manager/per_" + w.anna.PersonID.String()
	b.Get(who)
	b.Follow("Make a temporary code")
	p := b.Submit()
	code := stopCode.FindString(p.Text())
	if p.Status != http.StatusOK || code == "" || p.Header.Get("Cache-Control") == "" {
		t.Fatalf("%d\n%s", p.Status, p.Text())
	}
	if again := b.Get(who + "/pass"); strings.Contains(again.Body, code) {
		t.Error("it can be read again")
	}
	b.Submit()
	b.Get(who + "/pass")
	b.Submit()
	if p := b.Get(who + "/pass"); p.Field("code") != nil || !p.Has("3 codes have been made") {
		t.Error(p.Text())
	}
	if p := b.Post(who+"/pass", nil); p.Status != http.StatusTooManyRequests && p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.Status)
	}
}
