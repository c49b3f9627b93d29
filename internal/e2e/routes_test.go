package e2e_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
)

// filled is a route's address with something that nobody has in each place.
func filled(path string) string {
	for _, part := range strings.Split(path, "/") {
		switch part {
		case ":token":
			path = strings.Replace(path, part, strings.Repeat("A", 43), 1)
		case ":version":
			path = strings.Replace(path, part, "1", 1)
		case ":connector":
			path = strings.Replace(path, part, "bankid", 1)
		case ":id":
			path = strings.Replace(path, part, uuid.Nil.String(), 1)
		}
	}
	return path
}

// host is where a route answers.
func host(s *e2e.Stage, r httpkit.Route) string {
	switch r.Side {
	case httpkit.BaseSide:
		return s.Base
	case httpkit.EidSide:
		return "eid." + s.Base
	case httpkit.Staff, httpkit.Alumni:
	}
	return "havn." + s.Base
}

// ask sends what a route takes, without following.
func ask(b *apptest.Browser, method, address string) *apptest.Page {
	req := b.Request(method, address, strings.NewReader(""))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.Raw(req)
}

// wanted are the headers of every answer (ASVS 5.0 3.4).
func wanted(t *testing.T, what string, p *apptest.Page) {
	t.Helper()
	csp := p.Header.Get("Content-Security-Policy")
	for _, word := range []string{"default-src 'none'"} {
		if !strings.Contains(csp, word) {
			t.Errorf("%s: CSP is %q", what, csp)
		}
	}
	// A file or picture is alone in a sandbox; a page must name what it may load.
	if !strings.HasPrefix(csp, "sandbox") && (strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'")) {
		t.Errorf("%s: CSP is %q", what, csp)
	}
	for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY"} {
		if p.Header.Get(name) != value {
			t.Errorf("%s: %s is %q", what, name, p.Header.Get(name))
		}
	}
	if len(p.Header.Get("X-Request-Id")) != 16 {
		t.Errorf("%s: no request id", what)
	}
	for _, name := range []string{"Server", "X-Powered-By"} {
		if p.Header.Get(name) != "" {
			t.Errorf("%s: tells %s %q", what, name, p.Header.Get(name))
		}
	}
	for _, line := range p.Header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: cookie %q", what, line)
		}
	}
}

// forEverybody are the addresses whose answer is the same for all readers.
func forEverybody() []string {
	return []string{"/brand/:version/brand.css", "/brand/:version/logo.svg", "/help/picture/:name", "/favicon.ico", "/robots.txt", "/.well-known/security.txt"}
}

func TestEveryAnswerOfEveryRouteHasTheHeaders(t *testing.T) {
	s := e2e.New(t)
	hr := s.As("havn", "hr")
	for _, r := range app.AllRoutes() {
		for who, b := range map[string]*apptest.Browser{"a visitor": s.BrowserOn(host(s, r)), "HR": hr} {
			if r.Path == "/signout" || strings.HasPrefix(r.Path, "/security/signout") {
				b = s.BrowserOn(host(s, r))
			}
			p := ask(b, r.Method, "http://"+host(s, r)+filled(r.Path))
			what := r.Method + " " + r.Path + " by " + who
			wanted(t, what, p)
			if p.Status >= 500 {
				t.Errorf("%s: %d %s", what, p.Status, p.Text())
			}
			if !slices.Contains(forEverybody(), r.Path) && p.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: may be cached: %q", what, p.Header.Get("Cache-Control"))
			}
		}
	}
	b := s.Browser("havn")
	for status, address := range map[int]string{404: "/no/such/page", 200: "/livez"} {
		p := ask(b, http.MethodGet, address)
		wanted(t, address, p)
		if p.Status != status {
			t.Errorf("%s answers %d", address, p.Status)
		}
	}
	wanted(t, "an unknown host", ask(s.Browser("nobody"), http.MethodGet, "/"))
	wanted(t, "a method that no route has", ask(b, http.MethodDelete, "/signin"))
	_ = s.DB.Close()
	p := ask(hr, http.MethodGet, "/profile")
	wanted(t, "a lost database", p)
	if p.Status != http.StatusServiceUnavailable && p.Status != http.StatusInternalServerError {
		t.Errorf("a lost database answers %d", p.Status)
	}
}

