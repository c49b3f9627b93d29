package sheet

import (
	"bytes"
	"errors"
	"io"
)

// How many line breaks a quoted cell, and a record, may hold before an open
// quotation mark is the likelier story.
const (
	maxCellBreaks   = 10
	maxRecordBreaks = 20
)

type verdict int8

const (
	goOn     verdict = iota
	finished         // the record is complete
	starved          // more bytes are needed to tell
	spoilt           // it is not a record
)

// scan takes one record with quotation marks apart.
type scan struct {
	data     []byte
	last     bool // nothing comes after data
	sep, eol byte
	maxCell  int
	pos      int
	breaks   int
	rec      *record
}

// quoted reads a record whose first line, of the given length, has quotation
// marks in it. It may reach over several lines.
func (s *splitter) quoted(first int, rec *record) error {
	q, v := s.scan(rec)
	for v == starved && s.err == nil && s.fill() {
		q, v = s.scan(rec)
	}
	if v == starved && s.err != nil {
		return s.err
	}
	if v == finished && !s.swallowed(q.breaks, rec) {
		s.drop(q.pos, q.breaks+1)
		return nil
	}
	if rec.code == "" {
		q.spoil("sheet.row.quote")
	}
	s.drop(first, 1)
	return nil
}

func (s *splitter) scan(rec *record) (*scan, verdict) {
	rec.cells = rec.cells[:0]
	q := &scan{data: s.window(), last: errors.Is(s.err, io.EOF), sep: s.sep, eol: s.eol, maxCell: s.maxCell, rec: rec}
	return q, q.record()
}

// swallowed says whether a record over several lines is more likely a lost
// closing quote that has eaten the next row: wrong number of cells, or a cell
// that looks like a row from its second line on.
func (s *splitter) swallowed(breaks int, rec *record) bool {
	if breaks == 0 || s.want == 0 {
		return false
	}
	for i, c := range rec.cells {
		rest := bytes.IndexByte(c.raw, s.eol)
		if rest < 0 {
			continue
		}
		seps := bytes.Count(c.raw[rest:], []byte{s.sep})
		if len(rec.cells) != s.want || seps > 0 && (s.known[i] || seps >= s.want-1) {
			rec.at = i
			return true
		}
	}
	return false
}

func (q *scan) record() verdict {
	for {
		var v verdict
		if q.pos < len(q.data) && q.data[q.pos] == '"' {
			v = q.enclosed()
		} else {
			v = q.bare()
		}
		if v == goOn {
			v = q.behind()
		}
		if v == goOn && len(q.rec.cells) == maxCells {
			v = q.spoil("sheet.row.too_long")
		}
		if v != goOn {
			return v
		}
	}
}

func (q *scan) spoil(code string) verdict {
	q.rec.code = code
	if q.rec.at < 0 {
		q.rec.at = len(q.rec.cells)
	}
	q.rec.cells = q.rec.cells[:0]
	return spoilt
}

// bare reads a cell without enclosing quotes; quotes inside are text.
func (q *scan) bare() verdict {
	rest := q.data[q.pos:]
	end := bytes.IndexByte(rest, q.eol)
	if end < 0 {
		if !q.last {
			return starved
		}
		end = len(rest)
	}
	raw := trimCR(rest[:end], q.eol)
	if i := bytes.IndexByte(raw, q.sep); i >= 0 {
		raw = raw[:i]
	}
	if len(raw) > q.maxCell {
		return q.spoil("sheet.cell.too_long")
	}
	q.rec.cells = append(q.rec.cells, cell{raw: raw, stray: bytes.IndexByte(raw, '"') >= 0})
	q.pos += len(raw)
	return goOn
}

// enclosed reads a cell in quotation marks; two of them inside stand for one.
func (q *scan) enclosed() verdict {
	from := q.pos + 1
	for at := from; ; {
		i := bytes.IndexByte(q.data[at:], '"')
		if i < 0 {
			return q.unclosed(q.data[from:])
		}
		at += i
		if at+1 == len(q.data) && !q.last {
			return starved
		}
		if at+1 < len(q.data) && q.data[at+1] == '"' {
			at += 2
			continue
		}
		q.pos = at + 1
		return q.keep(q.data[from:at])
	}
}

func (q *scan) keep(raw []byte) verdict {
	breaks := bytes.Count(raw, []byte{q.eol})
	if code := q.excess(raw, breaks); code != "" {
		return q.spoil(code)
	}
	q.breaks += breaks
	if bytes.IndexByte(raw, '"') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte(`""`), []byte(`"`))
	}
	q.rec.cells = append(q.rec.cells, cell{raw: raw})
	return goOn
}

// unclosed judges a cell whose end is not in sight.
func (q *scan) unclosed(raw []byte) verdict {
	code := q.excess(raw, bytes.Count(raw, []byte{q.eol}))
	switch {
	case code != "":
		return q.spoil(code)
	case q.last:
		return q.spoil("sheet.row.quote")
	}
	return starved
}

// excess names the reason why an enclosed cell is too much, or "".
func (q *scan) excess(raw []byte, breaks int) string {
	switch {
	case breaks > maxCellBreaks, q.breaks+breaks > maxRecordBreaks, breaks > 0 && len(raw) > q.maxCell:
		return "sheet.row.quote"
	case len(raw) > q.maxCell:
		return "sheet.cell.too_long"
	}
	return ""
}

// behind reads what follows a cell: a separator, a line break or the end.
func (q *scan) behind() verdict {
	for q.pos < len(q.data) && q.data[q.pos] == ' ' {
		q.pos++
	}
	rest := q.data[q.pos:]
	switch {
	case len(rest) == 0 && q.last:
		return finished
	case len(rest) == 0, rest[0] == '\r' && len(rest) == 1 && !q.last:
		return starved
	case rest[0] == q.sep:
		q.pos++
		return goOn
	case rest[0] == q.eol:
		q.pos++
		return finished
	case rest[0] == '\r' && q.eol == '\n' && (len(rest) == 1 || rest[1] == '\n'):
		q.pos += min(2, len(rest))
		return finished
	}
	q.rec.at = len(q.rec.cells) - 1
	return q.spoil("sheet.row.quote")
}
