package console

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tilgang/internal/httpkit"
)

// languageLife is how long a browser keeps its language: 400 days, the most
// that browsers allow a cookie (RFC 6265bis 5.5).
const languageLife = 400 * 24 * time.Hour

// submitLanguage changes the language of this browser and, for somebody signed
// in, of the person; a language that is not offered changes nothing.
func (p *Pages) submitLanguage(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	if chosen := form.Get("language"); p.offers(c, chosen) {
		if err := p.keepLanguage(c, chosen); err != nil {
			return err
		}
		c.SetCookie("lang", chosen, languageLife)
	}
	return c.Redirect(form.Get("path"))
}

func (p *Pages) offers(c *httpkit.Ctx, language string) bool {
	if t := c.Tenant(); t != nil && !slices.Contains(t.Languages, language) {
		return false
	}
	return p.Catalog.Has(language)
}

func (p *Pages) keepLanguage(c *httpkit.Ctx, language string) error {
	a := c.Actor()
	if !a.Signed() || a.Language == language {
		return nil
	}
	err := p.DB.Tx(c.Context(), func(ctx context.Context) error { return p.SetLanguage(ctx, a.PersonID, language) })
	if err != nil {
		return fmt.Errorf("keep language: %w", err)
	}
	return nil
}
