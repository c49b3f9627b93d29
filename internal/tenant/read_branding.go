package tenant

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// branding reads the look. The logo lies beside the file as logo.svg; only
// stored values carry it here.
func (r *reader) branding(a at, into *Branding) {
	keys := []string{"logo_alt", "primary", "accent", "sender_name"}
	if r.stored {
		keys = append(keys, "logo")
	}
	o := r.object(a, keys...)
	r.text(o["logo_alt"], &into.LogoAlt, maxName)
	r.text(o["sender_name"], &into.SenderName, maxName)
	r.colour(o["primary"], &into.Primary)
	r.colour(o["accent"], &into.Accent)
	r.readable(o["primary"], into.Primary)
	if logo := o["logo"]; r.is(logo, yaml.ScalarNode, "an SVG picture") {
		r.logo(logo, []byte(logo.node.Value), &into.Logo)
	}
}

func (r *reader) colour(a at, into *Colour) {
	s, ok := r.word(a, longestWord)
	if !ok {
		return
	}
	c, err := ParseColour(s)
	if err != nil {
		r.tell(a, "format", shown(s)+" is not a colour", `write # and six digits in quotes: "#0b5cad"`)
		return
	}
	*into = c
}

// readable refuses a primary colour whose links and buttons could not be read.
func (r *reader) readable(a at, c Colour) {
	if a.absent() || Contrast(c, white) >= TextContrast {
		return
	}
	text := fmt.Sprintf("%s reaches %.2f:1 on white; links and buttons need %.1f:1", c, Contrast(c, white), TextContrast)
	r.tell(a, "contrast", text, fmt.Sprintf("the nearest colour that passes is %q", NearestReadable(c)))
}

func (r *reader) logo(a at, svg []byte, into *[]byte) {
	clean, err := CleanLogo(svg)
	if err != nil {
		r.tell(a, "unsafe", "the logo is refused: "+err.Error(), "")
		return
	}
	*into = clean
}
