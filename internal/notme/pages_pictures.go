package notme

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/message"
)

// Pictures are the pages that a guide shows.
func (p *Pages) Pictures() []httpkit.Picture {
	return []httpkit.Picture{{Name: "notme", Path: "/notme", Mark: "code", Draw: askPicture}}
}

func askPicture(c *httpkit.Ctx) httpkit.View {
	var l Look
	l.Notice.Kind = message.PasswordChanged
	return askPage(c, l)
}
