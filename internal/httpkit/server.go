package httpkit

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"tilgang/internal/fault"
)

// NewApp is a fiber app with what stands before every route: request id,
// headers, static files, probes and the look-up of the host.
func (k *Kit) NewApp(ready func(*fiber.Ctx) error) *fiber.App {
	app := fiber.New(fiber.Config{
		Immutable: true, StreamRequestBody: true, DisableStartupMessage: true, DisablePreParseMultipartForm: true,
		// The routes' own limits are smaller; this one bounds what is read ahead.
		BodyLimit: FormLimit, ReadBufferSize: 16 << 10, Concurrency: 16 << 10,
		ReadTimeout: 60 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 75 * time.Second,
		ServerHeader: "", ErrorHandler: k.lastResort,
	})
	app.Use(recover.New(recover.Config{EnableStackTrace: true, StackTraceHandler: k.panicked}))
	app.Use(k.open)
	app.Get("/livez", func(f *fiber.Ctx) error { return f.SendString("ok\n") })
	app.Get("/readyz", ready)
	app.Get("/static/*", k.static)
	app.Use(k.site)
	return app
}

func (k *Kit) panicked(f *fiber.Ctx, e any) {
	k.Log.LogAttrs(f.UserContext(), slog.LevelError, "panic", slog.Any("panic", e), slog.String("at", ownFrames()))
}

// ownFrames is where a panic came from, by our own functions only: a whole
// stack would not fit a line of the log.
func ownFrames() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var own []string
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "tilgang/") && len(own) < 12 {
			own = append(own, fmt.Sprintf("%s:%d", strings.TrimPrefix(f.Function, "tilgang/internal/"), f.Line))
		}
		if !more {
			return strings.Join(own, " < ")
		}
	}
}

// open names the request, sets the headers that every answer has, and refuses
// one whose end is not clear.
func (k *Kit) open(f *fiber.Ctx) error {
	id := make([]byte, 8)
	_, _ = rand.Read(id)
	f.Locals(requestLocal, hex.EncodeToString(id))
	f.Set("X-Request-Id", hex.EncodeToString(id))
	for name, value := range headers(k.Secure) {
		f.Set(name, value)
	}
	if ambiguous(f.Request().Header.RawHeaders()) {
		f.Context().Response.SetConnectionClose()
		return fiber.ErrBadRequest
	}
	return f.Next()
}

// headers are on every answer, refusals too (ASVS 5.0 3.4).
func headers(secure bool) map[string]string {
	h := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
			"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
		"Cache-Control":                "no-store",
	}
	if secure {
		h["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
	}
	return h
}

func (k *Kit) static(f *fiber.Ctx) error {
	body, kind, encoding, ok := k.Assets.Open(f.Path(), f.Get("Accept-Encoding"))
	if !ok {
		return fiber.ErrNotFound
	}
	f.Set("Content-Type", kind)
	f.Set("Vary", "Accept-Encoding")
	if encoding != "" {
		f.Set("Content-Encoding", encoding)
	}
	if k.Assets.Immutable(f.Path()) {
		f.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return f.Send(body)
}

// site finds whose host was asked, and refuses a body that no route takes
// before it is read. The name comes from the connection's own Host header:
// forwarded ones are not looked at.
func (k *Kit) site(f *fiber.Ctx) error {
	host := strings.ToLower(string(f.Request().URI().Host()))
	site, ok, err := k.Find(f.UserContext(), host)
	if err != nil {
		return err
	}
	if !ok {
		return fiber.ErrNotFound
	}
	f.Locals(siteLocal, site)
	return f.Next()
}

// lastResort answers where no route did. Without a known host there is no
// tenant to speak for, so it says no more than the number.
func (k *Kit) lastResort(f *fiber.Ctx, err error) error {
	code, ours := isFiber(err)
	site, known := f.Locals(siteLocal).(Site)
	if !ours {
		code = status(fault.KindOf(err))
		k.Log.LogAttrs(f.UserContext(), slog.LevelError, "failed before any route", slog.String("error", err.Error()))
	}
	if code == fiber.StatusMethodNotAllowed {
		code = fiber.StatusNotFound
	}
	if !known || site.Tenant == nil {
		f.Status(code).Type("txt", "utf-8")
		return f.SendString(plainWords(code) + "\n")
	}
	c := &Ctx{kit: k, fiber: f, Site: site, ctx: f.UserContext()}
	if k.Enter(c) != nil {
		f.Status(code).Type("txt", "utf-8")
		return f.SendString(plainWords(code) + "\n")
	}
	k.fail(c, faultOf(code, err))
	return nil
}

func plainWords(code int) string {
	switch code {
	case fiber.StatusNotFound:
		return "404 not found"
	case fiber.StatusServiceUnavailable:
		return "503 not available right now; try again in a minute"
	}
	return "request refused"
}

func faultOf(code int, err error) error {
	switch code {
	case fiber.StatusNotFound:
		return fault.New(fault.NotFound, "http.not_found")
	case fiber.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "http.too_large")
	}
	if _, known := fault.As(err); known {
		return err
	}
	if code >= fiber.StatusInternalServerError {
		return err
	}
	return fault.New(fault.Invalid, "http.form")
}
