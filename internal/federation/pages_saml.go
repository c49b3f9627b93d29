package federation

import (
	"net/url"

	"tilgang/internal/httpkit"
)

// consume takes a provider's answer from a browser and leads it to the callback,
// by a request with which its cookies come.
func (p *Pages) consume(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err //nolint:wrapcheck // a fault of its own
	}
	connector := c.Param("connector")
	a, err := p.svc.Consume(c.Context(), connector, form.Get("SAMLResponse"), form.Get("RelayState"), at(c))
	if err != nil {
		return err
	}
	back := url.Values{"state": {a.State}}
	if a.Error != "" {
		back.Set("error", a.Error)
	} else {
		back.Set("code", a.Code)
	}
	return c.Redirect("/federation/" + connector + "/callback?" + back.Encode())
}

// metadata is what HR or IT gives to the provider.
func (p *Pages) metadata(c *httpkit.Ctx) error {
	text, err := p.svc.Metadata(c.Param("connector"), at(c))
	if err != nil {
		return err
	}
	return c.Bytes("application/samlmetadata+xml", text)
}
