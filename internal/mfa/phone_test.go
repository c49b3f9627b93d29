package mfa_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
)

func TestSettingUpAPhone(t *testing.T) {
	w := setUp(t, byPhone)
	b := w.comes(w.hire("Butikschef"))
	b.get("/mfa/setup").shows(200, "Step 1 of 4", "Text message").lacks("/mfa/setup/app")
	b.get("/mfa/setup/phone").shows(200, "Step 2 of 4", "Denmark (+45)", "United Kingdom (+44)", "Mobile number").lacks("Norway")
	b.get("/mfa/setup/phone/code").leads("/mfa/setup/phone")
	b.get("/mfa/setup/phone")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "").shows(422, "Type your mobile number")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "90 12 34 56").shows(422, "cost extra")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "+1 201 555 0123").shows(422, "do not go to that country")
	if !strings.Contains(b.page.Body, `201 555 0123"`) || len(w.texts) != 0 {
		t.Fatalf("%d texts, and what was typed is gone:\n%s", len(w.texts), b.page.Main())
	}
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20 12 82 15", "channel", "sms").leads("/mfa/setup/phone/code")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20 12 82 15", "channel", "sms").leads("/mfa/setup/phone/code")
	if len(w.texts) != 1 || w.texts[0].To != "+4520128215" || w.texts[0].Host != "havn.localhost" {
		t.Fatalf("%+v", w.texts)
	}
	b.get("/mfa/setup/phone/code").shows(200, "Step 3 of 4", "XXX-XXX-8215", "Change number", "Send a new code").lacks("20128215")
	for _, want := range []string{`autocomplete="one-time-code"`, `inputmode="numeric"`} {
		if !strings.Contains(b.page.Body, want) {
			t.Fatalf("no %s on\n%s", want, b.page.Main())
		}
	}
	b.post("/mfa/setup/phone/code", "action", "send").shows(429, "ask for a new one in")
	code := w.texted()
	b.post("/mfa/setup/phone/code", "code", unlike(code)).shows(422, "The code is not right")
	b.post("/mfa/setup/phone/code", "code", "12").shows(422, "six digits")
	w.clock.Move(30 * time.Second)
	b.post("/mfa/setup/phone/code", "action", "send").leads("/mfa/setup/phone/code")
	b.get("/mfa/setup/phone/code").shows(200, "A new code is on its way")
	if newest := w.texted(); newest != code {
		b.post("/mfa/setup/phone/code", "code", code).shows(422, "The code is not right")
	}
	b.post("/mfa/setup/phone/code", "code", w.texted()).leads("/mfa/setup/recovery")
	if b.proven() != "pwd phone" || !slices.Equal(w.mails, []string{"added phone"}) {
		t.Fatalf("proven %q, mails %v", b.proven(), w.mails)
	}
	b.get("/mfa/setup/recovery").shows(200, "Step 4 of 4")
	b.post("/mfa/setup/recovery", "saved", "1").leads("/signin/next")
	again := w.comes(b.account)
	again.get("/mfa").shows(200, "XXX-XXX-8215")
}

