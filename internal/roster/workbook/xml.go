package workbook

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// tokenBytes is the longest tag, text or comment that is read: a cell of
// Excel's 32,767 characters, all escaped, has a quarter of it.
const tokenBytes = 1 << 20

// tokens takes XML apart. Names lose their prefix.
type tokens struct {
	dec *xml.Decoder
	src *meter
}

// element is the beginning of one; its texts live as long as the caller likes.
type element struct {
	name  string
	attrs []xml.Attr
}

// attr gives an attribute without a prefix, "" without it.
func (e element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// linked gives an attribute with a prefix, such as r:id.
func (e element) linked(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// meter bounds the bytes of one token: the decoder keeps it in memory whole.
type meter struct {
	r    *bufio.Reader
	left int
}

// ReadByte implements io.ByteReader, which the decoder prefers.
func (m *meter) ReadByte() (byte, error) {
	if m.left--; m.left < 0 {
		return 0, ErrTooLarge
	}
	return m.r.ReadByte() //nolint:wrapcheck // the contract of io.ByteReader
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	return m.r.Read(p[:min(len(p), 1)]) //nolint:wrapcheck // the contract of io.Reader
}

func (a *archive) tokens(part string, limit int64) (*tokens, error) {
	r, err := a.open(part, limit)
	if err != nil {
		return nil, err
	}
	src := &meter{r: bufio.NewReaderSize(r, 32<<10)}
	return &tokens{dec: xml.NewDecoder(src), src: src}, nil
}

// next gives the next token, io.EOF at the end. A document type, where entities
// could be declared, is not read: no program writes one.
func (t *tokens) next() (xml.Token, error) {
	t.src.left = tokenBytes
	token, err := t.dec.RawToken()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, fmt.Errorf("take XML apart: %w", err)
	}
	if _, declares := token.(xml.Directive); declares {
		return nil, fmt.Errorf("a document type: %w", ErrBroken)
	}
	return token, nil
}

// elements calls f for the beginning of each element.
func (t *tokens) elements(f func(element) error) error {
	for {
		token, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := f(element{name: start.Name.Local, attrs: start.Attr}); err != nil {
				return err
			}
		}
	}
}
