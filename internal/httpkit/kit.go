package httpkit

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tilgang/internal/clock"
	"tilgang/internal/i18n"
	"tilgang/internal/secret"
)

// FormLimit is the largest body of a route that takes no upload, in bytes.
const FormLimit = 64 << 10

// requestTime bounds one request, below the server's write timeout of 30 s.
const requestTime = 25 * time.Second

// Kit is what every handler shares. Its functions break upward needs: the
// directory of tenants, the gate and the frame know nouns that this package
// does not.
type Kit struct {
	Engine  *Engine
	Assets  *Assets
	Catalog *i18n.Catalog
	Clock   clock.Clock
	Box     *secret.Box
	Log     *slog.Logger
	Secure  bool   // https: cookies get the __Host- prefix
	Port    string // names cookies on http, where two copies may share a host
	Trusted []netip.Prefix

	// Find gives the site of a host name, ok false for an unknown one.
	Find func(ctx context.Context, host string) (Site, bool, error)
	// Enter puts tenant and asker into the request's context.
	Enter func(c *Ctx) error
	// Gate refuses, or redirects those who must first do something else; then
	// it returns done.
	Gate func(c *Ctx, g Gate) (done bool, err error)
	// Frame fills the menu and the person's corner of a page.
	Frame func(c *Ctx, b *Base)
	// Seen counts a finished request.
	Seen func(route, method string, status int, took time.Duration)
}

// Mount puts routes on a fiber app. What answers GET answers HEAD too: mail
// filters ask so first, and a 404 would make a good link a broken one.
func (k *Kit) Mount(app *fiber.App, routes []Route) {
	for _, r := range routes {
		app.Add(r.Method, r.Path, k.serve(r))
		if r.Method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.Path, k.serve(r))
		}
	}
}

// serve is the one way of a request: site, asker, origin, gate, handler; then
// an error, if any, becomes a page.
func (k *Kit) serve(r Route) fiber.Handler {
	return func(f *fiber.Ctx) error {
		site, ok := f.Locals(siteLocal).(Site)
		if !ok || !r.answers(site) {
			return f.Next()
		}
		if n := contentLength(f.Get("Content-Length")); n > r.bodyLimit() {
			f.Context().Response.SetConnectionClose()
			return fiber.ErrRequestEntityTooLarge
		}
		ctx, cancel := context.WithTimeout(f.UserContext(), requestTime)
		defer cancel()
		start := time.Now()
		c := &Ctx{kit: k, fiber: f, route: r, Site: site, ctx: ctx}
		if err := k.guarded(c); err != nil {
			k.fail(c, err)
		}
		if k.Seen != nil {
			k.Seen(r.Path, r.Method, f.Response().StatusCode(), time.Since(start))
		}
		return nil
	}
}

// guarded turns a panic into an error, so that its reader gets a page.
func (k *Kit) guarded(c *Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v at %s", r, ownFrames())
		}
	}()
	return k.answer(c)
}

func (r Route) answers(s Site) bool {
	switch r.Side {
	case "":
		return s.Tenant != nil
	case BaseSide, EidSide, Staff, Alumni:
	}
	return s.Side == r.Side
}

func (k *Kit) answer(c *Ctx) error {
	if err := k.Enter(c); err != nil {
		return err
	}
	if unsafe(c.fiber.Method()) && !c.route.Programs {
		if err := checkOrigin(c); err != nil {
			return err
		}
	}
	done, err := k.Gate(c, c.route.Gate)
	if done || err != nil {
		return err
	}
	return c.route.Handle(c)
}

func unsafe(method string) bool {
	return !slices.Contains([]string{fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions}, method)
}
