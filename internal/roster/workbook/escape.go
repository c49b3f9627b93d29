package workbook

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// unescape puts characters back that spreadsheets write as _x000D_ because XML
// cannot hold them (ECMA-376 part 1, 22.4.2.4), in place.
func unescape(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	out := text[:0]
	for len(text) > 0 {
		r, ok := escaped(text)
		if !ok {
			out, text = append(out, text[0]), text[1:]
			continue
		}
		text = text[7:]
		out = utf8.AppendRune(out, r) // at most three bytes for seven
	}
	return out
}

func escaped(text []byte) (rune, bool) {
	if len(text) < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
