package httpkit_test

import (
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

// portal is an employer's staff host, in English, with the given routes.
func portal(t *testing.T, routes ...httpkit.Route) *sitetest.Host {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, "fjord")
	if err != nil {
		t.Fatal(err)
	}
	return sitetest.New(t, spec.Tenant, routes...)
}

// say answers with a text.
func say(text string) httpkit.Handler {
	return func(c *httpkit.Ctx) error { return c.Bytes("text/plain", []byte(text)) }
}

// refuse answers with an error.
func refuse(err error) httpkit.Handler {
	return func(*httpkit.Ctx) error { return err }
}

// wire serves a host on a socket and gives a way to send it bytes as they are.
func wire(t *testing.T, h *sitetest.Host) func(request string) string {
	t.Helper()
	app := h.Kit.NewApp(func(f *fiber.Ctx) error { return f.SendString("ok") })
	h.Kit.Mount(app, h.Routes)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(l) }()
	t.Cleanup(func() {
		if err := app.ShutdownWithTimeout(5 * time.Second); err != nil {
			t.Error(err)
		}
		<-done
	})
	return func(request string) string {
		t.Helper()
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		go func() { _, _ = io.WriteString(conn, request) }()
		answer, err := io.ReadAll(conn)
		if err != nil && len(answer) == 0 {
			t.Fatalf("no answer: %v", err)
		}
		return string(answer)
	}
}

// post is a form as a browser sends it, without its body's length.
func post(path string, headers ...string) string {
	return "POST " + path + " HTTP/1.1\r\nHost: havn.localhost:8080\r\nOrigin: " + sitetest.Origin + "\r\nConnection: close\r\n" +
		"Content-Type: application/x-www-form-urlencoded\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n"
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}
