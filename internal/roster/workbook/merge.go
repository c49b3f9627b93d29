package workbook

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
)

// area is a rectangle of cells; rows from 1, columns from 0, both inclusive.
type area struct{ row, lastRow, col, lastCol int }

// facts are what has to be known of a sheet before its first row: merged cells
// stand behind the last one.
type facts struct {
	rows   int // elements, for a progress bar
	merged []area
}

// scanOverlap is more than the longest tag that is looked for.
const scanOverlap = 256

// scan looks through a sheet's bytes without taking them apart, which costs a
// tenth of reading it. Text that looks like a tag only harms its own file.
func (b *Book) scan(part string) (facts, error) {
	r, err := b.files.open(part, sheetBytes)
	if err != nil {
		return facts{}, err
	}
	var f facts
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		window, err := in.Peek(in.Size())
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return facts{}, fmt.Errorf("look through sheet: %w", err)
		}
		done := max(0, len(window)-scanOverlap)
		if last {
			done = len(window)
		}
		if err := f.look(window, done); err != nil || last {
			return f.sorted(), err
		}
		if _, err := in.Discard(done); err != nil {
			return facts{}, fmt.Errorf("look through sheet: %w", err)
		}
	}
}

// look notes the tags that begin in the first done bytes.
func (f *facts) look(window []byte, done int) error {
	f.rows += begun(window, "<row", done) + begun(window, ":row", done)
	for at := 0; ; {
		i := bytes.Index(window[at:], []byte("mergeCell"))
		if i < 0 || at+i >= done {
			return nil
		}
		at += i + len("mergeCell")
		a, ok := areaIn(window[at:min(len(window), at+scanOverlap-len("mergeCell"))])
		if !ok {
			continue
		}
		if f.merged = append(f.merged, a); len(f.merged) > maxMerged {
			return ErrMerged
		}
	}
}

func begun(window []byte, tag string, done int) (n int) {
	for at := 0; ; n++ {
		i := bytes.Index(window[at:], []byte(tag))
		if i < 0 || at+i >= done {
			return n
		}
		at += i + len(tag)
		if at < len(window) && window[at] != ' ' && window[at] != '>' && window[at] != '/' {
			n--
		}
	}
}

func (f facts) sorted() facts {
	slices.SortFunc(f.merged, func(a, b area) int { return cmp.Compare(a.row, b.row) })
	return f
}

// areaIn reads ref="A1:B2" inside a tag.
func areaIn(tag []byte) (area, bool) {
	if end := bytes.IndexByte(tag, '>'); end >= 0 {
		tag = tag[:end]
	}
	_, ref, named := bytes.Cut(tag, []byte("ref="))
	if !named || len(tag) == 0 || tag[0] > ' ' || len(ref) == 0 {
		return area{}, false
	}
	ref, _, closed := bytes.Cut(ref[1:], ref[:1])
	first, second, two := bytes.Cut(ref, []byte(":"))
	var a area
	var from, to bool
	a.col, a.row, from = place(string(first))
	a.lastCol, a.lastRow, to = place(string(second))
	return a, closed && two && from && to
}

// place reads a cell's name: column from 0 and row from 1.
func place(name string) (col, row int, ok bool) {
	i := 0
	for ; i < len(name) && i < 3; i++ {
		c := name[i] | ' '
		if c < 'a' || c > 'z' {
			break
		}
		col = col*26 + int(c-'a') + 1
	}
	for _, c := range name[i:] {
		if c < '0' || c > '9' || row > maxRows {
			return 0, 0, false
		}
		row = row*10 + int(c-'0')
	}
	return col - 1, row, col > 0 && row > 0
}
