package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Blank copies a staff file from r to w with its national numbers left out: the
// copy that is kept. It streams, refuses what Open refuses before it writes
// (a file of a header only is fine), and writes UTF-8 with a byte order mark,
// the file's separator and its line numbers. When in doubt it drops a row and
// notes so in its place; formula cells come out neutralised. After an error w
// holds the beginning of such a copy.
func Blank(r io.Reader, w io.Writer, opt Options) error {
	rd, err := open(r, opt)
	if err != nil {
		return err
	}
	b := blanker{rd: rd, w: bufio.NewWriter(w), width: len(rd.rec.cells), line: 1}
	_, _ = b.w.Write(bomUTF8)
	for err == nil {
		b.record()
		err = rd.src.next(&rd.rec)
		if b.rows > rd.opt.MaxRows+1 { // the header is one of them
			err = errTooManyRows(rd.opt.MaxRows)
		}
	}
	if !errors.Is(err, io.EOF) {
		return errors.Join(err, b.w.Flush())
	}
	if err := b.w.Flush(); err != nil {
		return fmt.Errorf("write blanked staff file: %w", err)
	}
	return nil
}

// blanker writes the records of rd; bufio keeps the first write error.
type blanker struct {
	rd    *Reader
	w     *bufio.Writer
	width int // cells of the header
	line  int // that comes next in w
	rows  int
	text  []byte
}

// record writes rd.rec at the same line that it has in the file.
func (b *blanker) record() {
	rec := &b.rd.rec
	for ; b.line < rec.line; b.line++ {
		_, _ = b.w.WriteString("\r\n")
	}
	cells, why := b.scrubbed(rec)
	switch {
	case why != "":
		b.write([]string{fmt.Sprintf("# %d: %s", rec.line, why)})
		b.rows++
	case len(cells) > 1 || cells[0] != "":
		b.write(cells)
		b.rows++
	default:
		b.write([]string{""})
	}
}

// scrubbed gives the cells of a record without national numbers, or the code
// of the reason why the whole row is left out.
func (b *blanker) scrubbed(rec *record) (cells []string, why string) {
	switch {
	case rec.code != "":
		return nil, rec.code
	case len(rec.cells) == 1 && len(bytes.TrimSpace(rec.cells[0].raw)) == 0:
		return []string{""}, ""
	case len(rec.cells) != b.width:
		return nil, "sheet.row.columns"
	}
	number, header := "", b.rows == 0
	if at := b.rd.layout.at[colNational]; at >= 0 && !header {
		if number = compact(b.decode(rec.cells[at].raw)); number != "" && !likeNational(number) {
			return nil, "sheet.national_id.invalid" // the row may be out of step
		}
	}
	for i, c := range rec.cells {
		cells = append(cells, b.cell(b.rd.layout.columns[i], b.decode(c.raw), number, header))
	}
	return cells, ""
}

func (b *blanker) decode(raw []byte) string {
	if clean(raw) {
		return string(raw)
	}
	b.text = b.rd.tidy.decode(b.text[:0], raw)
	return string(b.text)
}

// cell blanks the national column, whatever repeats its number, and whatever
// holds a valid number elsewhere without being a telephone number or a date.
func (b *blanker) cell(c column, s, number string, header bool) string {
	switch {
	case c == colNational && !header, repeats(s, number):
		return ""
	case !holdsNational(s):
		if strings.ContainsFunc(s, isControl) {
			s = strings.Map(writable, s)
		}
		return s
	case c == colPhone && b.dials(s), (c == colStart || c == colEnd) && isDate(s):
		return s
	}
	return ""
}

func (b *blanker) dials(s string) bool {
	_, ok := parsePhone(strings.TrimSpace(s), b.rd.opt.Country)
	return ok
}

func isDate(s string) bool {
	_, code := parseDate(strings.TrimSpace(s))
	return code == ""
}

// compact leaves the letters and digits of a number.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9', 'A' <= r && r <= 'Z', r > 0x7f && kindOf(r) == runeText:
			return r
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		}
		return -1
	}, s)
}

// likeNational is the shape, not the check digit: a mistyped number is to be
// blanked like a right one.
func likeNational(number string) bool {
	digits := 0
	for i := 0; i < len(number); i++ {
		if number[i] >= '0' && number[i] <= '9' {
			digits++
		}
	}
	rounded := digits >= 3 && strings.Contains(number, "E") // 1,01E+10
	return digits >= secretDigits && len(number)-digits <= 2 && len(number) <= 13 || rounded
}

func repeats(s, number string) bool {
	return len(number) >= secretDigits && manyDigits(s) && strings.Contains(compact(s), number)
}

func isControl(r rune) bool { return kindOf(r) == runeControl }

// writable leaves out what no spreadsheet shows.
func writable(r rune) rune {
	if isControl(r) {
		return -1
	}
	return r
}

// write puts one record down; a cell is quoted when it must be.
func (b *blanker) write(cells []string) {
	for i, s := range cells {
		if i > 0 {
			_ = b.w.WriteByte(b.rd.sep)
		}
		s = Neutralise(s)
		if strings.ContainsAny(s, "\"\r\n;,\t") || strings.HasPrefix(s, " ") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		b.line += strings.Count(s, "\n")
		_, _ = b.w.WriteString(s)
	}
	_, _ = b.w.WriteString("\r\n")
	b.line++
}