func unlike(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestChangingTheNumberBeforeItIsProven(t *testing.T) {
	w := setUp(t, byPhone)
	b := w.comes(w.hire("x"))
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20128215").leads("/mfa/setup/phone/code")
	first := w.texted()
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20128216").leads("/mfa/setup/phone/code")
	b.get("/mfa/setup/phone/code").shows(200, "XXX-XXX-8216")
	if second := w.texted(); first != second {
		b.post("/mfa/setup/phone/code", "code", first).shows(422, "The code is not right")
	}
	b.post("/mfa/setup/phone/code", "code", w.texted()).leads("/mfa/setup/recovery")
}

func TestSigningInByText(t *testing.T) {
	w := setUp(t, byPhone)
	a, codes := w.phoned()
	b := w.comes(a)
	b.ask("HEAD", "/mfa", "")
	if len(w.texts) != 0 {
		t.Fatal("a look sent a text")
	}
	b.get("/mfa").shows(200, "We sent a text message", "XXX-XXX-8215", "Use a recovery code").lacks("20128215")
	b.get("/mfa").shows(200, "We sent a text message")
	if len(w.texts) != 1 {
		t.Fatalf("a reload sent another: %d", len(w.texts))
	}
	code := w.texted()
	other := w.comes(a)
	other.get("/mfa").shows(200, "We sent a text message")
	b.post("/mfa", "code", unlike(code)).shows(422, "The code is not right")
	if fresh := w.texted(); fresh != code {
		b.post("/mfa", "code", fresh).shows(422, "The code is not right") // the other browser's
	}
	b.post("/mfa", "action", "send").shows(429, "ask for a new one in")
	b.post("/mfa", "code", code).leads("/signin/next")
	if b.proven() != "pwd phone" || other.proven() != "pwd" {
		t.Fatalf("%q, %q", b.proven(), other.proven())
	}
	t.Run("a used code works nowhere", func(t *testing.T) {
		other.post("/mfa", "code", code).shows(422)
	})
	t.Run("a code that has ended is told", func(t *testing.T) {
		w.clock.Move(10 * time.Minute)
		other.get("/mfa").shows(200, "no longer works")
		other.post("/mfa", "action", "send").leads("/mfa?way=phone")
		other.get("/mfa?way=phone").shows(200, "A new code is on its way", "We sent a text message")
		other.post("/mfa?way=phone", "code", w.texted()).leads("/signin/next")
	})
	t.Run("a recovery code stands for the phone and leaves it on file", func(t *testing.T) {
		lost := w.comes(a)
		lost.post("/mfa/recovery", "code", codes[0]).leads("/signin/next")
		lost.get("/mfa/setup/phone").leads("/signin/next")
		w.comes(a).get("/mfa").shows(200, "XXX-XXX-8215")
	})
}

func TestSeveralWays(t *testing.T) {
	w := setUp(t, backedUp)
	a, secret, _ := w.enrolled()
	b := w.comes(a)
	b.get("/mfa").shows(200, "Open your authenticator app", "Another way").lacks("text message")
	b.get("/mfa?way=phone").shows(200, "Open your authenticator app") // nothing on file
	b.post("/mfa", "code", w.code(secret)).leads("/signin/next")
	t.Run("the backup is added beside the app just proven", func(t *testing.T) {
		s := w.comesFor(a, attempt.StepUp)
		s.get("/mfa/setup/phone").leads("/stepup/done") // the password alone
		s.post("/mfa/setup/phone", "country", "DK", "phone", "20128215").leads("/stepup/done")
		w.clock.Move(time.Minute)
		s.post("/mfa", "code", w.code(secret)).leads("/stepup/done")
		s.get("/mfa/setup/phone").shows(200)
		s.post("/mfa/setup/phone", "country", "DK", "phone", "20128215").leads("/mfa/setup/phone/code")
		s.post("/mfa/setup/phone/code", "code", w.texted()).leads("/mfa/setup/recovery")
	})
	w.clock.Move(time.Minute)
	t.Run("the app stays the default, and the phone is another way", func(t *testing.T) {
		b := w.comes(a)
		b.get("/mfa").shows(200, "Open your authenticator app", "Get a code by text message", "XXX-XXX-8215")
		before := len(w.texts)
		b.get("/mfa?way=phone").shows(200, "We sent a text message", "Use your authenticator app")
		if len(w.texts) != before+1 {
			t.Fatalf("%d texts", len(w.texts)-before)
		}
		b.post("/mfa?way=phone", "code", w.texted()).leads("/signin/next")
		if b.proven() != "pwd phone" {
			t.Fatal(b.proven())
		}
	})
	t.Run("a code of the app is taken on the phone's page", func(t *testing.T) {
		w.clock.Move(time.Minute)
		b := w.comes(a)
		b.get("/mfa?way=phone").shows(200)
		b.post("/mfa?way=phone", "code", w.code(secret)).leads("/signin/next")
		if b.proven() != "pwd totp" {
			t.Fatal(b.proven())
		}
	})
	t.Run("a phone that is switched off is never shown", func(t *testing.T) {
		w.apply(maySkip)
		b := w.comes(a)
		before := len(w.texts)
		b.get("/mfa?way=phone").shows(200, "Open your authenticator app").lacks(`href="/mfa?way=phone"`, "text message")
		b.post("/mfa", "action", "send").shows(409)
		b.get("/mfa/setup/phone").leads("/signin/next")
		if len(w.texts) != before {
			t.Fatal("a text went out")
		}
	})
}

func TestAPhoneThatIsOffLeavesTheRecoveryCodes(t *testing.T) {
	w := setUp(t, byPhone)
	a, codes := w.phoned()
	w.apply(mandatory)
	b := w.comes(a)
	b.get("/mfa").shows(200, "no longer takes the way", "Use a recovery code", "Ask your manager").lacks("XXX-XXX", `name="code"`)
	b.post("/mfa", "code", "123456").shows(422)
	b.post("/mfa/recovery", "code", codes[0]).leads("/signin/next")
	b.get("/mfa/setup").shows(200, "Authenticator app")
}

func TestABackupIsOfferedBeforeTheRecoveryCodes(t *testing.T) {
	w := setUp(t, backedUp)
	b := w.comes(w.hire("x"))
	b.get("/mfa/setup").shows(200, "Authenticator app").lacks("/mfa/setup/phone")
	b.get("/mfa/setup/phone").leads("/signin/next")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20128215").leads("/signin/next")
	key := b.get("/mfa/setup/totp").secret()
	b.post("/mfa/setup/totp", "code", w.code(key)).leads("/mfa/setup/phone")
	b.get("/mfa/setup/phone").shows(200, "Add a phone as a backup", "Skip")
	b.post("/mfa/setup/phone", "country", "DK", "phone", "20128215").leads("/mfa/setup/phone/code")
	b.get("/mfa/setup/recovery").shows(200) // past it at any time
	b.post("/mfa/setup/phone/code", "code", w.texted()).leads("/mfa/setup/recovery")
	b.get("/mfa/setup/phone").leads("/signin/next")
	b.get("/mfa/setup/recovery").shows(200)
	b.post("/mfa/setup/recovery", "saved", "1").leads("/signin/next")
	if b.proven() != "pwd totp phone" {
		t.Fatal(b.proven())
	}
}

func TestANewPhoneNeedsTheOldFactor(t *testing.T) {
	w := setUp(t, byPhone)
	refused := func(t *testing.T, b *browser) {
		t.Helper()
		before := len(w.texts)
		b.get("/mfa/setup/phone").shows(303)
		b.post("/mfa/setup/phone", "country", "DK", "phone", "30303030").shows(303)
		b.post("/mfa/setup/phone/code", "code", "123456").shows(303)
		if len(w.texts) != before {
			t.Fatal("a text went to a stranger's phone")
		}
	}
	a, codes := w.phoned()
	t.Run("not by the password", func(t *testing.T) { refused(t, w.comes(a)) })
	t.Run("not in an activation", func(t *testing.T) { refused(t, w.comesFor(a, attempt.Activate)) })
	t.Run("not on a way that only the password has stepped up", func(t *testing.T) { refused(t, w.comesFor(a, attempt.StepUp)) })
	t.Run("not at sign-in, even by the old phone", func(t *testing.T) {
		b := w.comes(a)
		b.get("/mfa")
		b.post("/mfa", "code", w.texted()).leads("/signin/next")
		refused(t, b)
	})
	t.Run("not at sign-in by a recovery code", func(t *testing.T) {
		b := w.comes(a)
		b.post("/mfa/recovery", "code", codes[1]).leads("/signin/next")
		refused(t, b)
	})
	t.Run("not by a recovery code on a stepped-up way", func(t *testing.T) {
		b := w.comesFor(a, attempt.StepUp)
		b.post("/mfa/recovery", "code", codes[2]).leads("/stepup/done")
		refused(t, b)
	})
	t.Run("by two of them on a stepped-up way: the phone is lost", func(t *testing.T) {
		b := w.lost(a)
		b.post("/mfa/setup/phone", "country", "DK", "phone", "30303030").leads("/mfa/setup/phone/code")
		b.post("/mfa/setup/phone/code", "code", w.texted()).leads("/mfa/setup/recovery")
		if last := w.texts[len(w.texts)-1]; last.Kind != factor.TextReplaced || last.To != "+4520128215" {
			t.Fatalf("the old phone was not told: %+v", last)
		}
		w.clock.Move(time.Minute)
		w.comes(a).get("/mfa").shows(200, "XXX-XXX-3030")
	})
	t.Run("an app alone lets a mandatory phone in once it is proven", func(t *testing.T) {
		app, secret, _ := w.enrolled()
		b := w.comes(app)
		refused(t, b)
		b.post("/mfa", "code", w.code(secret)).leads("/signin/next")
		b.get("/mfa/setup").shows(200, "Text message")
		b.post("/mfa/setup/phone", "country", "DK", "phone", "40404040").leads("/mfa/setup/phone/code")
	})
}

func TestABoundOfTextsIsToldAndLeavesTheOtherWays(t *testing.T) {
	w := setUp(t, byPhone)
	a, codes := w.phoned()
	var b *browser
	for range 7 {
		b = w.comes(a)
		b.get("/mfa")
	}
	b.shows(200, "Too many text messages", "Use a recovery code")
	if len(w.texts) != 6 {
		t.Fatalf("%d texts", len(w.texts))
	}
	b.post("/mfa", "action", "send").shows(429, "Too many text messages")
	b.post("/mfa/recovery", "code", codes[0]).leads("/signin/next")
}
