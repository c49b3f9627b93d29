package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
)

// errShape says that a logo holds what this package does not draw, such as a
// gradient or a turned shape.
var errShape = errors.New("paper: a logo that cannot be drawn")

// shape is one path of a logo with its paint.
type shape struct {
	path         []segment
	fill, stroke string // #rrggbb; empty: none
	width        float64
	round        bool
	alpha        float64
}

// picture is a logo that can be drawn.
type picture struct {
	x, y, w, h float64 // of its view box
	shapes     []shape
}

// logo draws an SVG at most so high, and as wide as half the page; false when it
// cannot, and then nothing is drawn.
func (p *page) logo(svg []byte, x, y, high float64) bool {
	pic, err := readLogo(svg)
	if err != nil {
		return false
	}
	scale := min(high/pic.h, width/2/pic.w)
	at := func(px, py float64) (float64, float64) { return x + (px-pic.x)*scale, y + (py-pic.y)*scale }
	for _, s := range pic.shapes {
		p.SetAlpha(s.alpha, "Normal")
		if s.fill != "" {
			p.SetFillColor(rgb(s.fill))
			p.trace(s.path, at)
			p.DrawPath("F")
		}
		if s.stroke != "" {
			p.SetDrawColor(rgb(s.stroke))
			p.SetLineWidth(s.width * scale)
			cap := map[bool]string{true: "round", false: "butt"}[s.round]
			p.SetLineCapStyle(cap)
			p.SetLineJoinStyle(map[bool]string{true: "round", false: "miter"}[s.round])
			p.trace(s.path, at)
			p.DrawPath("D")
		}
	}
	p.SetAlpha(1, "Normal")
	p.SetLineCapStyle("butt")
	p.SetLineJoinStyle("miter")
	return true
}

// trace puts a path on the page.
func (p *page) trace(path []segment, at func(x, y float64) (float64, float64)) {
	for _, s := range path {
		x, y := at(s.x, s.y)
		switch s.kind {
		case 'M':
			p.MoveTo(x, y)
		case 'L':
			p.LineTo(x, y)
		case 'C':
			ax, ay := at(s.ax, s.ay)
			bx, by := at(s.bx, s.by)
			p.CurveBezierCubicTo(ax, ay, bx, by, x, y)
		case 'Z':
			p.ClosePath()
		}
	}
}

// readLogo reads groups, paths, circles and rectangles with plain colours.
func readLogo(svg []byte) (pic picture, err error) {
	in := xml.NewDecoder(bytes.NewReader(svg))
	paints := []map[string]string{{"fill": "#000000", "stroke": "none", "stroke-width": "1", "opacity": "1"}}
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return pic, fmt.Errorf("read logo: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			paint := inherit(paints[len(paints)-1], t.Attr)
			paints = append(paints, paint)
			if err := pic.element(t.Name.Local, paint); err != nil {
				return pic, err
			}
		case xml.EndElement:
			paints = paints[:len(paints)-1]
		}
	}
	if pic.w <= 0 || pic.h <= 0 || len(pic.shapes) == 0 {
		return pic, errShape
	}
	return pic, nil
}

// inherit lays an element's attributes over those of its parents; geometry is
// its own.
func inherit(parent map[string]string, own []xml.Attr) map[string]string {
	all := map[string]string{}
	for _, name := range []string{"fill", "stroke", "stroke-width", "stroke-linecap", "opacity", "transform", "style"} {
		if v, there := parent[name]; there {
			all[name] = v
		}
	}
	more := map[string]string{}
	for _, a := range own {
		more[a.Name.Local] = a.Value
	}
	maps.Copy(all, more)
	return all
}

// element adds what an element draws.
func (pic *picture) element(name string, a map[string]string) error {
	for _, refused := range []string{"transform", "style", "clip-path", "fill-rule"} {
		if a[refused] != "" {
			return errShape
		}
	}
	switch name {
	case "svg":
		_, err := fmt.Sscanf(strings.ReplaceAll(a["viewBox"], ",", " "), "%g %g %g %g", &pic.x, &pic.y, &pic.w, &pic.h)
		if err != nil {
			return errShape
		}
		return nil
	case "g", "title", "desc":
		return nil
	case "path":
		return pic.add(a, a["d"])
	case "circle":
		return pic.add(a, circle(number(a["cx"]), number(a["cy"]), number(a["r"])))
	case "rect":
		if a["rx"] != "" || a["ry"] != "" {
			return errShape
		}
		return pic.add(a, fmt.Sprintf("M%g %gh%gv%gh%gz", number(a["x"]), number(a["y"]), number(a["width"]), number(a["height"]), -number(a["width"])))
	}
	return errShape
}

func circle(cx, cy, r float64) string {
	return fmt.Sprintf("M%g %ga%g %g 0 1 0 %g 0a%g %g 0 1 0 %g 0z", cx-r, cy, r, r, 2*r, r, r, -2*r)
}

func number(text string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "px"), 64)
	if err != nil {
		return 0
	}
	return n
}

func (pic *picture) add(a map[string]string, d string) error {
	path, err := readPath(d)
	if err != nil {
		return err
	}
	s := shape{path: path, width: number(a["stroke-width"]), round: a["stroke-linecap"] == "round", alpha: number(a["opacity"])}
	for _, paint := range []struct {
		name string
		into *string
	}{{"fill", &s.fill}, {"stroke", &s.stroke}} {
		switch v := a[paint.name]; {
		case v == "none" || v == "":
		case len(v) == 7 && v[0] == '#':
			*paint.into = v
		case len(v) == 4 && v[0] == '#':
			*paint.into = "#" + strings.Repeat(v[1:2], 2) + strings.Repeat(v[2:3], 2) + strings.Repeat(v[3:4], 2)
		default:
			return errShape
		}
	}
	pic.shapes = append(pic.shapes, s)
	return nil
}