func TestOnlyThePagesOfTheOwnHostChangeAnything(t *testing.T) {
	s := e2e.New(t)
	ctx := s.Operator("havn")
	b := s.As("havn", "hr")
	before := contents(t, s, ctx)
	for _, r := range app.AllRoutes() {
		if r.Method != http.MethodPost || r.Side == httpkit.BaseSide || r.Side == httpkit.EidSide {
			continue
		}
		for name, forge := range forgeries() {
			req := b.Request(http.MethodPost, filled(r.Path), strings.NewReader("email=x%40y.example&password=p"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			forge(req)
			if p := b.Raw(req); p.Status != http.StatusForbidden {
				t.Errorf("POST %s %s: %d", r.Path, name, p.Status)
			}
		}
		if p := ask(b, http.MethodGet, filled(r.Path)); p.Status >= 500 {
			t.Errorf("GET %s: %d", r.Path, p.Status)
		}
	}
	if got := contents(t, s, ctx); got["persons"] != before["persons"] || got["accounts"] != before["accounts"] || got["invitations"] != before["invitations"] || got["outbox"] != before["outbox"] {
		t.Error("something changed")
	}
	if p := b.Get("/session"); p.Status != http.StatusOK {
		t.Errorf("signed out from elsewhere: %d", p.Status)
	}
}

// forgeries are requests that another site can make a browser send.
func forgeries() map[string]func(*http.Request) {
	return map[string]func(*http.Request){
		"from another site": func(r *http.Request) { r.Header.Set("Origin", "https://evil.test") },
		"from another tenant": func(r *http.Request) {
			r.Header.Set("Origin", strings.Replace(r.Header.Get("Origin"), "havn", "fjord", 1))
		},
		"from the alumni host": func(r *http.Request) {
			r.Header.Set("Origin", strings.Replace(r.Header.Get("Origin"), "havn", "alumni.havn", 1))
		},
		"without an origin":      func(r *http.Request) { r.Header.Del("Origin") },
		"from a sandboxed frame": func(r *http.Request) { r.Header.Set("Origin", "null"); r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"as text, from elsewhere": func(r *http.Request) {
			r.Header.Set("Content-Type", "text/plain")
			r.Header.Set("Origin", "https://evil.test")
		},
		"by a host that begins so": func(r *http.Request) { r.Header.Set("Origin", r.Header.Get("Origin")+".evil.test") },
	}
}

func TestForwardedHeadersMoveNothing(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", cashier)
	b := s.Browser("havn")
	s.Pass(hours24)
	for name, value := range map[string]string{"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test;proto=http", "X-Forwarded-Proto": "http", "X-Original-Host": "evil.test", "X-Host": "evil.test", "X-Rewrite-URL": "/admin/people"} {
		req := b.Request(http.MethodGet, "/signin", nil)
		req.Header.Set(name, value)
		if p := b.Raw(req); p.Status != http.StatusOK || strings.Contains(p.Body, "evil.test") {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	b.Get(s.Link(freja, "/invite/"))
	req := b.Request(http.MethodPost, "/invite/renew", strings.NewReader(""))
	req.Header.Set("X-Forwarded-Host", "evil.test")
	req.Header.Set("Forwarded", "host=evil.test")
	if p := b.Raw(req); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/invite/renewed" {
		t.Errorf("%d %s", p.Status, p.Header.Get("Location"))
	}
	s.Work()
	if link, err := url.Parse(s.Link(freja, "/invite/")); err != nil || link.Host != "havn."+s.Base {
		t.Errorf("the mail links to %v", link)
	}
	t.Run("a host that is nobody's is refused", func(t *testing.T) {
		req := b.Request(http.MethodGet, "/signin", nil)
		req.Host = "evil.test"
		if p := b.Raw(req); p.Status != http.StatusNotFound || p.Text() != "404 not found" {
			t.Errorf("%d %s", p.Status, p.Text())
		}
	})
}

func TestALinksTokenLeavesTheAddressBarAtOnce(t *testing.T) {
	s := e2e.New(t)
	s.Hire("havn", cashier)
	link := s.Link(freja, "/invite/")
	token := link[strings.LastIndex(link, "/")+1:]
	b := s.Browser("havn")
	p := b.Raw(b.Request(http.MethodGet, link, nil))
	wanted(t, "the link", p)
	if p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/invite" || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", p.Status, p.Header)
	}
	for _, c := range b.Cookies() {
		if strings.Contains(c.Value, token) {
			t.Errorf("the cookie %s shows the token", c.Name)
		}
	}
	page := b.Get("/invite")
	if strings.Contains(page.Body, token) {
		t.Error("the page shows the token")
	}
	for _, tag := range []string{"link", "script", "img"} {
		for _, n := range page.All(tag) {
			if from := apptest.Attr(n, "src") + apptest.Attr(n, "href"); !strings.HasPrefix(from, "/") {
				t.Errorf("the page loads %s", from)
			}
		}
	}
}
