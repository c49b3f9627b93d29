package tenant

import (
	"fmt"
	"strings"
)

// CSS is the tenant's style sheet: custom properties for the light and the dark
// scheme and nothing else. Only colours of six digits reach it; anything else
// in b becomes our default.
//
//	--brand        buttons, links, focus ring; 4.5:1 on the page of the scheme
//	--on-brand     text on --brand, 4.5:1
//	--brand-hover  --brand under the pointer; --on-brand still reads on it
//	--brand-soft   a tint of the page for chosen rows; body text reads on it
//	--accent       large surfaces without text
func (b Branding) CSS() string {
	d := base().Branding
	primary, accent := orElse(b.Primary, d.Primary), orElse(b.Accent, d.Accent)
	primary = NearestReadable(primary)
	ink := inkOnDark(primary)
	var s strings.Builder
	s.WriteString(":root{")
	tokens(&s, primary, shade(primary, -0.06, 1), tint(primary, 0.955, 0.03), accent)
	s.WriteString("}\n@media (prefers-color-scheme: dark){:root{")
	tokens(&s, ink, shade(ink, 0.05, 1), tint(primary, 0.29, 0.05), tint(accent, 0.38, 0.08))
	s.WriteString("}}\n")
	return s.String()
}

func tokens(s *strings.Builder, brand, hover, soft, accent Colour) {
	fmt.Fprintf(s, "--brand:%s;--on-brand:%s;--brand-hover:%s;--brand-soft:%s;--accent:%s",
		brand, readableOn(brand), hover, soft, accent)
}

func orElse(c, other Colour) Colour {
	if c.valid() {
		return c
	}
	return other
}

// shade moves the lightness of c, within bounds.
func shade(c Colour, by, most float64) Colour {
	l, chroma, hue := c.oklch()
	return fromOklch(min(most, max(0, l+by)), chroma, hue)
}

// tint is the hue of c at a lightness, with at most so much chroma.
func tint(c Colour, lightness, most float64) Colour {
	_, chroma, hue := c.oklch()
	return fromOklch(lightness, min(chroma, most), hue)
}
