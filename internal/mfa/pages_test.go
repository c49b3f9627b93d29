package mfa_test

import (
	"context"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/i18n"
	"tilgang/internal/mfa"
	"tilgang/internal/throttle"
	"tilgang/templates"
)

func TestTemplatesFitTheirPages(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, mfa.Views()...); err != nil {
		t.Fatal(err)
	}
}

func TestSettingUpAnApp(t *testing.T) {
	w := setUp(t, mandatory)
	b := w.comes(w.hire("Butikschef"))
	b.get("/mfa/setup").shows(200, "Step 1 of 4", "Havn has decided", "Havn has not switched on text messages", "ida@havn.example", "Cancel")
	b.get("/mfa/setup/app").shows(200, "Step 2 of 4", "I already use another authenticator app", "Next")
	if n := strings.Count(b.page.Body, "data:image/svg"); n != 2 {
		t.Fatalf("%d pictures for two stores", n)
	}
	b.get("/mfa/setup/totp").shows(200, "Step 3 of 4", "Account: Havn, ida@havn.example")
	key := b.secret()
	if got := b.get("/mfa/setup/totp").secret(); got != key {
		t.Fatal("a reload shows another key")
	}
	wrong := "000000"
	if w.code(key) == wrong {
		wrong = "111111"
	}
	b.post("/mfa/setup/totp", "code", wrong).shows(422, "The code is not right")
	if b.secret() != key {
		t.Fatal("a wrong code changed the key")
	}
	b.post("/mfa/setup/totp", "code", w.code(key)[:3]+" "+w.code(key)[3:]).leads("/mfa/setup/recovery")
	if b.proven() != "pwd totp" || !slices.Equal(w.mails, []string{"added totp"}) {
		t.Fatalf("proven %q, mails %v", b.proven(), w.mails)
	}
	b.get("/mfa/setup/totp").leads("/signin/next")
	b.get("/mfa/setup").leads("/signin/next")
	b.get("/mfa/setup/recovery").shows(200, "Step 4 of 4")
	codes := b.codes()
	if len(codes) != 10 || !slices.Equal(b.get("/mfa/setup/recovery").codes(), codes) {
		t.Fatal("a reload shows other codes")
	}
	b.post("/mfa/setup/recovery").shows(422, "Save the codes first")
	if !slices.Equal(b.codes(), codes) {
		t.Fatal("a missing tick changed the codes")
	}
	file := b.ask("GET", "/mfa/setup/recovery/file", "")
	if file.Status != 200 || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(file.Body, codes[9]) || file.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Fatalf("%d %v\n%s", file.Status, file.Header, file.Body)
	}
	b.post("/mfa/setup/recovery", "saved", "1").leads("/signin/next")
	if left, total, err := w.factors.Codes(w.ctx, b.account.ID); err != nil || left != 10 || total != 10 {
		t.Fatalf("%d of %d, %v", left, total, err)
	}
	b.get("/mfa/setup/recovery").leads("/signin/next")
	b.get("/mfa/setup/recovery/file").leads("/signin/next")
	again := w.comes(b.account)
	again.get("/mfa/setup").leads("/signin/next")
	again.get("/mfa").shows(200)
	if _, err := w.factors.UseCode(w.ctx, b.account.ID, codes[0]); err != nil {
		t.Fatal(err)
	}
}

func TestThePictureIsTheKey(t *testing.T) {
	w := setUp(t, mandatory)
	b := w.comes(w.hire("x")).get("/mfa/setup/totp")
	m := regexp.MustCompile(`src="data:image/svg&#43;xml;base64,([^"]+)"|src="data:image/svg\+xml;base64,([^"]+)"`).FindStringSubmatch(b.page.Body)
	if m == nil {
		t.Fatalf("no picture on\n%s", b.page.Body)
	}
	svg, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(m[1]+m[2], "&#43;", "+"))
	if err != nil || !strings.HasPrefix(string(svg), "<svg ") || strings.Contains(string(svg), "script") {
		t.Fatalf("%v\n%s", err, svg)
	}
	if strings.Contains(b.page.Body, "otpauth") {
		t.Fatal("the address with the key stands in the page")
	}
}

