package sheet

import (
	"io"

	"tilgang/internal/fault"
)

// limited passes max bytes of r on and then fails with a fault, so that a file
// without end costs no more than one of the largest size.
type limited struct {
	r    io.Reader
	left int64
	max  int64
}

func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if int64(n) <= l.left {
		l.left -= int64(n)
		return n, err
	}
	n, l.left = int(l.left), 0
	return n, fault.New(fault.TooLarge, "sheet.file.too_large", "Max", sizeInWords(l.max))
}
