package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"tilgang/internal/fault"
)

// headBytes is how much of the file is looked at before anything is decided.
const headBytes = 64 << 10

// readHead reads the first bytes of the file and refuses by name what is neither
// a table in plain text nor could be a workbook. whole is the file as it came.
func readHead(r, whole io.Reader) ([]byte, error) {
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read staff file: %w", err)
	}
	head = head[:n]
	if len(bytes.Trim(withoutMark(head), "\x00 \t\r\n")) == 0 && n < headBytes {
		return nil, fault.New(fault.Invalid, "sheet.file.empty")
	}
	if isCompound(head) {
		return nil, fault.New(fault.Invalid, compoundKind(head, whole))
	}
	if code := looksLike(head); code != "" {
		return nil, fault.New(fault.Invalid, code)
	}
	return head, nil
}

func withoutMark(head []byte) []byte {
	for _, mark := range [...][]byte{bomUTF8, bomUTF16LE, bomUTF16BE} {
		if rest, ok := bytes.CutPrefix(head, mark); ok {
			return rest
		}
	}
	return head
}

// isArchive is true for a ZIP, which a workbook is.
func isArchive(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// signatures are the first bytes of the formats people take for a table.
var signatures = [...]struct{ magic, code string }{
	{"%PDF-", "sheet.file.pdf"},
	{"\x1f\x8b", "sheet.file.zip"},
	{"7z\xbc\xaf", "sheet.file.zip"},
	{"Rar!", "sheet.file.zip"},
	{"\x89PNG", "sheet.file.image"},
	{"\xff\xd8\xff", "sheet.file.image"},
	{"GIF8", "sheet.file.image"},
	{"{\\rtf", "sheet.file.binary"},
	{"\xff\xfe\x00\x00", "sheet.file.encoding"},
	{"\x00\x00\xfe\xff", "sheet.file.encoding"},
}

// looksLike names what head is when it is neither plain text nor perhaps a
// workbook, else "".
func looksLike(head []byte) string {
	if isArchive(head) {
		if bytes.Contains(head, []byte("opendocument.spreadsheet")) {
			return "sheet.file.ods"
		}
		return ""
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return s.code
		}
	}
	if code := markup(head); code != "" {
		return code
	}
	if !wide(head, 0) && !wide(head, 1) && noise(head) {
		return "sheet.file.binary"
	}
	return ""
}

func markup(head []byte) string {
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head[:min(len(head), 512)], bomUTF8), " \t\r\n"))
	for _, s := range [...]struct{ magic, code string }{
		{"<?xml", "sheet.file.xml"}, {"<", "sheet.file.html"}, {"{", "sheet.file.json"}, {"[{", "sheet.file.json"},
	} {
		if bytes.HasPrefix(start, []byte(s.magic)) {
			return s.code
		}
	}
	return ""
}

// noise is true when a tenth of the bytes are control characters, which text
// never has and a poison cell rarely reaches.
func noise(head []byte) bool {
	if bytes.HasPrefix(head, bomUTF16LE) || bytes.HasPrefix(head, bomUTF16BE) {
		return false
	}
	control := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			control++
		}
	}
	return control*10 > len(head)
}

// sizeInWords writes a limit the way a person does: "64 MB", "4 kB".
func sizeInWords(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return strconv.FormatInt(n>>20, 10) + " MB"
	case n >= 1<<10:
		return strconv.FormatInt(n>>10, 10) + " kB"
	}
	return strconv.FormatInt(n, 10) + " B"
}
