package workbook

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// The directory of a workbook has some dozens of entries of about 100 bytes;
// what is over these is made to exhaust whoever reads it.
const (
	directoryBytes = 1 << 20
	maxParts       = 5000
)

// A part may inflate to freeBytes whatever it is packed in, and beyond that to
// maxRatio times its packed size: rows that repeat pack about 1 to 50, DEFLATE
// at most 1 to 1032.
const (
	freeBytes = 16 << 20
	maxRatio  = 200
)

// archive is the ZIP archive around the parts, which are found by name in small
// letters.
type archive struct {
	disk  *disk
	size  int64
	parts map[string]*zip.File
}

// disk passes reads on, counts those of the directory and remembers what went
// wrong below, which is no fault of the file.
type disk struct {
	r       io.ReaderAt
	left    int // bytes that may still be read; negative: any number
	failure error
}

// ReadAt implements io.ReaderAt.
func (d *disk) ReadAt(p []byte, off int64) (int, error) {
	if d.left >= 0 {
		if len(p) > d.left {
			return 0, ErrTooLarge
		}
		d.left -= len(p)
	}
	n, err := d.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		d.failure = err
	}
	return n, err //nolint:wrapcheck // the contract of io.ReaderAt
}

func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	a := &archive{disk: &disk{r: r, left: directoryBytes}, size: size, parts: map[string]*zip.File{}}
	z, err := zip.NewReader(a.disk, size)
	if err != nil {
		return nil, a.blame(err)
	}
	a.disk.left = -1
	if len(z.File) > maxParts {
		return nil, ErrTooLarge
	}
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if _, twice := a.parts[name]; twice {
			return nil, fmt.Errorf("two parts of one name: %w", ErrBroken)
		}
		a.parts[name] = f
	}
	return a, nil
}

// blame tells what is wrong with the file from what is wrong below it.
func (a *archive) blame(err error) error {
	if a.disk.failure != nil {
		return fmt.Errorf("read workbook: %w", a.disk.failure)
	}
	for _, known := range [...]error{ErrOther, ErrBinary, ErrEncrypted, ErrTooLarge, ErrMerged, ErrBroken} {
		if errors.Is(err, known) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

// open gives a part's bytes, inflated, up to a limit.
func (a *archive) open(name string, limit int64) (io.Reader, error) {
	f, ok := a.parts[strings.ToLower(name)]
	switch {
	case !ok:
		return nil, fmt.Errorf("no part: %w", ErrBroken)
	case f.Flags&1 != 0:
		return nil, ErrEncrypted
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("open part: %w", err)
	}
	packed := min(f.CompressedSize64, uint64(a.size))                             //nolint:gosec // sizes are not negative
	return &budget{r: r, left: min(limit, freeBytes+maxRatio*int64(packed))}, nil //nolint:gosec // at most the file's size
}

func (a *archive) has(name string) bool { return a.parts[strings.ToLower(name)] != nil }

// budget passes left bytes on and fails then.
type budget struct {
	r    io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *budget) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if int64(n) > b.left {
		return 0, ErrTooLarge
	}
	b.left -= int64(n)
	if err != nil {
		_ = b.r.Close()
	}
	return n, err //nolint:wrapcheck // the contract of io.Reader
}

// beside resolves a target as written in the relations of a part.
func beside(part, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(path.Dir(part), target)
}
