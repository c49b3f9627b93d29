package sheet

import (
	"bytes"
	"slices"
	"strings"

	"tilgang/internal/fault"
)

// layout says which column stands where.
type layout struct {
	heads   []string // as written in the file, cleaned
	columns []column // by position; ignored for unknown ones
	at      [columnCount]int
	used    int // positions up to the last one with a name
}

// separators in the order of preference where a header fits several.
var separators = [...]byte{';', ',', '\t'}

// tellSeparator takes the separator that gives the header line the most
// columns of ours, or, where there are none, the most cells.
func tellSeparator(line []byte, words map[string]column, t *tidier) byte {
	best, score := separators[0], -1
	for _, sep := range separators {
		parts := bytes.SplitN(line, []byte{sep}, maxCells)
		n := len(parts)
		for _, p := range parts {
			if columnOf(words, t.text(bytes.Trim(p, `"`))) != ignored {
				n += maxCells
			}
		}
		if n > score {
			best, score = sep, n
		}
	}
	return best
}

// readLayout turns the header record into a layout or refuses by name.
func readLayout(rec *record, words map[string]column, t *tidier) (*layout, error) {
	l := &layout{}
	for c := range l.at {
		l.at[c] = -1
	}
	for i, c := range rec.cells {
		head := t.text(c.raw)
		col := columnOf(words, head)
		l.heads, l.columns = append(l.heads, head), append(l.columns, col)
		if head != "" {
			l.used = i + 1
		}
		if col == ignored {
			continue
		}
		if first := l.at[col]; first >= 0 {
			return nil, fault.New(fault.Invalid, "sheet.header.twice", "Column", col.String(),
				"First", quote(l.heads[first]), "Second", quote(head))
		}
		l.at[col] = i
	}
	return l, l.check(rec)
}

// check asks for the obligatory columns.
func (l *layout) check(rec *record) error {
	var missing []string
	for _, c := range obligatory {
		if l.at[c] < 0 {
			missing = append(missing, c.String())
		}
	}
	switch {
	case rec.code != "" || !slices.ContainsFunc(l.columns, func(c column) bool { return c != ignored }):
		return fault.New(fault.Invalid, "sheet.header.none", "Columns", quoteNames(obligatory[:]))
	case len(missing) == 0:
		return nil
	case l.at[colGiven] < 0 && l.at[colFamily] < 0 && slices.ContainsFunc(l.heads, isWholeName):
		return fault.New(fault.Invalid, "sheet.header.full_name")
	}
	return fault.New(fault.Invalid, "sheet.header.missing", "Columns", strings.Join(missing, ", "))
}

func isWholeName(head string) bool { return slices.Contains(wholeNames[:], fold(head)) }

func quoteNames(cols []column) string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.String()
	}
	return strings.Join(names, ", ")
}

// known says of each position whether it is a column of ours.
func (l *layout) known() []bool {
	k := make([]bool, len(l.columns))
	for i, c := range l.columns {
		k[i] = c != ignored
	}
	return k
}
