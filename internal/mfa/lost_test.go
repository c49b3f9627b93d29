package mfa_test

import (
	"strings"
	"testing"
	"time"

	"tilgang/internal/attempt"
)

func TestALostAppIsReplacedByTwoRecoveryCodes(t *testing.T) {
	w := setUp(t, mandatory)
	a, old, codes := w.enrolled()
	t.Run("not by one", func(t *testing.T) {
		b := w.comesFor(a, attempt.StepUp)
		b.post("/mfa/recovery", "code", codes[0]).leads("/stepup/done")
		b.get("/mfa/setup/totp").leads("/stepup/done")
		b.post("/mfa/setup/totp", "code", "123456").leads("/stepup/done")
	})
	b := w.lost(a)
	key := b.get("/mfa/setup/totp").shows(200).lacks("Step 3 of 4").secret()
	t.Run("until then the old one stays", func(t *testing.T) {
		other := w.comes(a)
		other.post("/mfa", "code", w.code(old)).leads("/signin/next")
	})
	b.get("/mfa/setup/totp")
	b.post("/mfa/setup/totp", "code", w.code(key))
	if b.page.Status != 303 || b.proven() != "pwd recovery recovery2 totp" {
		t.Fatalf("%d %s", b.page.Status, b.proven())
	}
	w.clock.Move(time.Minute)
	again := w.comes(a)
	again.get("/mfa")
	again.post("/mfa", "code", w.code(old)).shows(422)
	again.post("/mfa", "code", w.code(key)).leads("/signin/next")
	t.Run("once", func(t *testing.T) { b.get("/mfa/setup/totp").leads("/stepup/done") })
}

// A backup on file, and an app that has become mandatory: whoever lost the phone
// sets the app up by a second code, not by the first alone.
func TestOneRecoveryCodeAddsNothingBesideAFactorOnFile(t *testing.T) {
	w := setUp(t, "mfa: {methods: {totp: primary, phone: backup}, offer: mandatory}\n")
	a, codes := w.phoned()
	b := w.comes(a)
	b.post("/mfa/recovery", "code", codes[0]).leads("/signin/next")
	b.get("/mfa/setup").shows(200, "Use a second recovery code").lacks("/mfa/setup/app")
	b.get("/mfa/setup/totp").leads("/mfa/setup")
	b.post("/mfa/setup/totp", "code", "123456").leads("/mfa/setup")
	b.get("/mfa/recovery").shows(200)
	b.post("/mfa/recovery", "code", codes[0]).shows(422)
	b.post("/mfa/recovery", "code", " "+strings.ToLower(codes[1])+" ").leads("/signin/next")
	b.get("/mfa/setup").shows(200, "Authenticator app")
	b.post("/mfa/setup/totp", "code", w.code(b.get("/mfa/setup/totp").secret()))
	if b.page.Status != 303 || b.proven() != "pwd recovery recovery2 totp" {
		t.Fatalf("%d %s", b.page.Status, b.proven())
	}
}