func TestTheChallenge(t *testing.T) {
	w := setUp(t, maySkip)
	a, secret, codes := w.enrolled()
	t.Run("asks for the code and nothing else answers", func(t *testing.T) {
		b := w.comes(a)
		b.get("/mfa").shows(200, "ida@havn.example", "Use a recovery code", "Cancel")
		for _, path := range []string{"/mfa/setup", "/mfa/setup/app", "/mfa/setup/totp", "/mfa/setup/recovery", "/mfa/setup/recovery/file"} {
			b.get(path).leads("/signin/next")
		}
		for _, answer := range []string{"skip", "later"} {
			b.post("/mfa/setup", "action", answer).leads("/signin/next")
		}
		b.post("/mfa/setup/recovery", "saved", "1").leads("/signin/next")
		b.post("/mfa/setup/totp", "code", w.code(secret)).leads("/signin/next")
		if b.proven() != "pwd" {
			t.Fatalf("proven %q", b.proven())
		}
	})
	t.Run("a wrong code stays", func(t *testing.T) {
		w.comes(a).post("/mfa", "code", "12").shows(422, "The code has six digits")
	})
	t.Run("the right code leads on, and a double click with it", func(t *testing.T) {
		b := w.comes(a)
		code := w.code(secret)
		b.post("/mfa", "code", code).leads("/signin/next")
		b.post("/mfa", "code", code).leads("/signin/next")
		if b.proven() != "pwd totp" {
			t.Fatalf("proven %q", b.proven())
		}
		w.comes(a).post("/mfa", "code", code).shows(422, "used already")
	})
	t.Run("a recovery code is taken once, told by mail, and the factor stays", func(t *testing.T) {
		w.mails = nil
		b := w.comes(a)
		b.get("/mfa/recovery").shows(200, "Ask your manager.")
		b.post("/mfa/recovery", "code", strings.ToLower(codes[0])).leads("/signin/next")
		if b.proven() != "pwd recovery" || !slices.Equal(w.mails, []string{"recovery used"}) {
			t.Fatalf("proven %q, mails %v", b.proven(), w.mails)
		}
		again := w.comes(a)
		again.post("/mfa/recovery", "code", codes[0]).shows(422, "not one of your unused")
		again.get("/mfa").shows(200)
	})
	t.Run("at three left the next page warns", func(t *testing.T) {
		for _, c := range codes[1:6] {
			if b := w.comes(a).post("/mfa/recovery", "code", c); b.cookies["tilgang-8080-flash"] != "" {
				t.Fatal("too early")
			}
		}
		b := w.comes(a).post("/mfa/recovery", "code", codes[6]).leads("/signin/next")
		w.comes(a)
		if b.cookies["tilgang-8080-flash"] == "" {
			t.Fatal("no warning")
		}
		other := w.comes(a)
		other.cookies["tilgang-8080-flash"] = b.cookies["tilgang-8080-flash"]
		other.get("/mfa").shows(200, "You have 3 recovery codes left")
	})
}

func TestTwentyWrongCodesAndTheRightOne(t *testing.T) {
	w := setUp(t, mandatory)
	a, secret, _ := w.enrolled()
	b := w.comes(a)
	wrong := "000000"
	for w.code(secret) == wrong {
		wrong = "999999"
	}
	for range 20 {
		b.post("/mfa", "code", wrong)
	}
	b.post("/mfa", "code", w.code(secret)).shows(429)
	if b.page.Header.Get("Retry-After") == "" || b.proven() != "pwd" {
		t.Fatalf("%v, proven %q", b.page.Header, b.proven())
	}
	if !slices.Equal(w.mails, []string{"locked"}) {
		t.Fatalf("mails %v", w.mails)
	}
	w.clock.Move(throttle.FirstWait)
	w.comes(a).post("/mfa", "code", w.code(secret)).leads("/signin/next")
}

