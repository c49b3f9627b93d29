package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"tilgang/internal/fault"
	"tilgang/internal/roster/workbook"
)

// random is what a workbook must be read from: its directory stands at its end.
// Readers of strings and bytes are it, and so are those of stored files.
type random interface {
	io.ReaderAt
	Size() int64 // in bytes
}

var errNotRandom = errors.New("sheet: a workbook needs a reader with ReadAt and Size")

// triedSheets is how many sheets are looked at for the columns of a staff file.
const triedSheets = 10

// grid is the source for a workbook's sheet.
type grid struct {
	rows    *workbook.Rows
	maxCell int
	width   int // cells per record; 0 while the header is read
	hidden  int // rows with content that the spreadsheet does not show
}

// next reads one record. Cells that a row lacks at its end are empty ones: a
// workbook does not store them.
func (g *grid) next(rec *record) error {
	row, err := g.rows.Next()
	if err != nil {
		return bookFault(err)
	}
	rec.line, rec.cells, rec.code, rec.at = row.Number, rec.cells[:0], "", -1
	if row.Long {
		rec.code = "sheet.row.too_long"
		return nil
	}
	for i, c := range row.Cells {
		if len(c.Text) > g.maxCell && rec.code == "" {
			rec.code, rec.at = "sheet.cell.too_long", i
		}
		rec.cells = append(rec.cells, cell{raw: c.Text, flaw: flawCode(c.Flaw)})
	}
	g.square(rec)
	if row.Hidden && !rec.empty() {
		g.hidden++
	}
	return nil
}

// square gives the record as many cells as the header has, and more only where
// there is something in them.
func (g *grid) square(rec *record) {
	for n := len(rec.cells); n > max(1, g.width) && len(bytes.TrimSpace(rec.cells[n-1].raw)) == 0; n-- {
		rec.cells = rec.cells[:n-1]
	}
	for len(rec.cells) < max(1, g.width) {
		rec.cells = append(rec.cells, cell{})
	}
}

func flawCode(f workbook.Flaw) string {
	switch f {
	case workbook.Formula:
		return "sheet.cell.formula"
	case workbook.Merged:
		return "sheet.cell.merged"
	case workbook.Sound:
	}
	return ""
}

// openBook finds the sheet with the staff in a workbook: the first visible one
// whose first row names our columns.
func (rd *Reader) openBook(r io.Reader) error {
	file, ok := r.(random)
	if !ok {
		return errNotRandom
	}
	if file.Size() > rd.opt.MaxBytes {
		return fault.New(fault.TooLarge, "sheet.file.too_large", "Max", sizeInWords(rd.opt.MaxBytes))
	}
	book, err := workbook.Open(file, file.Size())
	if err != nil {
		return bookFault(err)
	}
	rd.tidy.set = inUTF8
	var first error
	for n, s := range visible(book) {
		if n == triedSheets {
			break
		}
		err := rd.openSheet(book, s)
		if err == nil {
			return nil
		}
		if !noTable(err) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = fault.New(fault.Invalid, "sheet.file.no_sheet")
	}
	return first
}

// noTable tells whether another sheet may have the staff list.
func noTable(err error) bool {
	f, known := fault.As(err)
	return known && slices.Contains([]string{
		"sheet.header.none", "sheet.header.missing", "sheet.header.full_name", "sheet.header.twice", "sheet.file.empty",
	}, f.Code)
}

func visible(book *workbook.Book) (list []workbook.Sheet) {
	for _, s := range book.Sheets {
		if !s.Hidden {
			list = append(list, s)
		}
	}
	return list
}

// openSheet reads a sheet's header.
func (rd *Reader) openSheet(book *workbook.Book, s workbook.Sheet) error {
	rows, err := book.Rows(s)
	if err != nil {
		return bookFault(err)
	}
	g := &grid{rows: rows, maxCell: rd.opt.MaxCell}
	for rd.rec.cells = nil; rd.rec.empty() && rd.rec.code == ""; {
		if err := g.next(&rd.rec); err != nil {
			return emptyAt(err)
		}
	}
	l, err := readLayout(&rd.rec, vocabulary(), &rd.tidy)
	if err != nil {
		return err
	}
	g.width = len(rd.rec.cells)
	rows.Days = make([]bool, g.width)
	for _, c := range [...]column{colStart, colEnd} {
		if at := l.at[c]; at >= 0 {
			rows.Days[at] = true
		}
	}
	rd.layout, rd.src, rd.sep = l, g, ';'
	rd.sheet, rd.others = s.Name, len(visible(book))-1
	return nil
}

// bookFault turns what is wrong with a workbook into a refusal. Other errors
// are those of the reader below.
func bookFault(err error) error {
	for _, known := range [...]struct {
		err  error
		code string
	}{
		{workbook.ErrOther, "sheet.file.zip"},
		{workbook.ErrBinary, "sheet.file.xlsb"},
		{workbook.ErrEncrypted, "sheet.file.encrypted"},
		{workbook.ErrTooLarge, "sheet.file.inflated"},
		{workbook.ErrMerged, "sheet.file.merged"},
		{workbook.ErrBroken, "sheet.file.damaged"},
	} {
		if errors.Is(err, known.err) {
			return fault.New(fault.Invalid, known.code).Because(err)
		}
	}
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("read staff file: %w", err)
}
