package captcha_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/captcha"
	"tilgang/internal/tenant"
)

const yaml = `
name: Havn
languages: [en, da]
time_zone: Europe/Copenhagen
legal_employers: [{key: havn-retail, name: Havn Retail A/S, country: DK}]
branding: {primary: "#0d6fb5", sender_name: Havn}
mfa: {methods: {totp: off, phone: off, push: off, passkey: off}, offer: skip}
`

type world struct {
	*apptest.World

	svc   *captcha.Service
	ctx   context.Context // of havn
	other context.Context // of skog
	b     *apptest.Browser
}

func setUp(t *testing.T, more string) *world {
	t.Helper()
	w := &world{World: apptest.New(t)}
	w.ctx, w.other, w.svc = w.Custom("havn", yaml+more), w.Custom("skog", yaml+"captcha: always\n"), w.App.Services.Robots
	w.b = w.Browser("havn")
	w.CountHere()
	return w
}

func (w *world) form() captcha.Form {
	return captcha.Form{Action: captcha.Reset, Host: w.b.Host, IP: "192.0.2.1"}
}

// judged is what a form is worth.
func (w *world) judged(ctx context.Context, f captcha.Form) captcha.Verdict {
	w.T.Helper()
	verdict, err := w.svc.Judge(ctx, f)
	if err != nil {
		w.T.Fatal(err)
	}
	return verdict
}

// stamp is the page's, just shown.
func (w *world) stamp() string {
	w.T.Helper()
	w.b.Get("/reset")
	return apptest.Attr(w.b.Page.Field("stamp"), "value")
}

