package paper

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Letter is one finished letter.
type Letter struct {
	Lang    string // BCP 47
	Made    time.Time
	Brand   Brand
	Date    string   // in words
	To      []string // whom it is handed to, in lines
	Title   string
	Intro   []string
	Steps   []string // numbered
	Facts   []Fact
	Address string   // an address as a QR code beside the facts; never a secret one; may be empty
	After   []string // below the facts
	Help    []string // whom to ask; the first line is its heading
}

// Brand is the employer's look.
type Brand struct {
	Name    string
	Primary string // #rrggbb
	Logo    []byte // SVG as tenant.CleanLogo gives it; where it cannot be drawn the name stands alone
}

// Fact is what the reader types, or must know. A Code is set large, in letters of
// one width that cannot be mixed up.
type Fact struct {
	Label, Value string
	Code         bool
}

// The page, in millimetres (ISO 216 A4).
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 24.0
	width      = pageWidth - 2*margin
	bottom     = pageHeight - 18
)

// errLong says that a letter does not fit.
var errLong = errors.New("paper: the letter does not fit on one page")

// PDF sets the letter; smaller where that makes it fit. It fails when it does not
// fit, or a part cannot be set.
func (l Letter) PDF() ([]byte, error) {
	for _, size := range []float64{11, 10, 9} {
		body, err := l.set(size)
		if errors.Is(err, errLong) {
			continue
		}
		return body, err
	}
	return nil, errLong
}

func (l Letter) set(size float64) ([]byte, error) {
	p := &page{Fpdf: fpdf.New("P", "mm", "A4", ""), size: size}
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(false, 0)
	p.SetTitle(l.Title, true)
	p.SetAuthor(l.Brand.Name, true)
	p.SetLang(l.Lang)
	p.SetCreationDate(l.Made)
	p.SetModificationDate(l.Made)
	p.SetProducer("", true)
	p.SetCatalogSort(true)
	p.AddUTF8FontFromBytes("text", "", goregular.TTF)
	p.AddUTF8FontFromBytes("text", "B", gobold.TTF)
	p.AddUTF8FontFromBytes("code", "B", gomonobold.TTF)
	p.AddPage()
	p.letter(l)
	if p.GetY() > bottom {
		return nil, errLong
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("set letter: %w", err)
	}
	return out.Bytes(), nil
}
