package captcha_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tilgang/internal/captcha"
	"tilgang/internal/secret"
)

// fake is an outside verifier under the test's control.
type fake struct {
	*httptest.Server

	mu     sync.Mutex
	answer string
	status int
	asked  []url.Values
}

func newFake(t *testing.T) *fake {
	f := &fake{status: http.StatusOK}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		f.asked = append(f.asked, r.PostForm)
		w.WriteHeader(f.status)
		fmt.Fprint(w, f.answer)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) says(status int, answer string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status, f.answer = status, answer
}

func (f *fake) questions() []url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// named is a world whose employer named a provider, and the provider.
func named(t *testing.T, provider string) (*world, *fake, *bytes.Buffer) {
	t.Helper()
	w := setUp(t, "captcha: {mode: always, provider: "+provider+", site_key: site-key-of-havn}\n")
	f, log := newFake(t), &bytes.Buffer{}
	w.svc.Secrets = map[string]secret.Redacted{"havn": "secret-of-havn"}
	w.svc.Endpoints = map[string]string{provider: f.URL + "/siteverify"}
	w.svc.Log = slog.New(slog.NewTextHandler(log, nil))
	return w, f, log
}

// good is what each provider answers to a token of the form.
func good(provider string) string {
	switch provider {
	case captcha.HCaptcha:
		return `{"success":true,"hostname":"havn.localhost","challenge_ts":"2026-11-22T12:00:00Z"}`
	case captcha.ReCAPTCHA:
		return `{"success":true,"hostname":"havn.localhost","action":"reset","score":0.9}`
	}
	return `{"success":true,"hostname":"havn.localhost","action":"reset","error-codes":[]}`
}

func providers() []string {
	return []string{captcha.ReCAPTCHA, captcha.HCaptcha, captcha.Turnstile}
}

func TestAnOutsideVerifierIsAskedAndBelievedOnce(t *testing.T) {
	for _, provider := range providers() {
		t.Run(provider, func(t *testing.T) {
			w, f, _ := named(t, provider)
			f.says(http.StatusOK, good(provider))
			form := w.form()
			form.Stamp, form.Token = w.stamp(), "token-1"
			if got := w.judged(w.ctx, form); got != captcha.Proven {
				t.Fatalf("got %d", got)
			}
			q := f.questions()[0]
			if q.Get("secret") != "secret-of-havn" || q.Get("response") != "token-1" || q.Get("remoteip") != "192.0.2.1" || (q.Get("sitekey") != "") != (provider == captcha.HCaptcha) {
				t.Errorf("asked %v", q)
			}
			if got := w.judged(w.ctx, form); got != captcha.Nothing {
				t.Errorf("the same token again: %d", got)
			}
			t.Run("and not about what is no token", func(t *testing.T) {
				before := len(f.questions())
				for _, token := range []string{"two words", "line\nbreak", strings.Repeat("x", 5000)} {
					form.Token = token
					if got := w.judged(w.ctx, form); got != captcha.Nothing {
						t.Errorf("%.10q: %d", token, got)
					}
				}
				if n := len(f.questions()); n != before {
					t.Errorf("%d questions", n-before)
				}
			})
		})
	}
}

func TestATokenOfAnotherPlaceIsNone(t *testing.T) {
	for provider, answers := range map[string][]string{
		captcha.Turnstile: {`{"success":true,"hostname":"evil.test","action":"reset"}`, `{"success":true,"hostname":"havn.localhost","action":"signin"}`, `{"success":true,"hostname":"havn.localhost"}`},
		captcha.ReCAPTCHA: {`{"success":true,"hostname":"evil.test","action":"reset","score":1}`, `{"success":true,"hostname":"havn.localhost","action":"reset","score":0.3}`, `{"success":true,"hostname":"havn.localhost","score":1}`},
		captcha.HCaptcha:  {`{"success":true,"hostname":"evil.test"}`, `{"success":true}`},
	} {
		w, f, log := named(t, provider)
		answers = append(answers, `{"success":false,"error-codes":["timeout-or-duplicate"]}`, `{"success":false,"error-codes":["invalid-input-response"]}`, `{}`)
		form := w.form()
		form.Stamp = w.stamp()
		for i, answer := range answers {
			f.says(http.StatusOK, answer)
			form.Token = fmt.Sprint("token-", i)
			if got := w.judged(w.ctx, form); got != captcha.Nothing {
				t.Errorf("%s says %s: %d", provider, answer, got)
			}
		}
		if log.Len() != 0 {
			t.Errorf("%s: %s", provider, log)
		}
	}
	t.Run("and one that names no form counts only in its own", func(t *testing.T) {
		w, f, _ := named(t, captcha.HCaptcha)
		f.says(http.StatusOK, good(captcha.HCaptcha))
		form := w.form()
		form.Token, form.Stamp = "token", w.stamp()
		form.Action = captcha.Signin
		if got := w.judged(w.ctx, form); got != captcha.Nothing {
			t.Errorf("got %d", got)
		}
	})
}

