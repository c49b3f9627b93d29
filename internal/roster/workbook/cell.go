package workbook

import (
	"encoding/xml"
	"fmt"
	"strconv"
)

// cell takes the cell that has just begun into the row.
func (r *Rows) cell(e element) error {
	col := len(r.row.Cells)
	if ref := e.attr("r"); ref != "" {
		var ok bool
		var row int
		if col, row, ok = place(ref); !ok || row != r.row.Number || col < len(r.row.Cells) {
			return fmt.Errorf("cell out of order: %w", ErrBroken)
		}
	}
	kind := e.attr("t")
	saved, formula, err := r.inner(kind)
	if err != nil {
		return err
	}
	if r.row.Long {
		return nil
	}
	from := len(r.text)
	if err := r.add(kind, e.attr("s"), col); err != nil {
		return err
	}
	if col >= MaxColumns || len(r.text) > MaxRow {
		r.row.Long = len(r.text) > from || r.row.Long
		return nil
	}
	for len(r.row.Cells) < col {
		r.row.Cells = append(r.row.Cells, Cell{from: from, to: from})
	}
	c := Cell{from: from, to: len(r.text)}
	if formula && !saved {
		c.Flaw = Formula
	}
	r.row.Cells = append(r.row.Cells, c)
	return nil
}

// inner reads what is inside a cell into r.value. saved says that there is a
// value, be it an empty one.
func (r *Rows) inner(kind string) (saved, formula bool, err error) {
	r.value = r.value[:0]
	counts := false
	for {
		token, err := r.t.next()
		if err != nil {
			return false, false, noEnd(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			counts = false
			switch name := e.Name.Local; {
			case name == "v":
				counts, saved = true, true
			case name == "f":
				formula = true
			case name == "is" && kind == "inlineStr":
				saved = true
				if r.value, err = r.t.text(r.value, "is"); err != nil {
					return false, false, err
				}
			case name == "c" || name == "row":
				return false, false, fmt.Errorf("a cell in a cell: %w", ErrBroken)
			}
		case xml.CharData:
			if counts {
				r.value = append(r.value, e[:min(len(e), MaxText+1-len(r.value))]...)
			}
		case xml.EndElement:
			counts = false
			if e.Name.Local == "c" {
				return saved, formula, nil
			}
		}
	}
}

// add appends the text of r.value to the row's.
func (r *Rows) add(kind, style string, col int) error {
	if len(r.value) == 0 {
		return nil
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(string(r.value))
		var known bool
		if r.text, known = r.book.shared.add(r.text, i); err != nil || !known {
			return fmt.Errorf("a shared text that is not there: %w", ErrBroken)
		}
	case "inlineStr", "str":
		r.text = append(r.text, unescape(r.value)...)
	case "b":
		word := "FALSE"
		if isTrue(string(r.value)) {
			word = "TRUE"
		}
		r.text = append(r.text, word...)
	case "e", "d":
		r.text = append(r.text, r.value...)
	default:
		r.text = append(r.text, r.book.number(string(r.value), r.format(style), col < len(r.Days) && r.Days[col])...)
	}
	return nil
}

func (r *Rows) format(style string) format {
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(r.book.formats) {
		return format{}
	}
	return r.book.formats[i]
}
