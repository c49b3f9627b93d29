package httpkit

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Render answers with a page, status 200.
func (c *Ctx) Render(v View) error { return c.RenderStatus(fiber.StatusOK, v) }

// RenderStatus answers with a page and a status.
func (c *Ctx) RenderStatus(status int, v View) error {
	c.dress(v.Shell())
	c.fiber.Status(status).Type("html", "utf-8")
	if err := c.kit.Engine.Render(c.fiber.Response().BodyWriter(), v); err != nil {
		c.fiber.Response().ResetBody()
		return fmt.Errorf("render %s: %w", v.Template(), err)
	}
	return nil
}

// Drawn is a page as it would be answered, to be shown in another way. It takes no
// notice that waits for the reader.
func (c *Ctx) Drawn(v View) ([]byte, error) {
	b := v.Shell()
	b.Words, b.Lang, b.assets = c.Words(), c.Words().Lang(), c.kit.Assets
	if t := c.Tenant(); t != nil {
		b.Tenant = brand(t)
	}
	var out bytes.Buffer
	if err := c.kit.Engine.Render(&out, v); err != nil {
		return nil, fmt.Errorf("draw %s: %w", v.Template(), err)
	}
	return out.Bytes(), nil
}

// Base is the frame to build a page on: it speaks the reader's language.
func (c *Ctx) Base() Base {
	return Base{Words: c.Words(), Lang: c.Words().Lang(), assets: c.kit.Assets}
}

// dress fills what every page's frame has.
func (c *Ctx) dress(b *Base) {
	b.Words, b.Lang, b.assets = c.Words(), c.Words().Lang(), c.kit.Assets
	b.Path, b.Reference = cmp.Or(b.Path, c.returnPath()), c.RequestID()
	b.Languages = c.languageLinks()
	if c.Tenant() == nil {
		b.HelpURL = "" // the installation's own host has no help
	}
	if t := c.Tenant(); t != nil {
		b.Tenant = brand(t)
		if c.Site.Side == Alumni {
			b.Tenant.Portal = c.T("layout.alumni")
		}
		b.ContactURL = "/help#contact"
		if b.HelpURL == "" {
			b.HelpURL = "/help"
		}
	}
	b.Flash = append(c.takeFlash(), b.Flash...)
	if c.kit.Frame != nil {
		c.kit.Frame(c, b)
	}
}

// returnPath is where the language switch leads back to: the page itself, or
// the flow's start when this page answers a POST.
func (c *Ctx) returnPath() string {
	if c.fiber.Method() == fiber.MethodGet {
		return c.Address()
	}
	return c.Path()
}

func (c *Ctx) languageLinks() []LanguageLink {
	codes := c.kit.Catalog.Languages()
	if t := c.Tenant(); t != nil {
		codes = t.Languages
	}
	var links []LanguageLink
	for _, code := range c.Words().Spoken(codes) {
		links = append(links, LanguageLink{Code: code, Name: c.Words().LanguageName(code), Current: code == c.Words().Lang()})
	}
	if len(links) < 2 {
		return nil
	}
	return links
}

// JSON answers with a JSON document.
func (c *Ctx) JSON(status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	c.fiber.Set("Content-Type", "application/json; charset=utf-8")
	return c.fiber.Status(status).Send(body)
}

// Bytes answers with a body of a given type, to be shown in the browser.
func (c *Ctx) Bytes(contentType string, body []byte) error {
	c.fiber.Set("Content-Type", contentType)
	return c.fiber.Send(body)
}

// Attachment answers with a file to save.
func (c *Ctx) Attachment(name, contentType string, body []byte) error {
	c.disposition("attachment", name)
	return c.Bytes(contentType, body)
}

// disposition says that the answer is a file, how it is called (RFC 6266), and
// that it may do nothing by itself.
func (c *Ctx) disposition(how, name string) {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	c.fiber.Set("Content-Disposition", how+`; filename="`+ascii+`"; filename*=UTF-8''`+url.PathEscape(name))
	c.fiber.Set("Content-Security-Policy", "sandbox; default-src 'none'")
}

// Redirect leads on by GET to a path of this host.
func (c *Ctx) Redirect(path string) error {
	return c.fiber.Redirect(OwnPath(path, "/"), fiber.StatusSeeOther)
}

// RedirectOut leads to another host of the installation; the address comes
// from configuration, never from the request.
func (c *Ctx) RedirectOut(address string) error {
	return c.fiber.Redirect(address, fiber.StatusSeeOther)
}

// OwnPath is path when it is one of this host, else the fallback: everything
// that a browser could read as another host, scheme or header is refused.
func OwnPath(path, fallback string) string {
	if !strings.HasPrefix(path, "/") || len(path) > 2000 {
		return fallback
	}
	if strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return fallback
	}
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return fallback
	}
	decoded := strings.ToLower(u.Path)
	if strings.HasPrefix(path, "//") || strings.HasPrefix(decoded, "//") || strings.ContainsAny(decoded, "\\\r\n\t") {
		return fallback
	}
	return path
}
