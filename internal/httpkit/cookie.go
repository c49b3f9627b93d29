package httpkit

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// cookieName is the name under which a cookie of ours is kept. On https the
// __Host- prefix ties it to this host, path / and a secure channel; on http the
// port keeps two copies on one host apart.
func (k *Kit) cookieName(name string) string {
	base := "tilgang-" + k.Port
	if k.Secure {
		base = "__Host-tilgang"
	}
	if name == "" {
		return base
	}
	return base + "-" + name
}

// Cookie reads a cookie of ours; the session's has the empty name.
func (c *Ctx) Cookie(name string) string { return c.fiber.Cookies(c.kit.cookieName(name)) }

// SetCookie sets a cookie of ours for this host only. life 0 ends with the
// browser. Scripts cannot read it.
func (c *Ctx) SetCookie(name, value string, life time.Duration) {
	cookie := &fiber.Cookie{
		Name: c.kit.cookieName(name), Value: value, Path: "/",
		Secure: c.kit.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: life == 0,
	}
	if life > 0 {
		cookie.MaxAge = int(life / time.Second)
	}
	c.fiber.Cookie(cookie)
}

// DropCookie removes a cookie of ours.
func (c *Ctx) DropCookie(name string) {
	c.fiber.Cookie(&fiber.Cookie{
		Name: c.kit.cookieName(name), Path: "/", MaxAge: -1, Expires: time.Unix(1, 0),
		Secure: c.kit.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}