func TestADeadVerifierTightensLimitsAndLocksNobodyOut(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
	}{
		"it fails":                {http.StatusBadGateway, "<html>"},
		"it says nothing":         {http.StatusOK, ""},
		"it leads elsewhere":      {http.StatusFound, ""},
		"it does not know us":     {http.StatusOK, `{"success":false,"error-codes":["invalid-input-secret"]}`},
		"it refuses us by status": {http.StatusBadRequest, `{"success":false,"error-codes":["sitekey-secret-mismatch"]}`},
		"it is not there":         {0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w, f, log := named(t, captcha.Turnstile)
			if c.status == 0 {
				f.Close()
			}
			f.says(c.status, c.answer)
			form := w.form()
			form.Stamp, form.Token = w.stamp(), "token-a"
			w.Pass(captcha.Age)
			for range 3 {
				if got := w.judged(w.ctx, form); got != captcha.Aged {
					t.Errorf("got %d", got)
				}
			}
			said := log.String()
			if strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "tenant=havn") || !strings.Contains(said, "verifier=turnstile") || len(f.questions()) > 1 {
				t.Errorf("%d questions; %s", len(f.questions()), said)
			}
			if strings.Contains(said, "secret-of") || strings.Contains(said, "token-a") {
				t.Errorf("the alarm tells a secret: %s", said)
			}
			if c.status == 0 {
				return
			}
			f.says(http.StatusOK, good(captcha.Turnstile))
			w.Pass(30 * time.Second)
			if got := w.judged(w.ctx, form); got != captcha.Proven {
				t.Errorf("once it is back: %d", got)
			}
		})
	}
	t.Run("nor does a secret that nobody set", func(t *testing.T) {
		w, f, log := named(t, captcha.HCaptcha)
		w.svc.Secrets = nil
		form := w.form()
		form.Stamp, form.Token = w.stamp(), "token"
		w.Pass(captcha.Age)
		if got := w.judged(w.ctx, form); got != captcha.Aged || len(f.questions()) != 0 || !strings.Contains(log.String(), "TILGANG_CAPTCHA_SECRETS") {
			t.Errorf("%d; %s", got, log)
		}
	})
}

// What the page may load of others is named on the pages that show it alone.
func TestOnlyThePageWithTheCheckLoadsFromOthers(t *testing.T) {
	for provider, host := range map[string]string{
		captcha.ReCAPTCHA: "https://www.google.com/recaptcha/", captcha.HCaptcha: "https://*.hcaptcha.com", captcha.Turnstile: "https://challenges.cloudflare.com",
	} {
		w, _, _ := named(t, provider)
		page := w.b.Get("/reset")
		csp := page.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "script-src 'self' https://") || !strings.Contains(csp, host) || !strings.Contains(csp, "frame-src https://") || !strings.HasPrefix(csp, "default-src 'none'; ") {
			t.Errorf("%s: %s", provider, csp)
		}
		if !strings.Contains(page.Body, `data-key="site-key-of-havn"`) || strings.Contains(page.Body, "secret-of-havn") || strings.Contains(page.Body, "<script src=\"https") {
			t.Errorf("%s: %s", provider, page.Body)
		}
		for _, path := range []string{"/signin", "/help", "/captcha/challenge?action=reset"} {
			if csp := w.b.Get(path).Header.Get("Content-Security-Policy"); strings.Contains(csp, "https://") {
				t.Errorf("%s: %s loads from others: %s", provider, path, csp)
			}
		}
	}
}
