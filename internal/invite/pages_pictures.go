package invite

import (
	"time"

	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	return []httpkit.Picture{
		{Name: "welcome", Path: "/invite", Mark: "password", Draw: acceptPicture},
		{Name: "welcome-code", Path: "/invite/code", Mark: "code", Draw: func(c *httpkit.Ctx) httpkit.View { return codePage(c, httpkit.ExampleAddress) }},
	}
}

func acceptPicture(c *httpkit.Ctx) httpkit.View {
	until := c.Now().Add(c.Tenant().Invitation.Life).Truncate(time.Minute)
	return acceptPage(c, Look{
		Invitation: Invitation{Address: httpkit.ExampleAddress, ExpiresAt: &until}, Person: people.Person{GivenName: httpkit.ExampleName},
		Mandatory: c.Tenant().Mfa.Offer == tenant.OfferMandatory,
	}, "")
}