func TestAnAnswerCountsOnce(t *testing.T) {
	w := setUp(t, "captcha: always\n")
	f := w.form()
	f.Token = w.b.Prove(captcha.Reset)
	if got := w.judged(w.ctx, f); got != captcha.Proven {
		t.Fatalf("got %d", got)
	}
	if got := w.judged(w.ctx, f); got != captcha.Nothing {
		t.Errorf("a second time: %d", got)
	}
	t.Run("however it is written", func(t *testing.T) {
		raw, _ := base64.StdEncoding.DecodeString(f.Token)
		for _, other := range []string{" " + string(raw), strings.Replace(string(raw), `"time":0`, `"time":7`, 1), strings.Replace(string(raw), `"counter":`, `"counter":1`, 1)} {
			f.Token = base64.StdEncoding.EncodeToString([]byte(other))
			if got := w.judged(w.ctx, f); got != captcha.Nothing {
				t.Errorf("%.40s: %d", other, got)
			}
		}
	})
	t.Run("and of sixteen at once for one", func(t *testing.T) {
		f.Token = w.b.Prove(captcha.Reset)
		var all sync.WaitGroup
		var won atomic.Int32
		for range 16 {
			all.Go(func() {
				verdict, err := w.svc.Judge(w.ctx, f)
				if err != nil {
					t.Error(err)
				}
				if verdict == captcha.Proven {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("for %d", won.Load())
		}
	})
	t.Run("and is forgotten once it would have ended", func(t *testing.T) {
		if n, err := w.svc.Sweep(w.ctx); n != 0 || err != nil {
			t.Fatalf("%d too early, %v", n, err)
		}
		w.Pass(captcha.ChallengeLife + 2*time.Minute)
		if n, err := w.svc.Sweep(w.other); n != 0 || err != nil {
			t.Fatalf("another tenant swept %d, %v", n, err)
		}
		if n, err := w.svc.Sweep(w.ctx); n != 2 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestAnAnswerCountsForItsFormHostAndTimeAlone(t *testing.T) {
	w := setUp(t, "captcha: always\n")
	f := w.form()
	f.Token = w.b.Prove(captcha.Reset)
	for name, change := range map[string]func(*captcha.Form){
		"another form":          func(f *captcha.Form) { f.Action = captcha.Signin },
		"the alumni host":       func(f *captcha.Form) { f.Host = "alumni." + f.Host },
		"another tenant's host": func(f *captcha.Form) { f.Host = strings.Replace(f.Host, "havn", "skog", 1) },
	} {
		g := f
		change(&g)
		if got := w.judged(w.ctx, g); got != captcha.Nothing {
			t.Errorf("%s: %d", name, got)
		}
	}
	w.Pass(captcha.ChallengeLife)
	if got := w.judged(w.ctx, f); got != captcha.Nothing {
		t.Errorf("after its end: %d", got)
	}
	f.Token = w.b.Prove(captcha.Reset)
	w.Pass(captcha.ChallengeLife - 2*time.Second)
	if got := w.judged(w.ctx, f); got != captcha.Proven {
		t.Errorf("before its end: %d", got)
	}
}

func TestOnlyTheWorkItselfIsAnAnswer(t *testing.T) {
	w := setUp(t, "captcha: always\n")
	c := w.b.Challenge(captcha.Reset)
	lazy := func(name string, value any) string {
		copied := apptest.Challenge{Parameters: map[string]any{}, Signature: c.Signature}
		for k, v := range c.Parameters {
			copied.Parameters[k] = v
		}
		copied.Parameters[name] = value
		return copied.Token(apptest.Solution{DerivedKey: strings.Repeat("00", 32)})
	}
	for name, token := range map[string]string{
		"a key made up":           c.Token(apptest.Solution{Counter: 0, DerivedKey: strings.Repeat("00", 32)}),
		"the prefix with a rest":  c.Token(apptest.Solution{Counter: 1, DerivedKey: c.Parameters["keyPrefix"].(string) + strings.Repeat("0", 32)}), //nolint:forcetypeassert // hex
		"no key":                  c.Token(apptest.Solution{}),
		"less cost":               lazy("cost", 1),
		"no signature of the key": lazy("keySignature", ""),
		"another end":             lazy("expiresAt", 4102444800),
		"a field more":            lazy("memoryCost", 1),
		"no signature":            apptest.Challenge{Parameters: c.Parameters}.Token(apptest.Solution{}),
		"no base64":               "%%%",
		"no JSON":                 base64.StdEncoding.EncodeToString([]byte("true false")),
		"a book":                  strings.Repeat("A", 100_000),
	} {
		f := w.form()
		f.Token = token
		if got := w.judged(w.ctx, f); got != captcha.Nothing {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestAFormWithoutScriptPassesByItsAge(t *testing.T) {
	w := setUp(t, "captcha: always\n")
	f := w.form()
	f.Stamp = w.stamp()
	for _, c := range []struct {
		age  time.Duration
		want captcha.Verdict
	}{
		{0, captcha.Nothing},
		{captcha.Age - time.Millisecond, captcha.Nothing},
		{captcha.Age, captcha.Aged},
		{captcha.FormLife, captcha.Aged},
		{captcha.FormLife + time.Millisecond, captcha.Nothing},
	} {
		w.Pass(c.age)
		if got := w.judged(w.ctx, f); got != c.want {
			t.Errorf("after %s: %d", c.age, got)
		}
		w.Clock.Move(-c.age)
	}
	w.Pass(captcha.Age)
	for name, change := range map[string]func(*captcha.Form){
		"another form":  func(f *captcha.Form) { f.Action = captcha.Signin },
		"another host":  func(f *captcha.Form) { f.Host = "alumni." + f.Host },
		"a forged time": func(f *captcha.Form) { f.Stamp = "AAAA" + f.Stamp[4:] },
		"no stamp":      func(f *captcha.Form) { f.Stamp = "" },
		"half a stamp":  func(f *captcha.Form) { f.Stamp = f.Stamp[:20] },
	} {
		g := f
		change(&g)
		if got := w.judged(w.ctx, g); got != captcha.Nothing {
			t.Errorf("%s: %d", name, got)
		}
	}
	t.Run("also beside an answer that counts for nothing", func(t *testing.T) {
		f.Token = "made up"
		if got := w.judged(w.ctx, f); got != captcha.Aged {
			t.Errorf("got %d", got)
		}
	})
}

// asks tells whether the page of a browser asks for the check.
func asks(b *apptest.Browser) bool {
	return strings.Contains(b.Get("/reset").Body, "data-robot=")
}

func TestTheEmployerSaysWhenItIsAsked(t *testing.T) {
	for mode, want := range map[tenant.CaptchaMode]bool{tenant.CaptchaAlways: true, tenant.CaptchaAdaptive: false, tenant.CaptchaOff: false} {
		w := setUp(t, "captcha: "+string(mode)+"\n")
		if asks(w.b) != want {
			t.Errorf("%s", mode)
		}
	}
}

func TestAdaptiveAsksAfterSignsOfTrouble(t *testing.T) {
	w := setUp(t, "")
	note := func(sign captcha.Sign, n int, network string) {
		for range n {
			w.svc.Note(w.ctx, sign, network)
		}
	}
	for name, sign := range map[string]captcha.Sign{"wishes": captcha.Wishes(), "failures": captcha.Failures()} {
		note(sign, 19, "127.0.0.1")
		if asks(w.b) {
			t.Fatalf("%s: too early", name)
		}
		note(sign, 1, "127.0.0.1")
		if !asks(w.b) {
			t.Errorf("%s of a network: not asked", name)
		}
		if w.svc.Trouble(w.ctx, "192.0.2.1") {
			t.Errorf("%s: another network has trouble too", name)
		}
		w.Pass(time.Minute)
		if asks(w.b) {
			t.Errorf("%s: still asked after a quiet minute", name)
		}
		w.Pass(10 * time.Minute)
	}
	t.Run("of the whole employer too", func(t *testing.T) {
		for n := range 200 {
			w.svc.Note(w.ctx, captcha.Failures(), time.Duration(n).String())
		}
		if !asks(w.b) || w.svc.Trouble(w.other, "192.0.2.1") {
			t.Error("not asked, or asked at another employer's")
		}
	})
	t.Run("and the work is twice as hard then", func(t *testing.T) {
		f := w.form()
		f.Token = w.b.Prove(captcha.Reset)
		raw, _ := base64.StdEncoding.DecodeString(f.Token)
		var sent struct{ Solution apptest.Solution }
		if err := json.Unmarshal(raw, &sent); err != nil || sent.Solution.Counter < 500 {
			t.Errorf("%d tries, %v", sent.Solution.Counter, err)
		}
		if got := w.judged(w.ctx, f); got != captcha.Proven {
			t.Errorf("got %d", got)
		}
	})
}

func TestChallengesHaveBounds(t *testing.T) {
	w := setUp(t, "captcha: always\n")
	if p := w.b.Get("/captcha/challenge?action=destroy"); p.Status != 404 {
		t.Errorf("an unknown form: %d", p.Status)
	}
	var last *apptest.Page
	for range 61 {
		last = w.b.Get("/captcha/challenge?action=reset")
	}
	if last.Status != 429 || last.Header.Get("Retry-After") == "" || !strings.Contains(last.Header.Get("Content-Type"), "json") {
		t.Errorf("%d %s", last.Status, last.Body)
	}
}