func TestSkip(t *testing.T) {
	w := setUp(t, maySkip)
	a := w.hire("Butiksassistent")
	b := w.comes(a)
	b.get("/mfa/setup").shows(200, "Havn leaves the choice to you", "Skip").lacks(`value="later"`)
	b.post("/mfa/setup", "action", "later").shows(422, "cannot be skipped or put off")
	b.post("/mfa/setup", "action", "").shows(422)
	b.post("/mfa/setup", "action", "skip").leads("/signin/next")
	b.get("/mfa/setup").leads("/signin/next")
	t.Run("for good", func(t *testing.T) {
		w.clock.Move(400 * 24 * time.Hour)
		w.comes(a).get("/mfa/setup").leads("/signin/next")
	})
	t.Run("until the policy changes", func(t *testing.T) {
		w.apply(mayLater)
		w.comes(a).get("/mfa/setup").shows(200, "2 more times")
	})
	t.Run("for oneself only", func(t *testing.T) {
		w.apply(maySkip)
		w.comes(w.hire("Butiksassistent")).get("/mfa/setup").shows(200)
	})
}

func TestLater(t *testing.T) {
	w := setUp(t, mayLater)
	a := w.hire("Butiksassistent")
	b := w.comes(a)
	b.get("/mfa/setup").shows(200, "2 more times", "Later").lacks(`value="skip"`)
	b.post("/mfa/setup", "action", "skip").shows(422)
	b.post("/mfa/setup", "action", "later").leads("/signin/next")
	b.post("/mfa/setup", "action", "later").leads("/signin/next")
	t.Run("one offer a day", func(t *testing.T) { w.comes(a).get("/mfa/setup").leads("/signin/next") })
	t.Run("counted", func(t *testing.T) {
		w.clock.Move(24 * time.Hour)
		w.comes(a).get("/mfa/setup").shows(200, "one more time").post("/mfa/setup", "action", "later").leads("/signin/next")
	})
	t.Run("and then it is owed", func(t *testing.T) {
		w.clock.Move(24 * time.Hour)
		b := w.comes(a)
		b.get("/mfa/setup").shows(200, "as often as Havn allows").lacks(`name="action"`)
		b.post("/mfa/setup", "action", "later").shows(422, "cannot be skipped")
	})
}

func TestMandatory(t *testing.T) {
	w := setUp(t, mandatory)
	a := w.hire("Butikschef")
	w.do(func(ctx context.Context) error { return account.SkipFactor(ctx, a.ID, "0123456789abcdef") })
	b := w.comes(a)
	b.get("/mfa/setup").shows(200, "Havn has decided").lacks(`name="action"`)
	for _, answer := range []string{"skip", "later", "done", ""} {
		b.post("/mfa/setup", "action", answer).shows(422, "cannot be skipped or put off")
		b.get("/mfa/setup").shows(200)
	}
	for _, path := range []string{"/mfa", "/mfa/recovery", "/mfa/setup/recovery"} {
		b.get(path).leads("/signin/next")
	}
	b.post("/mfa", "code", "123456").leads("/signin/next")
	b.post("/mfa/setup/recovery", "saved", "1").leads("/signin/next")
	if b.proven() != "pwd" {
		t.Fatalf("proven %q", b.proven())
	}
}

func TestBeforeItsDateADutyShowsNumberAndDate(t *testing.T) {
	w := setUp(t, datedDuty)
	chief := w.hire("  BUTIKSCHEF")
	w.comes(chief).get("/mfa/setup").shows(200, "3 more times", "Havn requires it from 1 March 2027").lacks(`value="skip"`)
	w.clock.Set(time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC))
	w.comes(chief).get("/mfa/setup").shows(200, "Havn has decided").lacks(`name="action"`)
	w.comes(w.hire("Butiksassistent")).get("/mfa/setup").shows(200, "Skip")
}

