package tenant

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestContrastIsThatOfWCAG(t *testing.T) {
	cases := []struct {
		a, b Colour
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#777777", "#ffffff", 4.48},
		{"#767676", "#ffffff", 4.54},
		{"#ff0000", "#ffffff", 4.00},
		{"#0000ff", "#ffffff", 8.59},
		{"red", "#ffffff", 0},
		{"", "", 0},
	}
	for _, c := range cases {
		if got := Contrast(c.a, c.b); math.Abs(got-c.want) > 0.005 {
			t.Errorf("%s on %s is %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

func drawColour(t *rapid.T) Colour {
	return Colour(fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(t, "rgb")))
}

func TestASuggestedColourAlwaysPassesAndIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawColour(t)
		s := NearestReadable(c)
		if Contrast(s, white) < TextContrast {
			t.Fatalf("%s for %s reaches only %.2f", s, c, Contrast(s, white))
		}
		if Contrast(c, white) >= TextContrast && s != c {
			t.Fatalf("%s passes but became %s", c, s)
		}
		if s != c && Contrast(s, white) > TextContrast+0.25 {
			t.Fatalf("%s for %s goes further than it must: %.2f", s, c, Contrast(s, white))
		}
		if ink := inkOnDark(c); Contrast(ink, nearBlack) < TextContrast {
			t.Fatalf("%s for %s reaches only %.2f on the dark page", ink, c, Contrast(ink, nearBlack))
		}
		if Contrast(readableOn(c), c) < 4.2 { // the two grounds meet at 4.24:1 for a middle grey
			t.Fatalf("%s on %s cannot be read", readableOn(c), c)
		}
	})
}

func TestAColourSurvivesTheWayThroughOKLCH(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawColour(t)
		if got := fromOklch(c.oklch()); got != c {
			t.Fatalf("%s came back as %s", c, got)
		}
	})
}

var sheet = regexp.MustCompile(`^:root\{(--[a-z-]+:#[0-9a-f]{6};?){4}\}\n@media \(prefers-color-scheme: dark\)\{:root\{(--[a-z-]+:#[0-9a-f]{6};?){2}\}\}\n$`)

func token(css, scheme, name string) Colour {
	part, night, _ := strings.Cut(css, "@media")
	if scheme == "dark" {
		part = night
	}
	_, after, _ := strings.Cut(part, "--"+name+":")
	return Colour(after[:7])
}

// over is a wash of c, so much of 1, over a ground, as color-mix in sRGB makes it.
func over(ground, c Colour, share float64) Colour {
	var g, k [3]int
	_, _ = fmt.Sscanf(string(ground), "#%02x%02x%02x", &g[0], &g[1], &g[2])
	_, _ = fmt.Sscanf(string(c), "#%02x%02x%02x", &k[0], &k[1], &k[2])
	for i := range g {
		g[i] = int(float64(k[i])*share + float64(g[i])*(1-share))
	}
	return Colour(fmt.Sprintf("#%02x%02x%02x", g[0], g[1], g[2]))
}

func TestTheStyleSheetHoldsOnlyColoursThatRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		css := Branding{Primary: drawColour(t), Accent: drawColour(t)}.CSS()
		if !sheet.MatchString(css) {
			t.Fatalf("not the tokens: %s", css)
		}
		ink, inkAtNight := token(css, "light", "brand-ink"), token(css, "dark", "brand-ink")
		for name, pair := range map[string][2]Colour{
			"text on a button":         {token(css, "light", "on-brand"), token(css, "light", "brand")},
			"a link on the page":       {ink, "#f1f3f4"},
			"a link on a tint":         {ink, over(white, ink, 0.08)},
			"text on the accent":       {"#191d21", over("#f5f6f7", token(css, "light", "accent"), 0.26)},
			"a link on the accent":     {ink, over("#f5f6f7", token(css, "light", "accent"), 0.26)},
			"a link at night":          {inkAtNight, "#23282d"},
			"a link on a tint, nights": {inkAtNight, over("#1a1e22", inkAtNight, 0.08)},
			"text on the night accent": {"#eceff1", over("#121518", token(css, "dark", "accent"), 0.26)},
		} {
			if Contrast(pair[0], pair[1]) < TextContrast {
				t.Fatalf("%s: %s on %s is %.2f\n%s", name, pair[0], pair[1], Contrast(pair[0], pair[1]), css)
			}
		}
	})
}

func TestNothingButAColourReachesTheStyleSheet(t *testing.T) {
	for _, evil := range []Colour{"red}body{background:url(//evil)", "#fff", "@import '//evil'", "</style>", "{{.Secret}}", "#0b5cad;}", "#0b5cad\n"} {
		if css := (Branding{Primary: evil, Accent: evil}).CSS(); !sheet.MatchString(css) {
			t.Errorf("%q reached the sheet: %s", evil, css)
		}
	}
}
