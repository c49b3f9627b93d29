package parcel

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tilgang/internal/fault"
)

// Columns are all that a list may have, the needed ones first.
func Columns() []string {
	return []string{"file", "employee_number", "kind", "date", "title", "legal_employer", "period", "language", "currency", "gross", "tax", "net"}
}

// Needed is how many of Columns a list must have.
const Needed = 5

// Reader gives the rows of a list, one after the other. A row is a line: an
// open quote spoils its own line and swallows no other.
type Reader struct {
	opt   Options
	lines *bufio.Reader
	in    io.Closer
	comma rune
	line  int
	at    map[string]int
	seed  maphash.Seed
	seen  map[uint64]int // files and documents named before -> line
}

// maxLine is the longest line of a list, in bytes.
const maxLine = 16 << 10

// Read opens the list of a parcel; faults are Invalid and about the whole.
func Read(src Source, opt Options) (*Reader, error) {
	in, err := src.File(Manifest)
	var bad *Flaw
	if errors.As(err, &bad) {
		return nil, fault.New(fault.Invalid, "document.parcel.manifest", "Name", Manifest).Because(err)
	}
	if err != nil {
		return nil, err
	}
	r := &Reader{opt: opt, lines: bufio.NewReaderSize(in, maxLine), in: in, comma: ',', at: map[string]int{}, seed: maphash.MakeSeed(), seen: map[uint64]int{}}
	if err := r.head(); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return r, nil
}

// Close ends reading.
func (r *Reader) Close() error { return r.in.Close() }

func (r *Reader) head() error {
	text, err := r.next()
	text = strings.TrimPrefix(text, "\ufeff")
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "document.parcel.empty")
	}
	if err != nil && !errors.Is(err, errTorn) {
		return err
	}
	if strings.Count(text, ";") > strings.Count(text, ",") {
		r.comma = ';'
	}
	names, err := r.cells(text)
	if err != nil {
		return fault.New(fault.Invalid, "document.parcel.empty").Because(err)
	}
	return r.columns(names)
}

// errTorn is a line that cannot be taken apart.
var errTorn = errors.New("parcel: torn line")

// next is the next line that says something, without its end.
func (r *Reader) next() (string, error) {
	for {
		text, err := r.lines.ReadSlice('\n')
		r.line++
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return "", errors.Join(r.pass(), errTorn)
		case err != nil && !errors.Is(err, io.EOF):
			return "", fmt.Errorf("read the list: %w", err)
		case strings.TrimSpace(string(text)) != "":
			return strings.TrimRight(string(text), "\r\n"), nil
		case err != nil:
			return "", io.EOF
		}
	}
}

// pass leaves the rest of a line that is too long out.
func (r *Reader) pass() error {
	for {
		_, err := r.lines.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err //nolint:wrapcheck // nil, or told with the line
	}
}

func (r *Reader) cells(text string) ([]string, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, errTorn
	}
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord = r.comma, -1
	cells, err := c.Read()
	if err != nil {
		return nil, errors.Join(errTorn, err)
	}
	return cells, nil
}

func (r *Reader) columns(names []string) error {
	for i, name := range names {
		word := Fold(name)
		if _, twice := r.at[word]; twice || !slices.Contains(Columns(), word) {
			return fault.New(fault.Invalid, "document.parcel.column", "Name", clip(name), "Columns", strings.Join(Columns(), ", "))
		}
		r.at[word] = i
	}
	for _, name := range Columns()[:Needed] {
		if _, there := r.at[name]; !there {
			return fault.New(fault.Invalid, "document.parcel.needs", "Name", name)
		}
	}
	return nil
}

// Next gives the next row, io.EOF after the last. A line that cannot be taken
// apart is a row with that problem.
func (r *Reader) Next() (Row, error) {
	text, err := r.next()
	var cells []string
	if err == nil {
		cells, err = r.cells(text)
	}
	switch {
	case errors.Is(err, errTorn), err == nil && len(cells) > len(r.at):
		row := Row{Line: r.line}
		row.Refuse("", "document.row.torn")
		return row, nil
	case err != nil:
		return Row{}, err
	}
	row := r.opt.read(r.line, func(column string) string {
		if i, there := r.at[column]; there && i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	})
	r.once(&row, "file", "document.file.again", "f\x1f"+row.File)
	r.once(&row, "", "document.row.again", "d\x1f"+row.Natural())
	return row, nil
}

// once refuses what an earlier row named.
func (r *Reader) once(row *Row, column, code, word string) {
	h := maphash.String(r.seed, word)
	before, again := r.seen[h]
	if !again {
		r.seen[h] = row.Line
		return
	}
	if len(row.Problems) == 0 {
		row.Refuse(column, code, "Line", before)
	}
}

// Natural names the document that a row is: a later one of the same name takes
// its place. Payroll titles its slips as it likes, so only their date counts;
// two letters of one day differ by title.
func (r Row) Natural() string {
	name := strings.Join([]string{r.Employer, strings.ToUpper(r.Number), r.Kind, r.Date}, "\x1f")
	if r.Kind == "payslip" || r.Kind == "annual_statement" {
		return name
	}
	return name + "\x1f" + Fold(r.Title)
}

func clip(word string) string {
	if r := []rune(strings.ToValidUTF8(word, "?")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return strings.ToValidUTF8(word, "?")
}
