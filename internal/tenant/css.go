package tenant

import "fmt"

// CSS is the tenant's style sheet: custom properties for the light and the dark
// scheme and nothing else. Only colours of six digits reach it; anything else
// in b becomes our default.
//
//	--brand      buttons
//	--on-brand   text on --brand, 4.5:1
//	--brand-ink  links, marks and the focus ring, 4.5:1 on every ground of the scheme
//	--accent     large surfaces without text
func (b Branding) CSS() string {
	d := base().Branding
	primary := NearestReadable(orElse(b.Primary, d.Primary))
	accent := orElse(b.Accent, d.Accent)
	return fmt.Sprintf(":root{--brand:%s;--on-brand:%s;--brand-ink:%s;--accent:%s}\n"+
		"@media (prefers-color-scheme: dark){:root{--brand-ink:%s;--accent:%s}}\n",
		primary, readableOn(primary), inkOnLight(primary), lightAccent(accent), inkOnDark(primary), darkAccent(accent))
}

// lightAccent keeps a surface light enough for text and links to be laid over
// a wash of it.
func lightAccent(c Colour) Colour {
	l, chroma, hue := c.oklch()
	return fromOklch(max(l, 0.92), chroma, hue)
}

// darkAccent is the accent's hue as a surface that does not glare at night.
func darkAccent(c Colour) Colour {
	_, chroma, hue := c.oklch()
	return fromOklch(0.38, min(chroma, 0.08), hue)
}

func orElse(c, other Colour) Colour {
	if c.valid() {
		return c
	}
	return other
}
