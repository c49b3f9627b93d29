package parcel

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"tilgang/internal/fault"
)

// Manifest is the list's name, at the top of the parcel.
const Manifest = "manifest.csv"

// The bounds of an archive's directory (ours): some 80 bytes an entry.
const (
	maxEntries     = 200_000
	directoryBytes = 32 << 20
)

// Source is a folder or an archive. File may be called by several at once.
type Source interface {
	// File opens a document or the list; a *Flaw says why a name gives none.
	File(name string) (io.ReadCloser, error)
	Close() error
}

// Flaw says why a name of a parcel gives no document; Code is a catalogue key.
type Flaw struct{ Code string }

// Error implements error.
func (f *Flaw) Error() string { return "parcel: " + f.Code }

func flaw(code string) error { return &Flaw{"document.file." + code} }

// badName is why a name cannot be one of a parcel's, or empty.
func badName(name string) string {
	switch {
	case name == "":
		return "document.file.missing"
	case len(name) > 300 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "document.file.name"
	case !fs.ValidPath(name) || name == "." || strings.Contains(name, `\`) || strings.Contains(name, ":"):
		return "document.file.climbs"
	case Fold(path.Base(name)) == Manifest:
		return "document.file.name"
	}
	return ""
}

type folder struct{ root *os.Root }

// OpenFolder opens a folder as a parcel.
func OpenFolder(dir string) (Source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	return &folder{root}, nil
}

// Close implements Source.
func (f *folder) Close() error { return f.root.Close() }

// File implements Source. A link is followed nowhere, not even inside.
func (f *folder) File(name string) (io.ReadCloser, error) {
	parts := strings.Split(name, "/")
	for i := range parts {
		info, err := f.root.Lstat(strings.Join(parts[:i+1], "/"))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, flaw("missing")
		case err != nil:
			return nil, flaw("unreadable")
		case info.Mode()&fs.ModeSymlink != 0:
			return nil, flaw("link")
		case i == len(parts)-1 && !info.Mode().IsRegular():
			return nil, flaw("folder")
		}
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, flaw("unreadable")
	}
	return file, nil
}

type archive struct {
	files  map[string]*zip.File // nil: the name is there twice
	disk   *disk
	closer io.Closer
}

// OpenArchive opens a ZIP archive as a parcel; faults are Invalid.
func OpenArchive(r io.ReaderAt, size int64, closer io.Closer) (Source, error) {
	d := &disk{r: r, left: directoryBytes}
	z, err := zip.NewReader(d, size)
	if d.failure != nil {
		return nil, d.failure
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "document.parcel.archive").Because(err)
	}
	d.left = -1
	if len(z.File) > maxEntries {
		return nil, fault.New(fault.Invalid, "document.parcel.entries", "Max", maxEntries)
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	a := &archive{files: make(map[string]*zip.File, len(z.File)), disk: d, closer: closer}
	for _, f := range z.File {
		if _, twice := a.files[f.Name]; twice {
			a.files[f.Name] = nil
			continue
		}
		a.files[f.Name] = f
	}
	return a, nil
}

// Close implements Source.
func (a *archive) Close() error { return a.closer.Close() }

// File implements Source.
func (a *archive) File(name string) (io.ReadCloser, error) {
	f, there := a.files[name]
	switch {
	case !there:
		return nil, flaw("missing")
	case f == nil:
		return nil, flaw("twice")
	case f.Flags&1 != 0:
		return nil, flaw("locked")
	case f.Mode()&fs.ModeSymlink != 0:
		return nil, flaw("link")
	case !f.Mode().IsRegular():
		return nil, flaw("folder")
	}
	src, err := f.Open()
	if err != nil {
		return nil, a.blame(err)
	}
	return src, nil
}

func (a *archive) blame(err error) error {
	if failure := a.disk.failure; failure != nil {
		return failure
	}
	return errors.Join(flaw("unreadable"), err)
}

// disk passes reads on, bounds those of the directory, and remembers trouble
// below, which is no fault of the archive.
type disk struct {
	r       io.ReaderAt
	left    int // bytes that may still be read; negative: any number
	failure error
}

// ReadAt implements io.ReaderAt. What is remembered is written while the
// archive is opened, by one goroutine; later trouble goes up with the read.
func (d *disk) ReadAt(p []byte, off int64) (int, error) {
	if d.left >= 0 {
		if len(p) > d.left {
			return 0, fault.New(fault.Invalid, "document.parcel.entries", "Max", maxEntries)
		}
		d.left -= len(p)
	}
	n, err := d.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) && d.left >= 0 {
		d.failure = err
	}
	return n, err //nolint:wrapcheck // the contract of io.ReaderAt
}

// Content reads a document whole and finds its type by its bytes. A *Flaw says
// what is wrong with it; other errors are the source's.
func Content(src Source, name string) (body []byte, media string, err error) {
	in, err := src.File(name)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	body, err = io.ReadAll(io.LimitReader(in, MaxFile+1))
	switch {
	case err != nil && corrupt(err):
		return nil, "", errors.Join(flaw("unreadable"), err)
	case err != nil:
		return nil, "", fmt.Errorf("read %d bytes: %w", len(body), err)
	case len(body) > MaxFile:
		return nil, "", flaw("large")
	case len(body) == 0:
		return nil, "", flaw("empty")
	}
	media, err = sniff(body)
	return body, media, err
}

// corrupt tells an archive's broken entry from a disk that failed.
func corrupt(err error) bool {
	var bad flate.CorruptInputError
	return errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &bad)
}

// sniff is a document's type, by its own bytes; the name is not asked. A PDF is
// whole: it begins and ends as one.
func sniff(body []byte) (string, error) {
	switch {
	case bytes.HasPrefix(body, []byte("%PDF-")):
		if !bytes.Contains(body[max(0, len(body)-2048):], []byte("%%EOF")) {
			return "", flaw("cut")
		}
		return "application/pdf", nil
	case bytes.HasPrefix(body, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png", nil
	case bytes.HasPrefix(body, []byte("\xff\xd8\xff")):
		return "image/jpeg", nil
	}
	return "", flaw("type")
}
