package httpkit

import (
	"strconv"

	"tilgang/internal/tenant"
)

// brand is the employer as a page's frame shows it.
func brand(t *tenant.Tenant) Brand {
	version := strconv.FormatInt(t.Version, 10)
	b := Brand{Name: t.Name, LogoAlt: t.Branding.LogoAlt, BrandCSS: "/brand/" + version + "/brand.css", HomeURL: "/"}
	if len(t.Branding.Logo) > 0 {
		b.LogoURL, b.Wordmark = "/brand/"+version+"/logo.svg", t.Branding.Wordmark()
	}
	return b
}
