package sheet

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is how the bytes behind the splitter are to be read.
type charset int8

const (
	undecided charset = iota // nothing but ASCII seen so far
	inUTF8
	inCP1252
)

var (
	bomUTF8    = []byte("\xef\xbb\xbf")
	bomUTF16LE = []byte("\xff\xfe")
	bomUTF16BE = []byte("\xfe\xff")
)

// toASCIISuperset gives the stream in an encoding in which separators, quotes
// and line breaks are single bytes: UTF-16 becomes UTF-8, the rest stays.
func toASCIISuperset(head []byte, r io.Reader) (io.Reader, charset) {
	switch {
	case bytes.HasPrefix(head, bomUTF8):
		return io.MultiReader(bytes.NewReader(head[len(bomUTF8):]), r), inUTF8
	case bytes.HasPrefix(head, bomUTF16LE), wide(head, 1):
		return fromUTF16(head, r, unicode.LittleEndian), inUTF8
	case bytes.HasPrefix(head, bomUTF16BE), wide(head, 0):
		return fromUTF16(head, r, unicode.BigEndian), inUTF8
	}
	return io.MultiReader(bytes.NewReader(head), r), guess(head, len(head) == headBytes)
}

func fromUTF16(head []byte, r io.Reader, order unicode.Endianness) io.Reader {
	all := io.MultiReader(bytes.NewReader(head), r)
	return transform.NewReader(all, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
}

// wide says whether head is UTF-16 without a mark: in Latin text the high byte
// of nearly every unit is zero, and the low byte hardly ever.
func wide(head []byte, high int) bool {
	units := len(head) / 2
	if units < 2 {
		return false
	}
	zero, wrong := 0, 0
	for i := 0; i < 2*units; i += 2 {
		if head[i+high] == 0 {
			zero++
		}
		if head[i+1-high] == 0 {
			wrong++
		}
	}
	return zero*10 >= units*7 && wrong*50 <= units
}

// guess tells UTF-8 from Windows-1252 by which explains more of the bytes: a
// letter pair that is UTF-8 by accident is rare, so a single spoilt row does
// not turn a UTF-8 file over. cut says that b may end inside a letter.
func guess(b []byte, cut bool) charset {
	valid, invalid := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			if !cut || utf8.FullRune(b) {
				invalid++
			}
		case size > 1:
			valid++
		}
		b = b[size:]
	}
	switch {
	case invalid > valid:
		return inCP1252
	case valid > 0:
		return inUTF8
	}
	return undecided
}

// toUTF8 appends raw to dst as UTF-8. Bytes that are no UTF-8 become U+FFFD.
func toUTF8(dst, raw []byte, set charset) []byte {
	if set != inCP1252 {
		return append(dst, bytes.ToValidUTF8(raw, []byte("\ufffd"))...)
	}
	for _, c := range raw {
		dst = utf8.AppendRune(dst, charmap.Windows1252.DecodeByte(c))
	}
	return dst
}
