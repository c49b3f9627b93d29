package paper

import (
	"fmt"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
	"rsc.io/qr"
)

// page is a letter in the making.
type page struct {
	*fpdf.Fpdf

	size float64 // of the text, in points
}

const (
	point   = 25.4 / 72
	leading = 1.45
	logoMax = 16.0 // height
	qrSide  = 30.0
	pad     = 6.0 // inside the box of facts
)

func (p *page) ink()   { p.SetTextColor(0x1b, 0x1f, 0x24) }
func (p *page) quiet() { p.SetTextColor(0x4a, 0x52, 0x5c) }

// line is the height of a line of a size.
func line(size float64) float64 { return size * point * leading }

// text sets lines from the left margin in a width.
func (p *page) text(x, w, size float64, style, words string) {
	p.SetFont("text", style, size)
	p.SetX(x)
	p.MultiCell(w, line(size), words, "", "L", false)
}

func (p *page) letter(l Letter) {
	r, g, b := rgb(l.Brand.Primary)
	p.SetFillColor(r, g, b)
	p.Rect(0, 0, pageWidth, 4, "F")
	p.head(l)
	p.ink()
	p.text(margin, width, p.size*1.9, "B", l.Title)
	p.Ln(3)
	for _, words := range l.Intro {
		p.text(margin, width, p.size, "", words)
		p.Ln(2)
	}
	p.facts(l)
	for i, words := range l.Steps {
		p.SetFont("text", "B", p.size)
		p.SetX(margin)
		p.CellFormat(8, line(p.size), strconv.Itoa(i+1)+".", "", 0, "L", false, 0, "")
		p.text(margin+8, width-8, p.size, "", words)
		p.Ln(1.5)
	}
	p.Ln(2)
	for _, words := range l.After {
		p.text(margin, width, p.size, "", words)
		p.Ln(2)
	}
	p.help(l.Help)
}

// head is the logo, or the name, with the date and whom the letter is for.
func (p *page) head(l Letter) {
	top := 16.0
	if !p.logo(l.Brand.Logo, margin, top, logoMax) {
		p.SetY(top + 3)
		p.ink()
		p.text(margin, width/2, p.size*1.7, "B", l.Brand.Name)
	}
	p.SetY(top + logoMax + 12)
	p.quiet()
	for i, words := range l.To {
		style := ""
		if i == 0 {
			style = "B"
		}
		p.text(margin, width, p.size, style, words)
	}
	p.text(margin, width, p.size, "", l.Date)
	p.Ln(8)
}

// facts stand in a box, with the address as a picture beside them.
func (p *page) facts(l Letter) {
	p.Ln(2)
	top := p.GetY()
	inner := width - 2*pad
	if l.Address != "" {
		inner -= qrSide + pad
	}
	p.SetY(top + pad)
	for i, f := range l.Facts {
		if i > 0 {
			p.Ln(2.5)
		}
		p.quiet()
		p.text(margin+pad, inner, p.size*0.9, "", f.Label)
		p.ink()
		if f.Code {
			p.SetFont("code", "B", p.size*1.9)
			p.SetX(margin + pad)
			p.MultiCell(inner, line(p.size*1.9), f.Value, "", "L", false)
			continue
		}
		p.text(margin+pad, inner, p.size*1.25, "B", f.Value)
	}
	end := max(p.GetY(), top+pad+qrSide) + pad
	p.SetDrawColor(rgb(l.Brand.Primary))
	p.SetLineWidth(0.5)
	p.RoundedRect(margin, top, width, end-top, 3, "1234", "D")
	p.square(l.Address, margin+width-pad-qrSide, top+pad)
	p.SetY(end + 6)
}

// square draws an address as a QR code; one that cannot be is left out, since the
// steps name it in letters.
func (p *page) square(address string, x, y float64) {
	if address == "" {
		return
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return
	}
	p.SetFillColor(0, 0, 0)
	module := qrSide / float64(code.Size)
	for row := range code.Size {
		for col := 0; col < code.Size; col++ {
			run := col
			for run < code.Size && code.Black(run, row) {
				run++
			}
			if run > col {
				p.Rect(x+float64(col)*module, y+float64(row)*module, float64(run-col)*module, module, "F")
				col = run
			}
		}
	}
}

// help stands below a thin line.
func (p *page) help(lines []string) {
	if len(lines) == 0 {
		return
	}
	p.Ln(3)
	p.SetDrawColor(0xc9, 0xce, 0xd4)
	p.SetLineWidth(0.3)
	p.Line(margin, p.GetY(), margin+width, p.GetY())
	p.Ln(4)
	for i, words := range lines {
		style := ""
		if p.quiet(); i == 0 {
			style = "B"
		}
		p.text(margin, width, p.size*0.9, style, words)
	}
}

// rgb reads #rrggbb; black for anything else.
func rgb(colour string) (r, g, b int) {
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return 0, 0, 0
	}
	return r, g, b
}
