package e2e_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
)

// speak sends bytes as they are and gives the first answer's status, 0 when the
// connection was closed without one, and, when shut is asked for, whether it
// was closed at all.
func speak(t *testing.T, s *e2e.Stage, request string, shut bool) (status int, closed bool) {
	t.Helper()
	_, port, _ := strings.Cut(s.Base, ":")
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	go func() { _, _ = io.WriteString(conn, request) }()
	in := bufio.NewReader(conn)
	res, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, true
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if !shut {
		return res.StatusCode, false
	}
	_, err = in.ReadByte()
	return res.StatusCode, err != nil
}

func TestHostileRequestsAreRefusedAndTheServerLives(t *testing.T) {
	s := e2e.New(t)
	host := "Host: havn." + s.Base + "\r\nOrigin: http://havn." + s.Base + "\r\n"
	form := "POST /signin HTTP/1.1\r\n" + host + "Content-Type: application/x-www-form-urlencoded\r\n"
	for name, c := range map[string]struct {
		request string
		allowed string
		shut    bool
	}{
		"a body of a gigabyte is announced": {form + "Content-Length: 1073741824\r\n\r\nemail=" + strings.Repeat("a", 1<<20), "413", true},
		"a body without end":                {form + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1000\r\n"+strings.Repeat("a", 4096)+"\r\n", 40) + "0\r\n\r\n", "413 422 400", false},
		"a header of 64 KiB":                {"GET /signin HTTP/1.1\r\n" + host + "X-Big: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", "431 400 0", true},
		"both a length and chunks":          {form + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n" + host + "\r\n", "400 422 0", true},
		"two lengths":                       {form + "Content-Length: 7\r\nContent-Length: 90\r\n\r\nemail=a", "400 422 0", false},
		"a length that is no number":        {form + "Content-Length: ten\r\n\r\nemail=a", "400 0", true},
		"no host":                           {"GET /signin HTTP/1.1\r\n\r\n", "400 404 0", false},
		"two hosts":                         {"GET /signin HTTP/1.1\r\nHost: evil.test\r\n" + host + "\r\n", "400 404 200 0", false},
		"an address of another host":        {"GET http://evil.test/signin HTTP/1.1\r\n" + host + "\r\n", "400 404", false},
		"a line break in the address":       {"GET /signin%0d%0aX: y HTTP/1.1\r\n" + host + "\r\n", "400 404 0", false},
		"a path that climbs, coded twice":   {"GET /static/%252e%252e/%252e%252e/go.mod HTTP/1.1\r\n" + host + "\r\n", "404", false},
		"a path that climbs":                {"GET /static/../../../etc/passwd HTTP/1.1\r\n" + host + "\r\n", "400 404", false},
		"no HTTP at all":                    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400 0", true},
	} {
		t.Run(name, func(t *testing.T) {
			status, shut := speak(t, s, c.request, c.shut)
			if !strings.Contains(" "+c.allowed+" ", fmt.Sprintf(" %d ", status)) || c.shut && !shut {
				t.Errorf("%d, closed %v", status, shut)
			}
		})
	}
	if p := s.Browser("havn").Get("/signin"); p.Status != http.StatusOK {
		t.Errorf("afterwards /signin answers %d", p.Status)
	}
}

func TestHostileFormsAreRefused(t *testing.T) {
	s := e2e.New(t)
	b := s.Browser("havn")
	for name, body := range map[string]string{
		"one field twice":      "email=a%40havn.example&email=b%40havn.example",
		"a NUL":                "email=a%00%40havn.example",
		"no UTF-8":             "email=%ff%fe",
		"a broken escape":      "email=%zz",
		"three hundred fields": strings.Repeat("a=1&", 1) + many(300),
		"a semicolon for an &": "email=a%40havn.example;password=x",
		"a list of a milliard": "email=&a[999999999]=1",
		"an endless name":      strings.Repeat("a", 60000) + "=1",
		"a field named as map": "email[$ne]=1",
	} {
		req := b.Request(http.MethodPost, "/signin", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if p := b.Raw(req); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=", ""} {
		req := b.Request(http.MethodPost, "/signin", strings.NewReader(`{"email":"a@havn.example"}`))
		req.Header.Set("Content-Type", kind)
		if p := b.Raw(req); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", kind, p.Status)
		}
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "f%d=1&", i)
	}
	return b.String()
}

func TestAnErrorTellsAReferenceAndNothingElse(t *testing.T) {
	s := e2e.New(t)
	b, lead, hr := s.As("havn", "admin"), s.As("havn", "manager"), s.As("havn", "hr")
	for _, bad := range []string{"x", "per_", "00000000-0000-0000-0000-00000000000", "'%20OR%201=1--", "%00", "per_{00000000-0000-0000-0000-000000000000}", strings.Repeat("9", 3000), "..%2f..%2fetc"} {
		for _, r := range app.AllRoutes() {
			if !strings.Contains(r.Path, ":id") || r.Side == httpkit.BaseSide {
				continue
			}
			b := b
			switch {
			case strings.HasPrefix(r.Path, "/manager/"):
				b = lead
			case strings.HasPrefix(r.Path, "/admin/document/"):
				b = hr
			}
			if p := ask(b, r.Method, strings.Replace(r.Path, ":id", bad, 1)); p.Status != http.StatusNotFound && p.Status != http.StatusBadRequest {
				t.Errorf("%s %s with %.20q: %d", r.Method, r.Path, bad, p.Status)
			}
		}
	}
	for _, query := range []string{"after=x", "after=%00", "after=" + strings.Repeat("A", 5000), "q=" + url.QueryEscape(strings.Repeat("%_*'\"", 300))} {
		if p := lead.Get("/manager?" + query); p.Status >= 500 {
			t.Errorf("the team by %.30s: %d", query, p.Status)
		}
	}
	for _, query := range []string{"after=x", "after=%00", "sort=drop", "sort=name;drop", "state=zzz", "unit=x", "title=%27", "after=" + strings.Repeat("A", 5000), "q=" + url.QueryEscape(strings.Repeat("%_*'\"", 300))} {
		if p := b.Get("/admin/people?" + query); p.Status >= 500 {
			t.Errorf("people by %.30s: %d", query, p.Status)
		}
	}
	t.Run("a lost database is no page of the inside", func(t *testing.T) {
		visitor := s.Browser("havn")
		visitor.Get("/signin")
		_ = s.DB.Close()
		for _, p := range []*apptest.Page{b.Get("/profile"), raw(visitor, "/signin", "email", "a@havn.example"), b.Get("/session"), b.Get("/admin/people")} {
			if p.Status != http.StatusInternalServerError && p.Status != http.StatusServiceUnavailable {
				t.Errorf("%s: %d", p.URL, p.Status)
			}
			if !strings.Contains(p.Body, p.Header.Get("X-Request-Id")) {
				t.Errorf("%s: the page shows no reference\n%s", p.URL, p.Text())
			}
			for _, inside := range []string{"sql", "SELECT", "database is closed", "goroutine", ".go:", "pgx", "gorm", "fiber"} {
				if strings.Contains(p.Text(), inside) {
					t.Errorf("%s tells %q\n%s", p.URL, inside, p.Text())
				}
			}
		}
		if p := ask(visitor, http.MethodGet, "/readyz"); p.Status != http.StatusServiceUnavailable {
			t.Errorf("/readyz answers %d", p.Status)
		}
		if p := ask(visitor, http.MethodGet, "/livez"); p.Status != http.StatusOK {
			t.Errorf("/livez answers %d", p.Status)
		}
	})
}
