package paper

import (
	"math"
	"strconv"
	"strings"
)

// segment is one step of a path in absolute numbers: M, L, C (a cubic curve by
// two control points) or Z.
type segment struct {
	kind                 byte
	ax, ay, bx, by, x, y float64
}

// pen reads a path's commands (SVG 1.1, 8.3).
type pen struct {
	in           string
	out          []segment
	x, y         float64 // where it is
	left, top    float64 // where the figure began
	lastX, lastY float64 // the last control point, for smooth curves
	last         byte
}

// needs is how many numbers a command takes; -1 for none that we know.
func needs(command byte) int {
	switch command &^ 0x20 {
	case 'Z':
		return 0
	case 'H', 'V':
		return 1
	case 'M', 'L':
		return 2
	case 'S', 'Q':
		return 4
	case 'C':
		return 6
	case 'A':
		return 7
	}
	return -1
}

// readPath reads all commands but T, which logos do not use.
func readPath(d string) ([]segment, error) {
	p := &pen{in: d}
	command := byte(0)
	for {
		p.in = strings.TrimLeft(p.in, " ,\t\r\n")
		if p.in == "" {
			return p.out, nil
		}
		if c := p.in[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			command, p.in = c, p.in[1:]
		} else if command == 0 || command|0x20 == 'z' {
			return nil, errShape
		}
		n := needs(command)
		if n < 0 {
			return nil, errShape
		}
		args, ok := p.numbers(command, n)
		if !ok {
			return nil, errShape
		}
		p.do(command, args)
		if command|0x20 == 'm' { // further pairs are lines
			command = 'L' | command&0x20
		}
	}
}

// numbers takes the arguments of a command; the flags of an arc may stand
// together.
func (p *pen) numbers(command byte, n int) ([]float64, bool) {
	args := make([]float64, n)
	for i := range args {
		p.in = strings.TrimLeft(p.in, " ,\t\r\n")
		end := numberEnd(p.in)
		if flag := command|0x20 == 'a' && (i == 3 || i == 4); flag {
			end = min(1, len(p.in))
		}
		v, err := strconv.ParseFloat(p.in[:end], 64)
		if err != nil || math.Abs(v) > 1e6 {
			return nil, false
		}
		args[i], p.in = v, p.in[end:]
	}
	return args, true
}

// numberEnd is where the number at the beginning of a text ends.
func numberEnd(s string) int {
	dot := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
		case (c == '-' || c == '+') && (i == 0 || s[i-1]|0x20 == 'e'):
		case c == '.' && !dot:
			dot = true
		case c|0x20 == 'e' && i > 0:
		default:
			return i
		}
	}
	return len(s)
}

// absolute turns the numbers of a relative command into places.
func (p *pen) absolute(command byte, a []float64) {
	for i := range a {
		switch {
		case command == 'h', command == 'a' && i == 5, command != 'v' && command != 'a' && i%2 == 0:
			a[i] += p.x
		case command == 'v', command == 'a' && i == 6, command != 'a':
			a[i] += p.y
		}
	}
}

func (p *pen) do(command byte, a []float64) {
	if command >= 'a' {
		p.absolute(command, a)
	}
	up := command &^ 0x20
	switch up {
	case 'M':
		p.left, p.top = a[0], a[1]
		p.to(segment{kind: 'M', x: a[0], y: a[1]})
	case 'L':
		p.to(segment{kind: 'L', x: a[0], y: a[1]})
	case 'H':
		p.to(segment{kind: 'L', x: a[0], y: p.y})
	case 'V':
		p.to(segment{kind: 'L', x: p.x, y: a[0]})
	case 'C':
		p.curve(a[0], a[1], a[2], a[3], a[4], a[5])
	case 'S':
		cx, cy := p.x, p.y
		if p.last == 'C' || p.last == 'S' {
			cx, cy = 2*p.x-p.lastX, 2*p.y-p.lastY
		}
		p.curve(cx, cy, a[0], a[1], a[2], a[3])
	case 'Q':
		third := func(from, by float64) float64 { return from + 2.0/3*(by-from) }
		p.curve(third(p.x, a[0]), third(p.y, a[1]), third(a[2], a[0]), third(a[3], a[1]), a[2], a[3])
	case 'A':
		p.arc(a)
	case 'Z':
		p.out = append(p.out, segment{kind: 'Z'})
		p.x, p.y = p.left, p.top
	}
	p.last = up
}

func (p *pen) to(s segment) {
	p.out = append(p.out, s)
	p.x, p.y = s.x, s.y
}

func (p *pen) curve(ax, ay, bx, by, x, y float64) {
	p.lastX, p.lastY = bx, by
	p.to(segment{kind: 'C', ax: ax, ay: ay, bx: bx, by: by, x: x, y: y})
}

// arc turns an elliptical arc into curves of at most a quarter each (SVG 1.1,
// F.6.5; a turned ellipse is taken as one that is not, as circles are).
func (p *pen) arc(a []float64) {
	rx, ry, x, y := math.Abs(a[0]), math.Abs(a[1]), a[5], a[6]
	if rx == 0 || ry == 0 || (x == p.x && y == p.y) {
		p.to(segment{kind: 'L', x: x, y: y})
		return
	}
	dx, dy := (p.x-x)/2, (p.y-y)/2
	if grow := dx*dx/(rx*rx) + dy*dy/(ry*ry); grow > 1 {
		rx, ry = rx*math.Sqrt(grow), ry*math.Sqrt(grow)
	}
	under := (rx*rx*ry*ry - rx*rx*dy*dy - ry*ry*dx*dx) / (rx*rx*dy*dy + ry*ry*dx*dx)
	factor := math.Sqrt(max(0, under))
	if (a[3] != 0) == (a[4] != 0) {
		factor = -factor
	}
	cx, cy := factor*rx*dy/ry+(p.x+x)/2, -factor*ry*dx/rx+(p.y+y)/2
	from, to := math.Atan2((p.y-cy)/ry, (p.x-cx)/rx), math.Atan2((y-cy)/ry, (x-cx)/rx)
	sweep := to - from
	switch {
	case a[4] != 0 && sweep < 0:
		sweep += 2 * math.Pi
	case a[4] == 0 && sweep > 0:
		sweep -= 2 * math.Pi
	}
	parts := max(1, math.Ceil(math.Abs(sweep)/(math.Pi/2)-1e-9))
	step := sweep / parts
	reach := 4.0 / 3 * math.Tan(step/4)
	for n := range int(parts) {
		s, e := from+float64(n)*step, from+float64(n+1)*step
		p.curve(cx+rx*(math.Cos(s)-reach*math.Sin(s)), cy+ry*(math.Sin(s)+reach*math.Cos(s)),
			cx+rx*(math.Cos(e)+reach*math.Sin(e)), cy+ry*(math.Sin(e)-reach*math.Cos(e)), cx+rx*math.Cos(e), cy+ry*math.Sin(e))
	}
	p.x, p.y = x, y
}
