package httpkit

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tilgang/internal/authz"
	"tilgang/internal/i18n"
	"tilgang/internal/tenant"
)

const (
	siteLocal    = "site"
	requestLocal = "request_id"
)

// Ctx is one request: facts only, never services. Strings it gives are owned
// copies (the server runs with Immutable), safe to keep.
type Ctx struct {
	kit   *Kit
	fiber *fiber.Ctx
	route Route
	ctx   context.Context
	words *i18n.Localizer
	form  *Form
	kept  any

	Site Site
}

// Context is the request's context: tenant, asker and deadline.
func (c *Ctx) Context() context.Context { return c.ctx }

// SetContext replaces the context; only the path of a request before the
// handler does.
func (c *Ctx) SetContext(ctx context.Context) { c.ctx = ctx; c.words = nil }

// Keep holds a fact about the request from the path before the gate to the
// gate; Kept gives it back.
func (c *Ctx) Keep(fact any) { c.kept = fact }

// Kept is what Keep was given, or nil.
func (c *Ctx) Kept() any { return c.kept }

// Tenant is whose host the request came to; nil on the installation's own.
func (c *Ctx) Tenant() *tenant.Tenant { return c.Site.Tenant }

// Actor is who asks.
func (c *Ctx) Actor() authz.Actor { return authz.From(c.ctx) }

// Now is the time by the injected clock.
func (c *Ctx) Now() time.Time { return c.kit.Clock.Now() }

// Param is a part of the path.
func (c *Ctx) Param(name string) string { return c.fiber.Params(name) }

// Query is a value of the address.
func (c *Ctx) Query(name string) string { return c.fiber.Query(name) }

// Header is a request header.
func (c *Ctx) Header(name string) string { return c.fiber.Get(name) }

// SetHeader sets a response header.
func (c *Ctx) SetHeader(name, value string) { c.fiber.Set(name, value) }

// Method is the request's method.
func (c *Ctx) Method() string { return c.fiber.Method() }

// Path is the address's path.
func (c *Ctx) Path() string { return c.fiber.Path() }

// Address is path and query as asked.
func (c *Ctx) Address() string { return c.fiber.OriginalURL() }

// Route is the route that answers.
func (c *Ctx) Route() Route { return c.route }

// RequestID names the request in logs and on error pages.
func (c *Ctx) RequestID() string { id, _ := c.fiber.Locals(requestLocal).(string); return id }

// IP is the asker's address.
func (c *Ctx) IP() netip.Addr { return clientIP(c.fiber, c.kit.Trusted) }

// Network is the asker's network, the unit of limits.
func (c *Ctx) Network() string { return Network(c.IP()) }

// UserAgent is what the browser calls itself, at most 300 bytes.
func (c *Ctx) UserAgent() string {
	ua := c.Header("User-Agent")
	if len(ua) > 300 {
		ua = ua[:300]
	}
	return strings.ToValidUTF8(ua, "")
}

// Words speaks the reader's language.
func (c *Ctx) Words() *i18n.Localizer {
	if c.words == nil {
		c.words = c.kit.Catalog.Localizer(c.language(), c.zone(), c.kit.Clock.Now)
	}
	return c.words
}

// T is a text in the reader's language.
func (c *Ctx) T(key string, kv ...any) string { return c.Words().T(key, kv...) }

// N is T in the plural form that n asks for.
func (c *Ctx) N(key string, n int, kv ...any) string { return c.Words().N(key, n, kv...) }

// language: what the reader chose on this device, the person's own setting, what
// the browser asks for, the tenant's first.
func (c *Ctx) language() string {
	chosen := c.Cookie("lang")
	if chosen == "" {
		chosen = c.Actor().Language
	}
	if t := c.Tenant(); t != nil {
		return c.kit.Catalog.MatchIn(t.Languages, chosen, c.Header("Accept-Language"), t.Languages[0])
	}
	return c.kit.Catalog.Match(chosen, c.Header("Accept-Language"))
}

// zone is the reader's own where the browser told, else the tenant's.
func (c *Ctx) zone() *time.Location {
	if name := c.Cookie("zone"); name != "" && len(name) < 64 && !strings.Contains(name, "..") {
		if zone, err := time.LoadLocation(name); err == nil && name != "Local" {
			return zone
		}
	}
	if t := c.Tenant(); t != nil && t.Zone != nil {
		return t.Zone
	}
	return time.Local
}

func clientIP(f *fiber.Ctx, trusted []netip.Prefix) netip.Addr {
	peer, ok := netip.AddrFromSlice(f.Context().RemoteIP())
	if !ok {
		return netip.IPv4Unspecified()
	}
	return ClientIP(peer, f.Get("X-Forwarded-For"), trusted)
}
