package sheet

import (
	"bytes"
	"encoding/binary"
	"io"
)

// isCompound is true for the container of old Office files, in which new ones
// are put when they get a password ([MS-CFB] 2.2, [MS-OFFCRYPTO] 2.3.4.4).
func isCompound(head []byte) bool { return bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) }

// compoundKind tells a workbook with a password from one of an old Excel by the
// names in the container's directory.
func compoundKind(head []byte, whole io.Reader) string {
	locked := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	if bytes.Contains(head, locked) {
		return "sheet.file.encrypted"
	}
	if file, ok := whole.(random); ok && len(head) >= 52 {
		shift := min(binary.LittleEndian.Uint16(head[30:]), 12) // sectors of 512 or 4,096 bytes
		at := (int64(binary.LittleEndian.Uint32(head[48:])) + 1) << shift
		directory := make([]byte, 4096)
		n, _ := file.ReadAt(directory, at)
		if bytes.Contains(directory[:n], locked) {
			return "sheet.file.encrypted"
		}
	}
	return "sheet.file.xls"
}
