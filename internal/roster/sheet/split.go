package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// source gives the records of a table one after the other, io.EOF at the end.
// The splitter is the one for text, the grid the one for a workbook.
type source interface {
	next(rec *record) error
}

// record is one line of the table; its cells are valid until the next one.
type record struct {
	line  int
	cells []cell
	code  string // why it could not be taken apart; "" when it could
	at    int    // the cell to blame, -1 for the whole record
}

// cell is one value, still in the file's encoding and without its quotes.
type cell struct {
	raw   []byte
	stray bool   // holds a quotation mark that encloses nothing
	flaw  string // code of the reason why raw is not the value; "" when it is
}

// maxCells is the number of cells of one record that are looked at.
const maxCells = 512

// splitter cuts a byte stream into records (RFC 4180, more forgiving) inside
// one window of fixed size.
type splitter struct {
	r          io.Reader
	buf        []byte
	start, end int
	err        error // why the stream ended
	line       int   // of buf[start], from 1
	sep, eol   byte
	maxCell    int
	want       int    // cells per record; 0 while the header is read
	known      []bool // which of them are columns of ours
}

func newSplitter(r io.Reader, maxCell int) *splitter {
	return &splitter{r: r, buf: make([]byte, headBytes), line: 1, eol: '\n', maxCell: maxCell}
}

func (s *splitter) window() []byte { return s.buf[s.start:s.end] }

// next reads one record. A record that cannot be taken apart costs its first
// line: reading goes on with the line after it.
func (s *splitter) next(rec *record) error {
	rec.line, rec.cells, rec.code, rec.at = s.line, rec.cells[:0], "", -1
	line, whole, err := s.peekLine()
	switch {
	case err != nil:
		return err
	case !whole:
		return s.tooLong(line, rec)
	case bytes.IndexByte(line, '"') < 0:
		s.plain(line, rec)
		s.drop(len(line)+1, 1)
		return nil
	}
	return s.quoted(len(line)+1, rec)
}

// peekLine finds the line at the start of the window; whole is false when the
// window is too small for it.
func (s *splitter) peekLine() (line []byte, whole bool, err error) {
	for seen := 0; ; {
		data := s.window()
		if i := bytes.IndexByte(data[seen:], s.eol); i >= 0 {
			return data[:seen+i], true, nil
		}
		seen = len(data)
		if s.err != nil {
			if !errors.Is(s.err, io.EOF) || len(data) == 0 {
				return nil, false, s.err
			}
			return data, true, nil
		}
		if !s.fill() {
			return data, false, nil
		}
	}
}

// fill reads more into the window, which grows up to windowBytes; false when
// there is no room.
func (s *splitter) fill() bool {
	if s.start > 0 {
		s.end = copy(s.buf, s.window())
		s.start = 0
	}
	room := len(s.buf) - s.end
	if room == 0 && len(s.buf) < windowBytes {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
		room = len(s.buf) - s.end
	}
	if room == 0 {
		return false
	}
	n, err := io.ReadAtLeast(s.r, s.buf[s.end:], min(room, headBytes/2))
	s.end += n
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("read staff file: %w", err)
	}
	s.err = err
	return true
}

// drop moves past n bytes; the last line may lack its line break.
func (s *splitter) drop(n, lines int) {
	s.start = min(s.start+n, s.end)
	s.line += lines
}

// plain cuts a line without quotation marks.
func (s *splitter) plain(line []byte, rec *record) {
	line = trimCR(line, s.eol)
	for {
		i := bytes.IndexByte(line, s.sep)
		raw := line
		if i >= 0 {
			raw = line[:i]
		}
		if len(raw) > s.maxCell && rec.code == "" {
			rec.code, rec.at = "sheet.cell.too_long", len(rec.cells)
		}
		rec.cells = append(rec.cells, cell{raw: raw})
		if i < 0 {
			return
		}
		if len(rec.cells) == maxCells {
			rec.code, rec.at = "sheet.row.too_long", -1
			return
		}
		line = line[i+1:]
	}
}

// tooLong blames the cell that fills the window, or the row, and skips the
// line without keeping it.
func (s *splitter) tooLong(line []byte, rec *record) error {
	s.plain(line, rec)
	if rec.code == "" {
		rec.code = "sheet.row.too_long"
	}
	rec.cells = rec.cells[:0]
	for {
		if i := bytes.IndexByte(s.window(), s.eol); i >= 0 {
			s.drop(i+1, 1)
			return nil
		}
		s.start = s.end
		if s.err != nil {
			return nil //nolint:nilerr // the end of the file ends the record too
		}
		s.fill()
	}
}

func trimCR(line []byte, eol byte) []byte {
	if n := len(line); eol == '\n' && n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}
