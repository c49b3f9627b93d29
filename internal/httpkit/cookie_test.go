package httpkit_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tilgang/internal/httpkit"
)

// cookieOf is the one cookie that an answer sets.
func cookieOf(t *testing.T, header http.Header) *http.Cookie {
	t.Helper()
	list := (&http.Response{Header: header}).Cookies()
	if len(list) != 1 {
		t.Fatalf("%d cookies: %v", len(list), header["Set-Cookie"])
	}
	return list[0]
}

func setCookies(c *httpkit.Ctx) error {
	switch c.Query("do") {
	case "keep":
		c.SetCookie("device", "v", 400*24*time.Hour)
	case "drop":
		c.DropCookie("device")
	default:
		c.SetCookie("", "v", 0)
	}
	return c.Bytes("text/plain", []byte(c.Cookie("")+"|"+c.Cookie("device")))
}

func TestCookiesBelongToOneHostAndNoScript(t *testing.T) {
	for _, secure := range []bool{true, false} {
		h := portal(t, httpkit.Get("/c", httpkit.Public(), setCookies))
		h.Kit.Secure = secure
		name := "tilgang-8080"
		if secure {
			name = "__Host-tilgang"
		}
		for do, want := range map[string]struct {
			name string
			age  int
		}{"": {name, 0}, "keep": {name + "-device", 34560000}, "drop": {name + "-device", -1}} {
			c := cookieOf(t, h.Get("/c?do="+do).Header)
			if c.Name != want.name || c.MaxAge != want.age || c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode {
				t.Errorf("secure %t, %q: %s", secure, do, c.Raw)
			}
		}
		answer := h.Get("/c", "Cookie", name+"=mine; tilgang-9999=other; "+name+"-device=box")
		if answer.Body != "mine|box" {
			t.Errorf("secure %t reads %q", secure, answer.Body)
		}
	}
}

// On https a cookie without the prefix could have been planted by a sibling
// host or over plain http.
func TestAPlantedCookieIsNotRead(t *testing.T) {
	h := portal(t, httpkit.Get("/c", httpkit.Public(), setCookies))
	h.Kit.Secure = true
	if answer := h.Get("/c", "Cookie", "tilgang-8080=planted; tilgang=planted; __host-tilgang=planted"); answer.Body != "|" {
		t.Errorf("reads %q", answer.Body)
	}
}

func TestANoticeIsShownOnceAndCannotBeForged(t *testing.T) {
	routes := []httpkit.Route{
		httpkit.Get("/put", httpkit.Public(), func(c *httpkit.Ctx) error {
			c.Flash("ok", "layout.alumni", "Name", "<b>")
			return c.Redirect("/show")
		}),
		httpkit.Get("/show", httpkit.Public(), func(c *httpkit.Ctx) error {
			return c.Render(&httpkit.ErrorPage{Base: c.Base(), Text: "here"})
		}),
	}
	h := portal(t, routes...)
	put := h.Get("/put")
	cookie := cookieOf(t, put.Header)
	if put.Status != 303 || put.Header.Get("Location") != "/show" {
		t.Fatalf("%d %s", put.Status, put.Header.Get("Location"))
	}
	shown := h.Get("/show", "Cookie", cookie.Name+"="+cookie.Value)
	if !strings.Contains(shown.Text(), "For former employees") {
		t.Errorf("not shown: %s", shown.Text())
	}
	if gone := cookieOf(t, shown.Header); gone.Name != cookie.Name || gone.MaxAge >= 0 {
		t.Errorf("not taken away: %s", gone.Raw)
	}
	other := portal(t, routes...) // another key
	for name, planted := range map[string]string{
		"one of another key": cookieOf(t, other.Get("/put").Header).Value,
		"a changed one":      "A" + cookie.Value[1:],
		"a longer one":       cookie.Value + "AAAA",
		"an empty signature": strings.Repeat("A", 43),
		"rubbish":            "%%%",
		"a short one":        "AAAA",
	} {
		if strings.Contains(h.Get("/show", "Cookie", cookie.Name+"="+planted).Text(), "For former employees") && planted != cookie.Value {
			t.Errorf("%s is shown", name)
		}
	}
}
