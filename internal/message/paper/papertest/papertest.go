// Package papertest reads the words of a letter that the package paper has set,
// for tests.
package papertest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

var (
	// What is packed may itself end with a carriage return.
	streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\nendstream`)
	shown   = regexp.MustCompile(`(?s)BT [-0-9. ]+ Td \((.*?)\) ?Tj ET`)
)

// Text is what the letter says, a piece a line, in the order in which it is read.
func Text(tb testing.TB, pdf []byte) string {
	tb.Helper()
	var text strings.Builder
	for _, found := range streams.FindAllSubmatch(pdf, -1) {
		in, err := zlib.NewReader(bytes.NewReader(found[1]))
		if err != nil {
			continue
		}
		page, err := io.ReadAll(in)
		if err != nil {
			tb.Fatalf("a part of the letter cannot be unpacked: %v", err)
		}
		for _, piece := range shown.FindAllSubmatch(page, -1) {
			text.WriteString(decode(piece[1]) + "\n")
		}
	}
	return text.String()
}

// decode reads UTF-16 behind the escapes of a PDF's text.
func decode(raw []byte) string {
	var plain []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) {
			i++
			if raw[i] == 'r' {
				raw[i] = '\r'
			}
		}
		plain = append(plain, raw[i])
	}
	units := make([]uint16, len(plain)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(plain[2*i:])
	}
	return string(utf16.Decode(units))
}
