package tenant

import (
	"fmt"
	"math"
)

// The OKLab colour space (Björn Ottosson, 2020; CSS Color 4 section 9): equal
// steps of its lightness look equal, and hue stays when lightness moves.

// oklch are lightness 0 to 1, chroma, and hue in radians.
func (c Colour) oklch() (l, chroma, hue float64) {
	r, g, b := c.rgb()
	x := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	y := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	z := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	l = 0.2104542553*x + 0.7936177850*y - 0.0040720468*z
	p := 1.9779984951*x - 2.4285922050*y + 0.4505937099*z
	q := 0.0259040371*x + 0.7827717662*y - 0.8086757660*z
	return l, math.Hypot(p, q), math.Atan2(q, p)
}

// fromOklch is the sRGB colour nearest in chroma of that lightness and hue.
func fromOklch(l, chroma, hue float64) Colour {
	low, high := 0.0, chroma
	if c, ok := exactly(l, chroma, hue); ok {
		return c
	}
	for range 16 {
		mid := (low + high) / 2
		if _, ok := exactly(l, mid, hue); ok {
			low = mid
		} else {
			high = mid
		}
	}
	c, _ := exactly(l, low, hue)
	return c
}

// exactly converts to sRGB and says whether the colour lies inside it.
func exactly(l, chroma, hue float64) (Colour, bool) {
	p, q := chroma*math.Cos(hue), chroma*math.Sin(hue)
	x := cube(l + 0.3963377774*p + 0.2158037573*q)
	y := cube(l - 0.1055613458*p - 0.0638541728*q)
	z := cube(l - 0.0894841775*p - 1.2914855480*q)
	r, okR := channel(4.0767416621*x - 3.3077115913*y + 0.2309699292*z)
	g, okG := channel(-1.2684380046*x + 2.6097574011*y - 0.3413193965*z)
	b, okB := channel(-0.0041960863*x - 0.7034186147*y + 1.7076147010*z)
	return Colour(fmt.Sprintf("#%02x%02x%02x", r, g, b)), okR && okG && okB
}

func cube(v float64) float64 { return v * v * v }

// channel applies the sRGB transfer curve and rounds to 8 bits.
func channel(v float64) (uint8, bool) {
	const slack = 1e-4 // rounding of the matrices above
	inside := v >= -slack && v <= 1+slack
	v = min(1, max(0, v))
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(v * 255)), inside
}
