package httpkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

const hush = "SELECT secret FROM vault"

func TestEachRefusalHasItsStatusAndNoneItsCause(t *testing.T) {
	kinds := map[fault.Kind]int{
		fault.Invalid: 422, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404, fault.Conflict: 409,
		fault.Expired: 410, fault.TooMany: 429, fault.TooLarge: 413, fault.Unavailable: 503, fault.Internal: 500,
	}
	for kind, want := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			err := fmt.Errorf("load: %w", fault.New(kind, "http.not_found").Because(errors.New(hush)).After(1500*time.Millisecond))
			h := portal(t,
				httpkit.Get("/page", httpkit.Public(), refuse(err)),
				httpkit.Get("/data", httpkit.Public(), refuse(err)).AsJSON())
			page, data := h.Get("/page"), h.Get("/data")
			if page.Status != want || data.Status != want {
				t.Errorf("%d and %d, want %d", page.Status, data.Status, want)
			}
			if page.Header.Get("Retry-After") != "2" {
				t.Errorf("Retry-After %q: seconds, rounded up", page.Header.Get("Retry-After"))
			}
			for _, body := range []string{page.Body, data.Body} {
				if strings.Contains(body, "vault") || strings.Contains(body, "load:") {
					t.Errorf("the cause is shown: %s", body)
				}
			}
			if !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") || !strings.Contains(page.Text(), "There is nothing at this address.") {
				t.Errorf("the page says %s", page.Text())
			}
			var got struct{ Error, Text, Reference string }
			if err := json.Unmarshal([]byte(data.Body), &got); err != nil || got.Error != "http.not_found" || got.Text == "" || got.Reference != data.Header.Get("X-Request-Id") {
				t.Errorf("%v %+v", err, got)
			}
		})
	}
}

func TestWhatNobodyForesawIsOnlyAReference(t *testing.T) {
	h := portal(t,
		httpkit.Get("/error", httpkit.Public(), refuse(errors.New(hush))),
		httpkit.Get("/panic", httpkit.Public(), func(*httpkit.Ctx) error { panic(hush) }),
		httpkit.Get("/late", httpkit.Public(), refuse(fmt.Errorf("%s: %w", hush, context.DeadlineExceeded))),
		httpkit.Get("/half", httpkit.Public(), func(c *httpkit.Ctx) error {
			_ = c.Bytes("text/plain", []byte("half a page"))
			return errors.New(hush)
		}))
	for _, path := range []string{"/error", "/panic", "/late", "/half"} {
		t.Run(path, func(t *testing.T) {
			answer := h.Get(path)
			if answer.Status != 500 || strings.Contains(answer.Body, "vault") || strings.Contains(answer.Body, "half a page") || strings.Contains(answer.Body, "goroutine") {
				t.Errorf("%d %s", answer.Status, answer.Text())
			}
			if id := answer.Header.Get("X-Request-Id"); len(id) != 16 || !strings.Contains(answer.Body, id) {
				t.Errorf("the reference %q is not on the page: %s", id, answer.Text())
			}
			if !strings.Contains(answer.Text(), "Something went wrong") {
				t.Errorf("the page says %s", answer.Text())
			}
		})
	}
}

func TestAnErrorSpeaksTheReadersLanguage(t *testing.T) {
	h := portal(t)
	h.Tenant.Languages = []string{"en", "da"}
	if answer := h.Get("/nowhere", "Accept-Language", "da, en;q=0.5"); answer.Status != 404 || !strings.Contains(answer.Body, `lang="da"`) {
		t.Errorf("%d %s", answer.Status, answer.Text())
	}
}

// Every answer has every header, whoever made it: a page, a refusal, the
// router, the file server.
func TestEveryAnswerIsFenced(t *testing.T) {
	h := portal(t,
		httpkit.Get("/ok", httpkit.Public(), say("ok")),
		httpkit.Get("/on", httpkit.Public(), func(c *httpkit.Ctx) error { return c.Redirect("/ok") }),
		httpkit.Get("/error", httpkit.Public(), refuse(errors.New("x"))),
		httpkit.Get("/panic", httpkit.Public(), func(*httpkit.Ctx) error { panic("x") }),
		httpkit.Post("/change", httpkit.Public(), say("changed")))
	h.Kit.Secure = true
	answers := map[string]http.Header{
		"200": h.Get("/ok").Header, "303": h.Get("/on").Header, "500": h.Get("/error").Header, "a panic": h.Get("/panic").Header,
		"404": h.Get("/nowhere").Header, "403": h.Post("/change", nil, "Origin", "http://evil.test").Header,
		"a wrong method": h.Post("/ok", nil).Header, "a probe": h.Get("/livez").Header, "a missing file": h.Get("/static/x").Header,
	}
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
	}
	for what, header := range answers {
		for name, value := range want {
			if got := header.Get(name); got != value {
				t.Errorf("%s: %s is %q", what, name, got)
			}
		}
		policy := header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self';"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %s: %s", what, part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || header.Get("Server") != "" || header.Get("X-Powered-By") != "" {
			t.Errorf("%s: %v", what, header)
		}
	}
}

func TestARedirectStaysOnTheHost(t *testing.T) {
	h := portal(t, httpkit.Get("/on", httpkit.Public(), func(c *httpkit.Ctx) error { return c.Redirect(c.Query("to")) }))
	for to, want := range map[string]string{"/security": "/security", "//evil.test": "/", "https://evil.test": "/", "%2F%5Cevil.test": "/", "": "/"} {
		if answer := h.Get("/on?to=" + to); answer.Status != 303 || answer.Header.Get("Location") != want {
			t.Errorf("%q leads to %q", to, answer.Header.Get("Location"))
		}
	}
}

// Robots ask by HEAD first; they get what a reader would get, without the body.
func TestHeadAnswersAsGetDoes(t *testing.T) {
	send := wire(t, portal(t, httpkit.Get("/ok", httpkit.Public(), say("a body")), httpkit.Post("/change", httpkit.Public(), say("changed"))))
	answer := send("HEAD /ok HTTP/1.1\r\nHost: havn.localhost:8080\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 200 ") || strings.Contains(answer, "a body") {
		t.Errorf("%s", answer)
	}
	if answer := send("HEAD /change HTTP/1.1\r\nHost: havn.localhost:8080\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 404 ") {
		t.Errorf("%s", answer)
	}
}

func TestAFileToSaveNeverRuns(t *testing.T) {
	h := portal(t, httpkit.Get("/file", httpkit.Public(), func(c *httpkit.Ctx) error {
		return c.Attachment("løn \"1\"\r\nX-Evil: 1;.html", "text/html", []byte("<script>"))
	}))
	answer := h.Get("/file")
	if got := answer.Header.Get("Content-Disposition"); got != `attachment; filename="l_n _1___X-Evil: 1_.html"; filename*=UTF-8''l%C3%B8n%20%221%22%0D%0AX-Evil:%201%3B.html` {
		t.Errorf("%s", got)
	}
	if answer.Header.Get("X-Evil") != "" || answer.Header.Get("Content-Security-Policy") != "sandbox; default-src 'none'" {
		t.Errorf("%v", answer.Header)
	}
}
