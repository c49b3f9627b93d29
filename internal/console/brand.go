package console

import (
	"strconv"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// sealedSVG keeps a picture from running anything when it is opened by itself.
const sealedSVG = "sandbox; default-src 'none'; style-src 'unsafe-inline'"

func (p *Pages) showColours(c *httpkit.Ctx) error {
	if err := cacheByVersion(c); err != nil {
		return err
	}
	return c.Bytes("text/css; charset=utf-8", []byte(c.Tenant().Branding.CSS()))
}

func (p *Pages) showLogo(c *httpkit.Ctx) error {
	logo := c.Tenant().Branding.Logo
	if len(logo) == 0 {
		return notFound()
	}
	if err := cacheByVersion(c); err != nil {
		return err
	}
	c.SetHeader("Content-Security-Policy", sealedSVG)
	return c.Bytes("image/svg+xml", logo)
}

// cacheByVersion lets a browser keep for good what its address names by
// version. A page from before a change still gets an answer, but not to keep.
func cacheByVersion(c *httpkit.Ctx) error {
	version, err := strconv.ParseInt(c.Param("version"), 10, 64)
	switch {
	case err != nil || version < 0:
		return notFound()
	case version == c.Tenant().Version:
		c.SetHeader("Cache-Control", "public, max-age=31536000, immutable")
	default:
		c.SetHeader("Cache-Control", "no-cache")
	}
	return nil
}

func notFound() error { return fault.New(fault.NotFound, "http.not_found") }
