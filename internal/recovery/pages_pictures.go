package recovery

import (
	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	return []httpkit.Picture{{Name: "pass", Path: "/mfa/pass", Mark: "code", Draw: passPicture}}
}

func passPicture(c *httpkit.Ctx) httpkit.View {
	if c.Tenant().Mfa.AccessPass.Life == 0 {
		return nil
	}
	return passPage(c, attempt.Attempt{Address: httpkit.ExampleAddress})
}
