package magiclink

import (
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
)

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	return []httpkit.Picture{{Name: "link-wait", Path: "/magiclink", Mark: "code", Draw: p.waitPicture}}
}

func (p *Pages) waitPicture(c *httpkit.Ctx) httpkit.View {
	if !c.Tenant().Reset.Magiclink {
		return nil
	}
	return p.waitPage(c, attempt.Attempt{Address: httpkit.ExampleAddress, CreatedAt: c.Now().Truncate(time.Minute)})
}
