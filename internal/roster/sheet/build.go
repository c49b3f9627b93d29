package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"tilgang/internal/fault"
)

// builder turns the current record into a Row.
type builder struct {
	rd    *Reader
	row   Row
	value [columnCount]string
	sick  [columnCount]bool // has a problem that keeps its value out
}

// row builds the Row of rd.rec.
func (rd *Reader) row() Row {
	b := builder{rd: rd, row: Row{Line: rd.rec.line}}
	if rd.rec.code != "" {
		b.poisoned()
		return b.row
	}
	cells := rd.rec.cells
	for n := len(cells); n > rd.layout.used && len(bytes.TrimSpace(cells[n-1].raw)) == 0; n-- {
		cells = cells[:n-1]
	}
	if len(cells) != rd.layout.used {
		b.fail(ignored, "sheet.row.columns", "Want", rd.layout.used, "Got", len(cells))
		return b.row
	}
	b.collect(cells)
	b.person()
	return b.row
}

// poisoned reports a record that could not be taken apart.
func (b *builder) poisoned() {
	rec, col := &b.rd.rec, ignored
	if rec.at >= 0 && rec.at < len(b.rd.layout.columns) {
		col = b.rd.layout.columns[rec.at]
	}
	limit := b.rd.opt.MaxCell
	if rec.code == "sheet.row.too_long" {
		limit = windowBytes
	}
	b.fail(col, rec.code, "Max", sizeInWords(int64(limit)))
}

// collect cleans the cells of our columns. They share one string; the national
// number is parsed on the side so that no other value holds its memory.
func (b *builder) collect(cells []cell) {
	rd := b.rd
	var ends [columnCount]int
	text := rd.text[:0]
	for c := range columnCount {
		if i := rd.layout.at[c]; i >= 0 && c != colNational {
			text = b.add(text, c, cells[i])
		}
		ends[c] = len(text)
	}
	rd.text = text
	all, from := string(text), 0
	for c := range columnCount {
		b.value[c], from = all[from:ends[c]], ends[c]
	}
	b.warnText()
}

// add cleans one cell; a cell with a control character or lost bytes gives no
// value and keeps the row out.
func (b *builder) add(text []byte, c column, in cell) []byte {
	before := len(text)
	text, m := b.rd.tidy.add(text, in.raw)
	switch {
	case in.flaw != "":
		b.fail(c, in.flaw)
	case isSpreadsheetError(text[before:]):
		b.fail(c, "sheet.cell.error", "Value", string(text[before:]))
	case m.spoilt:
		b.fail(c, "sheet.cell.control", "Character", fmt.Sprintf("U+%04X", m.control))
	case m.lost:
		b.fail(c, "sheet.cell.encoding")
	}
	if b.sick[c] {
		return text[:before]
	}
	b.hint(c, m, in.stray)
	return text
}

// hint warns of what was kept but is likely not what was meant.
func (b *builder) hint(c column, m marks, stray bool) {
	if m.broken {
		b.warn(c, "sheet.cell.break")
	}
	if m.garbled {
		b.warn(c, "sheet.cell.garbled")
	}
	if stray {
		b.warn(c, "sheet.cell.quote")
	}
}

// fail keeps the row out; warn keeps the value; drop leaves the value out.
func (b *builder) fail(c column, code string, args ...any) { b.report(c, code, args, true, true) }
func (b *builder) warn(c column, code string, args ...any) { b.report(c, code, args, false, false) }
func (b *builder) drop(c column, code string, args ...any) { b.report(c, code, args, false, true) }

func (b *builder) report(c column, code string, args []any, fatal, dropped bool) {
	b.row.Problems = append(b.row.Problems, Problem{c.String(), code, pairs(args), fatal, dropped && c != ignored})
	if dropped && c != ignored {
		b.sick[c] = true
	}
}

// dropFault reports a refusal that came as a fault, without its kind.
func (b *builder) dropFault(c column, err error) {
	var f *fault.Fault
	if errors.As(err, &f) {
		b.row.Problems = append(b.row.Problems, Problem{Column: c.String(), Code: f.Code, Args: f.Args, Dropped: true})
	}
}

// warnText holds the free texts to their length.
func (b *builder) warnText() {
	for _, t := range [...]struct {
		c   column
		max int
	}{
		{colNumber, maxNumber},
		{colManager, maxNumber},
		{colGiven, maxName},
		{colFamily, maxName},
		{colTitle, maxLabel},
		{colUnit, maxLabel},
		{colEmployer, maxLabel},
	} {
		if utf8.RuneCountInString(b.value[t.c]) > t.max {
			b.fail(t.c, "sheet.text.too_long", "Max", t.max)
			b.value[t.c] = ""
		}
	}
}
