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
		{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#767676", "#ffffff", 4.54},
		{"#ff0000", "#ffffff", 4.00}, {"#0000ff", "#ffffff", 8.59}, {"red", "#ffffff", 0}, {"", "", 0},
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
		if ink := inkOnDark(c); Contrast(ink, dark) < TextContrast {
			t.Fatalf("%s for %s reaches only %.2f on the dark page", ink, c, Contrast(ink, dark))
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

var sheet = regexp.MustCompile(`^:root\{(--[a-z-]+:#[0-9a-f]{6};?){5}\}\n@media \(prefers-color-scheme: dark\)\{:root\{(--[a-z-]+:#[0-9a-f]{6};?){5}\}\}\n$`)

func token(css, scheme, name string) Colour {
	light, dark, _ := strings.Cut(css, "@media")
	if scheme == "dark" {
		light = dark
	}
	_, after, _ := strings.Cut(light, "--"+name+":")
	return Colour(after[:7])
}

func TestTheStyleSheetHoldsOnlyColoursThatRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		css := Branding{Primary: drawColour(t), Accent: drawColour(t)}.CSS()
		if !sheet.MatchString(css) {
			t.Fatalf("not the five tokens twice: %s", css)
		}
		pages := map[string][2]Colour{"light": {white, dark}, "dark": {dark, "#f2f4f5"}}
		for scheme, page := range pages {
			brand, on := token(css, scheme, "brand"), token(css, scheme, "on-brand")
			for name, pair := range map[string][2]Colour{
				"the brand on the page":   {brand, page[0]},
				"text on the brand":       {on, brand},
				"text on the brand hover": {on, token(css, scheme, "brand-hover")},
				"body text on the tint":   {page[1], token(css, scheme, "brand-soft")},
			} {
				if Contrast(pair[0], pair[1]) < TextContrast {
					t.Fatalf("%s, %s: %s on %s is %.2f\n%s", scheme, name, pair[0], pair[1], Contrast(pair[0], pair[1]), css)
				}
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
