package tenant

import "fmt"

// Palette is the employer's colours as pages use them. Only colours of six digits
// come of it; anything else becomes our default.
type Palette struct {
	Brand, OnBrand         Colour // buttons, and the text on them, 4.5:1
	DayInk, NightInk       Colour // links, marks and the focus ring, 4.5:1 on every ground of the scheme
	DayGround, NightGround Colour // large surfaces, light or dark enough for text
}

// Palette works the colours out.
func (b Branding) Palette() Palette {
	d := base().Branding
	primary := NearestReadable(orElse(b.Primary, d.Primary))
	accent := orElse(b.Accent, d.Accent)
	return Palette{
		Brand: primary, OnBrand: readableOn(primary), DayInk: inkOnLight(primary), NightInk: inkOnDark(primary),
		DayGround: lightAccent(accent), NightGround: darkAccent(accent),
	}
}

// CSS is the tenant's style sheet: custom properties for the light and the dark
// scheme and nothing else.
//
//	--brand      buttons
//	--on-brand   text on --brand
//	--brand-ink  links, marks and the focus ring
//	--accent     large surfaces without text
func (b Branding) CSS() string {
	p := b.Palette()
	return fmt.Sprintf(":root{--brand:%s;--on-brand:%s;--brand-ink:%s;--accent:%s}\n"+
		"@media (prefers-color-scheme: dark){:root{--brand-ink:%s;--accent:%s}}\n",
		p.Brand, p.OnBrand, p.DayInk, p.DayGround, p.NightInk, p.NightGround)
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
