// Package sitetest answers requests to a package's own routes as one host of
// one employer would, for tests: real request path, templates and texts, with
// the asker and the clock in the test's hands.
package sitetest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/secret"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/templates"
	"tilgang/web"
)

// Host is one host under test. Its fields may be changed between requests.
type Host struct {
	Tenant *tenant.Tenant // nil: the installation's own host
	Side   httpkit.Side
	Actor  authz.Actor
	Clock  *clock.Fake
	Kit    *httpkit.Kit
	Routes []httpkit.Route

	tb     testing.TB
	policy *authz.Policy
}

// Texts are the product's texts. A text that a page lacks fails the test.
func Texts(tb testing.TB) *i18n.Catalog {
	tb.Helper()
	c, err := texts()
	if err != nil {
		tb.Fatal(err)
	}
	return c.Told(func(lang, key string) { tb.Errorf("%s lacks %q", lang, key) })
}

// texts are read once: a test only changes who is told of what they lack.
var texts = sync.OnceValues(func() (*i18n.Catalog, error) { return i18n.Load(templates.FS) })

// Box is a box with a keyset of its own.
func Box(tb testing.TB) *secret.Box {
	tb.Helper()
	keys, err := secret.NewKeyset()
	if err != nil {
		tb.Fatal(err)
	}
	box, err := keys.Box()
	if err != nil {
		tb.Fatal(err)
	}
	return box
}

// Policy is the product's policy.
func Policy(tb testing.TB) *authz.Policy {
	tb.Helper()
	p, err := authz.LoadPolicy()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// Look is what the product's pages are drawn with, made once: it is read-only.
func Look(tb testing.TB) (*httpkit.Engine, *httpkit.Assets) {
	tb.Helper()
	assets, err := assets()
	if err != nil {
		tb.Fatal(err)
	}
	engine, err := engine()
	if err != nil {
		tb.Fatal(err)
	}
	return engine, assets
}

var (
	assets = sync.OnceValues(func() (*httpkit.Assets, error) { return httpkit.NewAssets(web.FS) })
	engine = sync.OnceValues(func() (*httpkit.Engine, error) {
		assets, err := assets()
		if err != nil {
			return nil, err
		}
		return httpkit.NewEngine(templates.FS, assets)
	})
)

// New is a host; t nil makes it the installation's own.
func New(tb testing.TB, t *tenant.Tenant, routes ...httpkit.Route) *Host {
	tb.Helper()
	engine, assets := Look(tb)
	h := &Host{Tenant: t, Side: httpkit.Staff, Clock: clock.NewFake(dbtest.Start), Routes: routes, tb: tb, policy: Policy(tb)}
	if t == nil {
		h.Side = httpkit.BaseSide
	}
	h.Kit = &httpkit.Kit{
		Engine: engine, Assets: assets, Catalog: Texts(tb), Clock: h.Clock, Box: Box(tb), Log: slog.New(slog.DiscardHandler), Port: "8080",
		Find: h.find, Enter: h.enter, Gate: h.gate,
	}
	return h
}

const host = "havn.localhost:8080"

// Origin is the host as the address bar shows it.
const Origin = "http://" + host

func (h *Host) find(context.Context, string) (httpkit.Site, bool, error) {
	return httpkit.Site{Side: h.Side, Tenant: h.Tenant, Host: host, Origin: Origin, Base: "http://localhost:8080"}, true, nil
}

func (h *Host) enter(c *httpkit.Ctx) error {
	ctx := c.Context()
	if h.Tenant != nil {
		ctx = tenancy.Enter(ctx, h.Tenant)
	}
	c.SetContext(authz.With(ctx, h.Actor))
	return nil
}

func (h *Host) gate(c *httpkit.Ctx, g httpkit.Gate) (bool, error) {
	if g.Kind == "public" {
		return false, nil
	}
	if !h.Actor.Signed() {
		return true, c.Redirect("/signin")
	}
	if g.Kind == "may" {
		return false, h.policy.Require(h.Actor, g.Object, g.Act, g.Reach())
	}
	return false, nil
}

// Get asks for a page; headers come in pairs.
func (h *Host) Get(path string, headers ...string) Answer {
	h.tb.Helper()
	return h.ask(httptest.NewRequest(http.MethodGet, path, nil), headers)
}

// Post sends a form; headers come in pairs.
func (h *Host) Post(path string, form url.Values, headers ...string) Answer {
	h.tb.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", Origin)
	return h.ask(r, headers)
}

func (h *Host) ask(r *http.Request, headers []string) Answer {
	h.tb.Helper()
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Host = host
	app := h.Kit.NewApp(func(f *fiber.Ctx) error { return f.SendString("ok") })
	h.Kit.Mount(app, h.Routes)
	res, err := app.Test(r, -1)
	if err != nil {
		h.tb.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.tb.Fatal(err)
	}
	return Answer{Status: res.StatusCode, Header: res.Header, Body: string(body)}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Text is what a reader of the page sees, white space squeezed.
func (a Answer) Text() string { return text(a.Body, "") }

// Main is Text of the page's own part, without its frame.
func (a Answer) Main() string { return text(a.Body, "main") }

func text(page, within string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return ""
	}
	if within != "" {
		root = find(root, within)
	}
	var words []string
	gather(root, &words)
	return strings.Join(words, " ")
}

func gather(n *html.Node, into *[]string) {
	switch {
	case n == nil, n.Type == html.ElementNode && (n.Data == "head" || n.Data == "footer" || n.Data == "dialog"):
		return
	case n.Type == html.TextNode:
		*into = append(*into, strings.Fields(n.Data)...)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		gather(c, into)
	}
}

func find(n *html.Node, name string) *html.Node {
	if n.Type == html.ElementNode && n.Data == name {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := find(c, name); found != nil {
			return found
		}
	}
	return nil
}