func TestOnlyAnAttemptWithAPasswordIsLetIn(t *testing.T) {
	w := setUp(t, mandatory)
	for name, n := range map[string]attempt.New{
		"without an account":    {Purpose: attempt.Signin, AMR: []string{attempt.Password}},
		"without a password":    {Purpose: attempt.Signin, AccountID: w.hire("x").ID},
		"for another purpose":   {Purpose: attempt.Reset, AccountID: w.hire("x").ID, AMR: []string{attempt.Password}},
		"of a suspended person": {Purpose: attempt.Signin, AccountID: w.suspended(), AMR: []string{attempt.Password}},
	} {
		t.Run("not one "+name, func(t *testing.T) {
			n.Host = "havn.localhost:8080"
			cookie, a, err := w.attempts.Start(w.ctx, n)
			if err != nil {
				t.Fatal(err)
			}
			b := &browser{world: w, id: a.ID, cookies: map[string]string{"tilgang-8080-attempt": cookie}}
			for _, path := range []string{"/mfa", "/mfa/recovery", "/mfa/setup", "/mfa/setup/app", "/mfa/setup/totp", "/mfa/setup/recovery", "/mfa/setup/recovery/file"} {
				if b.get(path); b.page.Status == 200 || strings.Contains(b.page.Body, "data-copy-text") {
					t.Fatalf("%s answers %d", path, b.page.Status)
				}
			}
		})
	}
}

func (w *world) suspended() (id [16]byte) {
	a := w.hire("x")
	w.do(func(ctx context.Context) error { return account.SetStatus(ctx, a.ID, account.Suspended) })
	return a.ID
}

func TestTheFlowThatBeganOnTheSecurityPageReturnsThere(t *testing.T) {
	w := setUp(t, maySkip)
	a := w.hire("Butiksassistent")
	w.comes(a).post("/mfa/setup", "action", "skip").leads("/signin/next")
	b := w.comesFor(a, attempt.StepUp)
	b.get("/mfa/setup").shows(200).lacks(`name="action"`, `href="/signin"`)
	b.post("/mfa/setup", "action", "skip").shows(422)
	key := b.get("/mfa/setup/totp").secret()
	b.post("/mfa/setup/totp", "code", w.code(key)).leads("/mfa/setup/recovery")
	b.get("/mfa/setup/recovery").post("/mfa/setup/recovery", "saved", "1").leads("/stepup/done")
}

func TestAPageThatIsOldSaysSo(t *testing.T) {
	w := setUp(t, mandatory)
	t.Run("the key of another page", func(t *testing.T) {
		b := w.comes(w.hire("x"))
		key := b.get("/mfa/setup/totp").secret()
		old := b.page
		if _, err := w.factors.StartTOTP(w.ctx, b.account.ID); err != nil {
			t.Fatal(err)
		}
		b.page = old
		b.post("/mfa/setup/totp", "code", w.code(key)).shows(422, "Scan the new code")
		if b.secret() == key || b.proven() != "pwd" {
			t.Fatal("the old key is still shown, or was taken")
		}
	})
	t.Run("the codes of another page", func(t *testing.T) {
		b := w.comes(w.hire("x"))
		key := b.get("/mfa/setup/totp").secret()
		b.post("/mfa/setup/totp", "code", w.code(key)).leads("/mfa/setup/recovery")
		b.get("/mfa/setup/recovery")
		old := b.page
		delete(b.cookies, "tilgang-8080-codes")
		b.get("/mfa/setup/recovery")
		b.page = old
		b.post("/mfa/setup/recovery", "saved", "1").shows(409, "no longer the ones to save")
		if _, total, _ := w.factors.Codes(w.ctx, b.account.ID); total != 0 {
			t.Fatal("saved all the same")
		}
	})
}

func TestTextsAreCompleteInEveryLanguage(t *testing.T) {
	c, err := i18n.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range c.Keys("en") {
		if strings.HasPrefix(key, "mfa.") || strings.HasPrefix(key, "factor.") || strings.HasPrefix(key, "security.") {
			for _, lang := range c.Languages() {
				if text, ok := c.Text(lang, key); !ok || len(text) == 0 {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
	}
}
