package httpkit

import (
	"tilgang/internal/fault"
)

// checkOrigin lets a change through only from a page of the same host.
// Browsers that honour "Referrer-Policy: no-referrer" to the letter write
// "Origin: null" even then; for those the browser's own word on where the
// request came from decides, which no page can forge.
func checkOrigin(c *Ctx) error {
	origin := c.Header("Origin")
	if origin == c.Site.Origin {
		return nil
	}
	if (origin == "null" || origin == "") && c.Header("Sec-Fetch-Site") == "same-origin" {
		return nil
	}
	return fault.New(fault.Forbidden, "http.origin")
}
