package httpkit

import (
	"errors"
	"log/slog"
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tilgang/internal/fault"
)

// status maps a kind of refusal to HTTP's word for it.
func status(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return fiber.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return fiber.StatusUnauthorized
	case fault.Forbidden:
		return fiber.StatusForbidden
	case fault.NotFound:
		return fiber.StatusNotFound
	case fault.Conflict:
		return fiber.StatusConflict
	case fault.Expired:
		return fiber.StatusGone
	case fault.TooMany:
		return fiber.StatusTooManyRequests
	case fault.TooLarge:
		return fiber.StatusRequestEntityTooLarge
	case fault.Unavailable:
		return fiber.StatusServiceUnavailable
	case fault.Internal:
	}
	return fiber.StatusInternalServerError
}

// ErrorPage tells what happened and what to do next.
type ErrorPage struct {
	Base

	Text    string
	Next    *Link
	Contact bool // whom to ask is shown
}

// Template implements View.
func (*ErrorPage) Template() string { return "error/page" }

// fail answers with a refusal: the one place where errors become pages.
func (k *Kit) fail(c *Ctx, err error) {
	f, known := fault.As(err)
	if !known {
		f = fault.New(fault.Internal, "http.internal").Because(err)
	}
	code := status(f.Kind)
	k.logFailure(c, f, code)
	c.fiber.Response().ResetBody()
	if f.RetryAfter > 0 {
		c.fiber.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	if c.route.JSON {
		_ = c.JSON(code, map[string]any{"error": f.Code, "text": c.Words().TMap(f.Code, f.Args), "reference": c.RequestID()})
		return
	}
	if err := c.RenderStatus(code, errorPage(c, f, code)); err != nil {
		k.Log.LogAttrs(c.Context(), slog.LevelError, "error page failed", slog.String("error", err.Error()))
		c.fiber.Status(code).Type("txt", "utf-8")
		_ = c.fiber.SendString(c.T("http.internal.title") + "\n" + c.RequestID() + "\n")
	}
}

func (k *Kit) logFailure(c *Ctx, f *fault.Fault, code int) {
	level := slog.LevelInfo
	if code >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	k.Log.LogAttrs(c.Context(), level, "refused", slog.String("request_id", c.RequestID()), slog.String("route", c.route.Path),
		slog.Int("status", code), slog.String("fault", f.Code), slog.String("error", f.Error()))
}

// waitTopic is the help on why one has to wait.
const waitTopic = "/help#wait"

func errorPage(c *Ctx, f *fault.Fault, code int) *ErrorPage {
	title := f.Code + ".title"
	if !c.Words().Has(title) {
		title = "http." + string(f.Kind) + ".title"
	}
	p := &ErrorPage{Text: c.Words().TMap(f.Code, f.Args), Contact: code >= 403}
	p.Title, p.Layout, p.ShowRef = c.T(title), LayoutCard, code >= fiber.StatusInternalServerError
	p.Next = &Link{Label: c.T("http.to_start"), URL: "/"}
	if f.Kind == fault.TooMany {
		p.HelpURL = waitTopic
	}
	if code == fiber.StatusUnauthorized {
		p.Next = &Link{Label: c.T("http.to_signin"), URL: "/signin"}
	}
	return p
}

// Invalid shows the form again with what was wrong: the errors of an Invalid,
// Conflict or TooMany fault at their fields. Any other error is passed on.
func (c *Ctx) Invalid(v View, err error) error {
	f, known := fault.As(err)
	if !known || (f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.TooMany && f.Kind != fault.Unavailable) {
		return err
	}
	b := v.Shell()
	if f.Kind == fault.TooMany {
		b.HelpURL = waitTopic
	}
	if len(f.Fields) == 0 {
		b.Errors = append(b.Errors, FieldError{Text: c.Words().TMap(f.Code, f.Args)})
	}
	for field, code := range f.Fields {
		b.Errors = append(b.Errors, FieldError{Field: field, Text: c.Words().TMap(code, f.Args)})
	}
	if f.RetryAfter > 0 {
		c.fiber.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	return c.RenderStatus(status(f.Kind), v)
}

// isFiber turns fiber's own refusals into ours.
func isFiber(err error) (int, bool) {
	var e *fiber.Error
	if errors.As(err, &e) {
		return e.Code, true
	}
	return 0, false
}
