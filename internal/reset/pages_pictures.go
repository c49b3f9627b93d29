package reset

import (
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	return []httpkit.Picture{
		{Name: "reset", Path: "/reset", Mark: "action=" + actionPassword, Draw: p.askPicture},
		{Name: "reset-link", Path: "/reset", Mark: "action=" + actionLink, Draw: p.linkPicture},
		{Name: "reset-sent", Path: "/reset/sent", Draw: p.sentPicture},
		{Name: "reset-code", Path: "/reset/code", Mark: "code", Draw: p.codePicture},
		{Name: "reset-choose", Path: "/reset/password", Mark: "password", Draw: choosePicture},
	}
}

func (p *Pages) askPicture(c *httpkit.Ctx) httpkit.View {
	return p.askPage(c, askForm{Typed: httpkit.ExampleAddress})
}

func (p *Pages) linkPicture(c *httpkit.Ctx) httpkit.View {
	if !c.Tenant().Reset.Magiclink {
		return nil
	}
	return p.askPicture(c)
}

func (p *Pages) sentPicture(c *httpkit.Ctx) httpkit.View {
	if c.Tenant().Reset.Mode == tenant.ByCode {
		return nil
	}
	return p.sentPage(c, example(c))
}

func (p *Pages) codePicture(c *httpkit.Ctx) httpkit.View {
	if c.Tenant().Reset.Mode != tenant.ByCode {
		return nil
	}
	return p.codePage(c, example(c))
}

func choosePicture(c *httpkit.Ctx) httpkit.View {
	until := c.Now().Add(c.Tenant().Reset.Life).Truncate(time.Minute)
	return choosePage(c, Look{
		Reset: Reset{Address: httpkit.ExampleAddress, ExpiresAt: &until}, Person: people.Person{GivenName: httpkit.ExampleName},
		Mandatory: c.Tenant().Mfa.Offer == tenant.OfferMandatory,
	}, "")
}

func example(c *httpkit.Ctx) attempt.Attempt {
	return attempt.Attempt{Address: httpkit.ExampleAddress, CreatedAt: c.Now().Truncate(time.Minute)}
}
