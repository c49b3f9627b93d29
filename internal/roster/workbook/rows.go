package workbook

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Flaw is why a cell has no text that could be relied on.
type Flaw int8

// The flaws.
const (
	Sound   Flaw = iota
	Formula      // computed, but the result was not saved
	Merged       // covered by the cell above or beside it
)

// Cell is one value as text; it lives until the next row.
type Cell struct {
	Text []byte
	Flaw Flaw
	from int // of Text in the row's texts
	to   int
}

// Row is one row of a sheet. Number is the one the spreadsheet shows.
type Row struct {
	Number int
	Hidden bool
	Long   bool // more than MaxColumns or MaxRow: Cells are not to be relied on
	Cells  []Cell
}

// Rows reads one sheet.
type Rows struct {
	// Days are the columns, from 0, in which a bare number is a day.
	Days []bool

	book   *Book
	t      *tokens
	merged []area
	Count  int // of the sheet's rows, empty ones too; a hint for a progress bar
	row    Row
	text   []byte // of the current row
	value  []byte // of the current cell
	inside bool   // in the rows, which have a beginning and an end
}

// Rows opens a sheet.
func (b *Book) Rows(s Sheet) (*Rows, error) {
	known, err := b.scan(s.part)
	if err != nil {
		return nil, b.files.blame(err)
	}
	t, err := b.files.tokens(s.part, sheetBytes)
	if err != nil {
		return nil, b.files.blame(err)
	}
	return &Rows{book: b, t: t, merged: known.merged, Count: known.rows}, nil
}

// Next gives the next row, be it empty; io.EOF after the last. What it gives is
// good until it is called again.
func (r *Rows) Next() (*Row, error) {
	err := r.next()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, r.book.files.blame(err)
	}
	return &r.row, nil
}

func (r *Rows) next() error {
	for {
		token, err := r.t.next()
		switch {
		case errors.Is(err, io.EOF) && r.inside:
			return noEnd(err)
		case err != nil:
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "sheetData" {
				r.inside = true
			}
			if e.Name.Local == "row" && r.inside {
				return r.read(element{attrs: e.Attr})
			}
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				r.inside = false
				return io.EOF
			}
		}
	}
}

// read takes the row that has just begun.
func (r *Rows) read(e element) error {
	before := r.row.Number
	r.row = Row{Number: before + 1, Hidden: isTrue(e.attr("hidden")), Cells: r.row.Cells[:0]}
	if v := e.attr("r"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n <= before {
			return fmt.Errorf("row out of order: %w", ErrBroken)
		}
		r.row.Number = n
	}
	if r.row.Number > maxRows {
		return ErrTooLarge
	}
	r.text = r.text[:0]
	for {
		token, err := r.t.next()
		if err != nil {
			return noEnd(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "c" {
				if err := r.cell(element{attrs: e.Attr}); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if e.Name.Local == "row" {
				r.finish()
				return nil
			}
		}
	}
}

// finish gives the cells their texts, which have stopped moving.
func (r *Rows) finish() {
	for i := range r.row.Cells {
		c := &r.row.Cells[i]
		c.Text = r.text[c.from:c.to]
	}
	n := r.row.Number
	r.merged = slices.DeleteFunc(r.merged, func(a area) bool { return a.lastRow < n })
	for _, a := range r.merged {
		if a.row > n {
			return
		}
		r.cover(a)
	}
}

// cover marks the cells that a merged one hides: all but its first.
func (r *Rows) cover(a area) {
	for col := a.col; col <= a.lastCol && col < MaxColumns; col++ {
		if a.row == r.row.Number && col == a.col {
			continue
		}
		for len(r.row.Cells) <= col {
			r.row.Cells = append(r.row.Cells, Cell{})
		}
		r.row.Cells[col].Flaw = Merged
	}
}
