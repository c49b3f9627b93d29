package sheet

import (
	"bytes"
	"errors"
	"io"

	"tilgang/internal/fault"
)

// Reader gives the rows of one staff file. It is for one goroutine.
type Reader struct {
	src    source
	opt    Options
	lists  *lists
	layout *layout
	tidy   tidier
	sep    byte
	rec    record
	ahead  bool // rec holds a record that Next has not given yet
	rows   int
	text   []byte // the cleaned cells of the current row
	sheet  string // of a workbook, and how many others it shows
	others int
	err    error
}

// Open looks at the start of the file and reads its header and first row. What
// it refuses is a fault.Fault with a sheet.file.* or sheet.header.* code; an
// error of r itself is wrapped. A workbook is recognised by its first bytes,
// whatever the file is called; r must then have ReadAt and Size too, as the
// readers of strings and bytes have. Close r yourself.
func Open(r io.Reader, opt Options) (*Reader, error) {
	rd, err := open(r, opt)
	if err != nil {
		return nil, err
	}
	err = rd.advance()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "sheet.file.header_only")
	}
	rd.ahead = true
	return rd, err
}

// open does all of Open but for the look at the first row.
func open(r io.Reader, opt Options) (*Reader, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	plain := &limited{r: r, left: opt.MaxBytes, max: opt.MaxBytes}
	head, err := readHead(plain, r)
	if err != nil {
		return nil, err
	}
	rd := &Reader{opt: opt, lists: newLists(opt)}
	if isArchive(head) {
		return rd, rd.openBook(r)
	}
	return rd, rd.openText(head, plain)
}

func (rd *Reader) openText(head []byte, r io.Reader) error {
	r, rd.tidy.set = toASCIISuperset(head, r)
	return rd.readHeader(newSplitter(r, rd.opt.MaxCell))
}

func (rd *Reader) readHeader(s *splitter) error {
	line, err := firstLine(s)
	if err != nil {
		return err
	}
	words := vocabulary()
	s.sep = tellSeparator(line, words, &rd.tidy)
	if sep, ok := declared(line); ok {
		s.drop(len(line)+1, 1)
		s.sep = sep
	}
	if err := s.next(&rd.rec); err != nil {
		return emptyAt(err)
	}
	if rd.layout, err = readLayout(&rd.rec, words, &rd.tidy); err != nil {
		return err
	}
	s.want, s.known = len(rd.rec.cells), rd.layout.known()
	rd.src, rd.sep = s, s.sep
	return nil
}

// firstLine settles the line break and skips empty lines.
func firstLine(s *splitter) ([]byte, error) {
	s.fill()
	if bytes.IndexByte(s.window(), '\n') < 0 && bytes.IndexByte(s.window(), '\r') >= 0 {
		s.eol = '\r'
	}
	for {
		line, _, err := s.peekLine()
		if err != nil {
			return nil, emptyAt(err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			return line, nil
		}
		s.drop(len(line)+1, 1)
	}
}

// declared reads the "sep=;" line that some spreadsheets write first.
func declared(line []byte) (byte, bool) {
	line = bytes.Trim(bytes.ToLower(bytes.TrimRight(line[:min(len(line), 16)], "\r")), `"`)
	if len(line) != 5 || !bytes.HasPrefix(line, []byte("sep=")) {
		return 0, false
	}
	return line[4], bytes.IndexByte(separators[:], line[4]) >= 0
}

func emptyAt(err error) error {
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "sheet.file.empty")
	}
	return err
}

// Has says whether the file has the column, by its name in Columns.
func (rd *Reader) Has(name string) bool {
	for c, n := range columnNames {
		if n == name {
			return rd.layout.at[c] >= 0
		}
	}
	return false
}

// Ignored lists the headers that are no column of ours, as written and cut
// short, so that a preview can say what was not read.
func (rd *Reader) Ignored() []string {
	var names []string
	for i, c := range rd.layout.columns {
		if c == ignored && rd.layout.heads[i] != "" {
			names = append(names, quote(rd.layout.heads[i]))
		}
	}
	return names
}

// Next gives the next row with content, io.EOF after the last. A row that
// cannot be read is a Row with a Fatal problem, not an error; after an error,
// which is a fault for a file over a limit, every call gives it again.
func (rd *Reader) Next() (Row, error) {
	if rd.err == nil && !rd.ahead {
		rd.err = rd.advance()
	}
	rd.ahead = false
	if rd.err != nil {
		return Row{}, rd.err
	}
	return rd.row(), nil
}

// advance reads the next record that is not empty, up to the row limit.
func (rd *Reader) advance() error {
	for {
		if err := rd.src.next(&rd.rec); err != nil {
			return err
		}
		if rd.rec.code != "" || !rd.rec.empty() {
			break
		}
	}
	if rd.rows++; rd.rows > rd.opt.MaxRows {
		return errTooManyRows(rd.opt.MaxRows)
	}
	return nil
}

func errTooManyRows(limit int) error {
	return fault.New(fault.TooLarge, "sheet.file.too_many_rows", "Max", limit)
}

// empty is true for a record of nothing but separators and blanks.
func (rec *record) empty() bool {
	for _, c := range rec.cells {
		if len(bytes.TrimSpace(c.raw)) > 0 {
			return false
		}
	}
	return true
}
