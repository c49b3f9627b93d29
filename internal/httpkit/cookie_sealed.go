package httpkit

import (
	"encoding/base64"
	"fmt"
	"time"
)

// SetSealedCookie keeps a secret, such as a link's token, with this browser and
// out of the address bar. It opens on this host of this tenant alone.
func (c *Ctx) SetSealedCookie(name, value string, life time.Duration) error {
	sealed, err := c.kit.Box.Seal([]byte(value), c.cookiePlace(name)...)
	if err != nil {
		return fmt.Errorf("seal cookie %s: %w", name, err)
	}
	c.SetCookie(name, base64.RawURLEncoding.EncodeToString(sealed), life)
	return nil
}

// SealedCookie is what SetSealedCookie kept; empty when there is nothing, or
// nothing that this host sealed.
func (c *Ctx) SealedCookie(name string) string {
	sealed, err := base64.RawURLEncoding.DecodeString(c.Cookie(name))
	if err != nil || len(sealed) == 0 {
		return ""
	}
	value, err := c.kit.Box.Open(sealed, c.cookiePlace(name)...)
	if err != nil {
		return ""
	}
	return string(value)
}

// cookiePlace ties a sealed cookie to one tenant's host.
func (c *Ctx) cookiePlace(name string) []string {
	return []string{c.Tenant().ID.String(), "cookie", name, c.Site.Host}
}
