package tenant

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// TextContrast is what WCAG 2.2 1.4.3 asks of text. A colour that reaches it
// also reaches the 3:1 of 1.4.11 for the focus ring and borders.
const TextContrast = 4.5

// The grounds that tenant colours are checked against. The sheets shade their
// pages a little (cards, hints, chosen rows); the hard grounds are past the
// darkest of the light ones and the lightest of the dark ones.
const (
	white     Colour = "#ffffff"
	nearBlack Colour = "#14171a"
	hardLight Colour = "#eceef0"
	hardDark  Colour = "#2b3036"
)

var errColour = errors.New("a colour is # and six hexadecimal digits")

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// ParseColour reads #rrggbb in either case.
func ParseColour(s string) (Colour, error) {
	c := Colour(strings.ToLower(s))
	if !c.valid() {
		return "", errColour
	}
	return c, nil
}

func (c Colour) valid() bool { return hexColour.MatchString(string(c)) }

// rgb are the channels from 0 to 1 in linear light; c must be valid.
func (c Colour) rgb() (r, g, b float64) {
	n, _ := strconv.ParseUint(string(c[1:]), 16, 32)
	return linear(n >> 16 & 0xff), linear(n >> 8 & 0xff), linear(n & 0xff)
}

// linear undoes the sRGB transfer curve (IEC 61966-2-1), as WCAG 2.2 does.
func linear(channel uint64) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// luminance is WCAG 2.2's relative luminance, 0 for black to 1 for white.
func (c Colour) luminance() float64 {
	r, g, b := c.rgb()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// Contrast is WCAG 2.2's contrast ratio, 1 to 21. It is 0 where one of the two
// is no colour, so that no check passes by mistake.
func Contrast(a, b Colour) float64 {
	if !a.valid() || !b.valid() {
		return 0
	}
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// readableOn is the text colour for a ground: white or near-black, whichever
// reads better. One of the two always reaches 4.5:1.
func readableOn(ground Colour) Colour {
	if Contrast(white, ground) >= Contrast(nearBlack, ground) {
		return white
	}
	return nearBlack
}

// NearestReadable is the colour nearest in lightness to c, of its hue, that can
// be text and button on white; c itself if it can.
func NearestReadable(c Colour) Colour {
	return toward(c, 0, func(k Colour) bool { return Contrast(k, white) >= TextContrast })
}

// inkOnLight is c, or its nearest darker one, that can be text on any light ground.
func inkOnLight(c Colour) Colour {
	return toward(c, 0, func(k Colour) bool { return Contrast(k, hardLight) >= TextContrast })
}

// inkOnDark is c, or its nearest lighter one, that can be text on any dark ground.
func inkOnDark(c Colour) Colour {
	return toward(c, 1, func(k Colour) bool { return Contrast(k, hardDark) >= TextContrast })
}

// toward moves a colour's lightness in small steps to 0 or 1 until it is good.
func toward(c Colour, end float64, good func(Colour) bool) Colour {
	if !c.valid() || good(c) {
		return c
	}
	const steps = 512
	l, chroma, hue := c.oklch()
	for i := 1; i < steps; i++ {
		k := fromOklch(l+(end-l)*float64(i)/steps, chroma, hue)
		if good(k) {
			return k
		}
	}
	return fromOklch(end, 0, 0)
}
