package security

import (
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
)

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	return []httpkit.Picture{{Name: "lost", Path: "/security/lost", Mark: "code", Draw: func(c *httpkit.Ctx) httpkit.View {
		return lostPage(c, Overview{Left: 1}, []string{factor.TOTP}, "")
	}}}
}
