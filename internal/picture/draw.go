package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// Look is how the employer's pages look. Its colours are CSS colours.
type Look struct {
	Employer               string
	Brand, OnBrand         string // buttons, and the text on them
	DayInk, NightInk       string // links and marks, by day and by night
	DayGround, NightGround string // the band on top
}

// Width of every picture, in pixels, and the room beside its pieces.
const (
	Width  = 320
	beside = 20.0
	room   = Width - 2*beside
)

// Draw gives the picture of a rendered page. mark names what is ringed: a link by
// its path, a button or field by name or name=value; empty rings nothing.
func Draw(page []byte, look Look, mark string) ([]byte, error) {
	pieces, err := outline(page, mark)
	if err != nil {
		return nil, err
	}
	b := brush{y: 64}
	for _, p := range pieces {
		b.piece(p)
	}
	return b.frame(look), nil
}

// brush draws downwards.
type brush struct {
	svg bytes.Buffer
	y   float64
}

// style is how the lines of a kind look.
type style struct {
	size, line, above float64
	class             string
	bold              bool
}

func styleOf(k kind) style {
	switch k {
	case title:
		return style{size: 20, line: 25, above: 14, class: "i", bold: true}
	case heading:
		return style{size: 15, line: 20, above: 18, class: "i", bold: true}
	case label:
		return style{size: 13, line: 18, above: 16, class: "i", bold: true}
	case hint, lead, rule:
		return style{size: 12, line: 17, above: 4, class: "m"}
	case link, more, back:
		return style{size: 13, line: 18, above: 14, class: "l"}
	case primary, other, way, input, code, tick, text:
	}
	return style{size: 13, line: 18, above: 10, class: "i"}
}

func (b *brush) piece(p piece) {
	switch p.kind {
	case primary, other:
		b.button(p)
	case input, code:
		b.input(p)
	case way:
		b.way(p)
	case tick:
		b.tick(p)
	case rule:
		b.rule(p)
	case back, title, heading, lead, text, label, hint, link, more:
		b.words(p)
	}
}

func (b *brush) words(p piece) {
	s, said := styleOf(p.kind), p.words
	switch p.kind { //nolint:exhaustive // the others are as they are
	case back:
		said = "‹ " + said
	case more:
		said = "› " + said
	}
	b.y += s.above
	top, widest := b.y, 0.0
	for _, line := range lines(said, room, s.size, s.bold) {
		b.text(line, beside, b.y+s.size, s)
		widest = max(widest, wide(line, s.size, s.bold))
		b.y += s.line
	}
	if p.marked {
		b.ring(top, min(widest, room), b.y-top)
	}
}

func (b *brush) button(p piece) {
	s := style{size: 14, line: 18, class: "b", bold: true}
	rows := lines(p.words, room-24, s.size, s.bold)
	tall := 22 + float64(len(rows))*s.line
	b.y += 14
	shape := "o"
	if p.kind == primary {
		shape, s.class = "p", "on"
	}
	b.box(shape, beside, b.y, room, tall)
	for i, line := range rows {
		b.centred(line, b.y+11+s.size+float64(i)*s.line, s)
	}
	if p.marked {
		b.ring(b.y, room, tall)
	}
	b.y += tall
}

func (b *brush) input(p piece) {
	width, s := room, style{size: 13, class: "i"}
	if p.kind == code {
		width = 150
	}
	b.y += 6
	b.box("f", beside, b.y, width, 38)
	if rows := lines(p.words, width-24, s.size, false); len(rows) > 0 {
		b.text(rows[0], beside+12, b.y+24, s)
	}
	if p.marked {
		b.ring(b.y, width, 38)
	}
	b.y += 38
}

// way is a choice as a box: what it is, and below what it does.
func (b *brush) way(p piece) {
	head, below := style{size: 13, line: 18, class: "i", bold: true}, style{size: 12, line: 16, class: "m"}
	heads, belows := lines(p.words, room-28, head.size, true), lines(p.below, room-28, below.size, false)
	tall := 18 + float64(len(heads))*head.line + float64(len(belows))*below.line
	b.y += 10
	b.box("f", beside, b.y, room, tall)
	at := b.y + 9
	for _, line := range heads {
		b.text(line, beside+12, at+head.size, head)
		at += head.line
	}
	for _, line := range belows {
		b.text(line, beside+12, at+below.size, below)
		at += below.line
	}
	if p.marked {
		b.ring(b.y, room, tall)
	}
	b.y += tall
}

