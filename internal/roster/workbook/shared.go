package workbook

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// What the shared texts may take: 250,000 rows with eight texts of their own
// each have 2 million of about 40 MiB.
const (
	maxSharedText  = 64 << 20
	maxSharedCount = 4 << 20
	blockBytes     = 1 << 20
)

// shared holds the texts that cells point to, packed one behind the other in
// blocks, so that growing copies nothing.
type shared struct {
	blocks [][]byte
	ends   []uint32 // where each text ends
}

func (s *shared) size() int {
	if n := len(s.blocks); n > 0 {
		return (n-1)*blockBytes + len(s.blocks[n-1])
	}
	return 0
}

// put adds to the text that is being read.
func (s *shared) put(text []byte) error {
	if s.size()+len(text) > maxSharedText {
		return ErrTooLarge
	}
	for len(text) > 0 {
		n := len(s.blocks)
		if n == 0 || len(s.blocks[n-1]) == blockBytes {
			s.blocks = append(s.blocks, make([]byte, 0, blockBytes))
			n++
		}
		last := &s.blocks[n-1]
		room := min(len(text), blockBytes-len(*last))
		*last = append(*last, text[:room]...)
		text = text[room:]
	}
	return nil
}

func (s *shared) end() error {
	if len(s.ends) == maxSharedCount {
		return ErrTooLarge
	}
	s.ends = append(s.ends, uint32(s.size())) //nolint:gosec // at most maxSharedText
	return nil
}

// add appends text i to dst; false when there is none such.
func (s *shared) add(dst []byte, i int) ([]byte, bool) {
	if i < 0 || i >= len(s.ends) {
		return dst, false
	}
	from, to := 0, int(s.ends[i])
	if i > 0 {
		from = int(s.ends[i-1])
	}
	for from < to {
		block := s.blocks[from/blockBytes]
		at := from % blockBytes
		n := min(len(block)-at, to-from)
		dst = append(dst, block[at:at+n]...)
		from += n
	}
	return dst, true
}

// load reads the part of the shared texts; a book without one has none.
func (s *shared) load(a *archive, part string) error {
	if part == "" || !a.has(part) {
		return nil
	}
	t, err := a.tokens(part, sharedBytes)
	if err != nil {
		return err
	}
	for {
		token, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read shared texts: %w", err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			if err := s.item(t); err != nil {
				return fmt.Errorf("read shared texts: %w", err)
			}
		}
	}
}

func (s *shared) item(t *tokens) error {
	text, err := t.text(nil, "si")
	if err != nil {
		return err
	}
	return errors.Join(s.put(unescape(text)), s.end())
}

// text appends the texts inside the element that has just begun, cut one byte
// behind MaxText: <t> counts, in runs too, but not how it is pronounced.
func (t *tokens) text(dst []byte, until string) ([]byte, error) {
	from, counts, spoken := len(dst), false, 0
	for {
		token, err := t.next()
		if err != nil {
			return dst, noEnd(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "rPh" {
				spoken++
			}
			counts = e.Name.Local == "t" && spoken == 0
		case xml.CharData:
			if counts {
				dst = append(dst, e[:min(len(e), MaxText+1-(len(dst)-from))]...)
			}
		case xml.EndElement:
			if e.Name.Local == until {
				return dst, nil
			}
			if e.Name.Local == "rPh" {
				spoken--
			}
			counts = false
		}
	}
}

// noEnd says that an element without its end is damage.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("an element without end: %w", ErrBroken)
	}
	return err
}
