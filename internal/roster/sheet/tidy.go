package sheet

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// marks is what tidying found in one cell.
type marks struct {
	control rune // the first one found
	spoilt  bool // there is a control character
	lost    bool // bytes that are no text
	broken  bool // a line break
	garbled bool // UTF-8 that was once read as Windows-1252
}

// tidier turns raw cells into clean text: UTF-8, NFC, one blank between words,
// none around them. Its buffers are used again for every cell.
type tidier struct {
	set     charset
	decoded []byte
	mapped  []byte
}

// add appends raw, cleaned, to dst.
func (t *tidier) add(dst, raw []byte) ([]byte, marks) {
	if clean(raw) {
		return append(dst, raw...), marks{}
	}
	t.decoded = t.decode(t.decoded[:0], raw)
	m := t.collapse()
	text := t.mapped
	if len(text) > 0 && text[0] == '\'' {
		text = []byte(unguarded(string(text)))
	}
	return norm.NFC.Append(dst, text...), m
}

// decode appends raw as UTF-8. It settles the encoding of a file whose first
// 64 KiB were plain ASCII at the first cell that is not.
func (t *tidier) decode(dst, raw []byte) []byte {
	if t.set == undecided {
		t.set = guess(raw, false)
	}
	return toUTF8(dst, raw, t.set)
}

// clean is true for a cell that tidying would not change: the usual one.
func clean(raw []byte) bool {
	n := len(raw)
	if n == 0 {
		return true
	}
	if raw[0] == ' ' || raw[n-1] == ' ' || raw[0] == '\'' {
		return false
	}
	before := byte(0)
	for _, c := range raw {
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return true
}

// collapse maps t.decoded into t.mapped rune by rune.
func (t *tidier) collapse() marks {
	var m marks
	out, before := t.mapped[:0], rune(0)
	for i := 0; i < len(t.decoded); {
		r, size := utf8.DecodeRune(t.decoded[i:])
		i += size
		m.garbled = m.garbled || doubled(before, r)
		before = r
		switch k := kindOf(r); k {
		case runeText:
			out = utf8.AppendRune(out, r)
		case runeSpace, runeBreak:
			m.broken = m.broken || k == runeBreak
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		default:
			m.note(k, r)
		}
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	t.mapped = out
	return m
}

func (m *marks) note(k runeKind, r rune) {
	switch {
	case k == runeLost:
		m.lost = true
	case k == runeControl && !m.spoilt:
		m.spoilt, m.control = true, r
	}
}

// doubled recognises the two Windows-1252 letters that a UTF-8 letter of our
// languages becomes when it is decoded wrongly: "Ã¥" for "å".
func doubled(a, b rune) bool {
	if a < 'Â' || a > 'Å' {
		return false
	}
	c, ok := charmap.Windows1252.EncodeRune(b)
	return ok && c >= 0x80 && c <= 0xbf
}

// text is add for a single cell, without the marks.
func (t *tidier) text(raw []byte) string {
	s, _ := t.add(nil, raw)
	return string(s)
}