func (b *brush) tick(p piece) {
	s := style{size: 13, line: 18, class: "i"}
	b.y += 14
	b.box("f", beside, b.y, 18, 18)
	top := b.y
	for _, line := range lines(p.words, room-28, s.size, false) {
		b.text(line, beside+28, b.y+s.size, s)
		b.y += s.line
	}
	if p.marked {
		b.ring(top, room, b.y-top)
	}
}

func (b *brush) rule(p piece) {
	s := styleOf(rule)
	b.y += s.above
	fmt.Fprintf(&b.svg, `<circle class="c" cx="%.0f" cy="%.0f" r="5"/>`, beside+6, b.y+8)
	for _, line := range lines(p.words, room-22, s.size, false) {
		b.text(line, beside+20, b.y+s.size, s)
		b.y += s.line
	}
}

func (b *brush) box(class string, x, y, width, tall float64) {
	fmt.Fprintf(&b.svg, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="7"/>`, class, x, y, width, tall)
}

// ring marks what a step speaks of.
func (b *brush) ring(y, width, tall float64) { b.box("r", beside-6, y-5, width+12, tall+10) }

func (b *brush) text(s string, x, y float64, look style) { b.line(s, x, y, look, "") }

func (b *brush) centred(s string, y float64, look style) {
	b.line(s, Width/2, y, look, ` text-anchor="middle"`)
}

func (b *brush) line(s string, x, y float64, look style, more string) {
	weight := ""
	if look.bold {
		weight = ` font-weight="600"`
	}
	fmt.Fprintf(&b.svg, `<text class="%s" x="%.1f" y="%.1f" font-size="%.0f"%s%s>%s</text>`, look.class, x, y, look.size, weight, more, escape(s))
}

// frame puts the sheet below what was drawn, with the employer's band on top.
func (b *brush) frame(look Look) []byte {
	tall := b.y + 24
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %d %.0f">`, Width, tall, Width, tall)
	fmt.Fprintf(&out, `<style>%s</style>`, escape(sheet(look)))
	fmt.Fprintf(&out, `<rect class="g" x=".5" y=".5" width="%d" height="%.0f" rx="11.5"/><path class="a" d="M1 48V12A11 11 0 0 1 12 1H%dA11 11 0 0 1 %d 12V48Z"/>`, Width-1, tall-1, Width-12, Width-1)
	name := lines(look.Employer, room, 15, true)
	if len(name) > 0 {
		fmt.Fprintf(&out, `<text class="i" x="%.0f" y="30" font-size="15" font-weight="600">%s</text>`, beside, escape(name[0]))
	}
	out.Write(b.svg.Bytes())
	out.WriteString(`</svg>`)
	return out.Bytes()
}

// sheet is the picture's colours, by day and by night.
func sheet(look Look) string {
	return fmt.Sprintf("text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}"+
		".g{fill:#fff;stroke:#c9ced3}.a{fill:%[3]s}.i{fill:#191d21}.m{fill:#545c64}.l,.b{fill:%[4]s}.p{fill:%[1]s}.on{fill:%[2]s}.o{fill:none;stroke:#80888f}"+
		".f{fill:#fff;stroke:#80888f}.c{fill:none;stroke:#80888f;stroke-width:1.5}.r{fill:none;stroke:%[4]s;stroke-width:3}"+
		"@media (prefers-color-scheme:dark){.g{fill:#1a1e22;stroke:#454d54}.a{fill:%[6]s}.i{fill:#eceff1}.m{fill:#a9b2ba}.l,.b{fill:%[5]s}.f{fill:#1a1e22}.r{stroke:%[5]s}}",
		look.Brand, look.OnBrand, look.DayGround, look.DayInk, look.NightInk, look.NightGround)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
