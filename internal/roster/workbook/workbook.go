package workbook

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// The reasons why a file is not read.
var (
	ErrBroken    = errors.New("workbook: damaged")
	ErrOther     = errors.New("workbook: an archive, but no workbook")
	ErrBinary    = errors.New("workbook: in the binary format")
	ErrEncrypted = errors.New("workbook: protected by a password")
	ErrTooLarge  = errors.New("workbook: too much inside")
	ErrMerged    = errors.New("workbook: too many merged cells")
)

// The limits. Excel's own are 1,048,576 rows and 32,767 characters a cell.
const (
	MaxText     = 64 << 10  // bytes of a cell; longer ones are cut one byte behind it
	MaxRow      = 256 << 10 // bytes of a row's texts together
	MaxColumns  = 512       // cells of a row that are looked at
	maxRows     = 1 << 20
	maxMerged   = 1000 // areas of merged cells in one sheet
	maxSheets   = 256
	sheetBytes  = 512 << 20 // inflated
	sharedBytes = 256 << 20 // inflated
	styleBytes  = 16 << 20  // inflated
	indexBytes  = 4 << 20   // of the lists of sheets and relations, inflated
)

// Sheet is one table of a book.
type Sheet struct {
	Name   string
	Hidden bool
	part   string
}

// Book is an open workbook. It is for one goroutine.
type Book struct {
	Sheets   []Sheet
	files    *archive
	from1904 bool
	formats  []format
	shared   shared
}

// Open reads what all sheets share. r is read until the last sheet has been.
// Its errors are those above, or wrap one of r.
func Open(r io.ReaderAt, size int64) (*Book, error) {
	files, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	b := &Book{files: files}
	if err := b.read(); err != nil {
		return nil, files.blame(err)
	}
	return b, nil
}

func (b *Book) read() error {
	root, err := b.files.relations("")
	if err != nil {
		return err
	}
	main := root.first("officeDocument")
	switch {
	case main == "":
		return ErrOther
	case strings.HasSuffix(main, ".bin"):
		return ErrBinary
	}
	rels, err := b.files.relations(main)
	if err != nil {
		return err
	}
	if err := b.index(main, rels); err != nil {
		return err
	}
	if b.formats, err = b.files.styles(rels.first("styles")); err != nil {
		return err
	}
	return b.shared.load(b.files, rels.first("sharedStrings"))
}

// index lists the sheets in the order of their tabs.
func (b *Book) index(part string, rels relations) error {
	t, err := b.files.tokens(part, indexBytes)
	if err != nil {
		return err
	}
	root := ""
	err = t.elements(func(e element) error {
		switch {
		case root == "":
			if root = e.name; root != "workbook" {
				return ErrOther
			}
		case e.name == "workbookPr":
			b.from1904 = isTrue(e.attr("date1904"))
		case e.name == "sheet" && len(b.Sheets) == maxSheets:
			return ErrTooLarge
		case e.name == "sheet":
			if part := rels.sheet(e.linked("id")); part != "" {
				b.Sheets = append(b.Sheets, Sheet{Name: e.attr("name"), Hidden: strings.Contains(strings.ToLower(e.attr("state")), "hidden"), part: part})
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list sheets: %w", err)
	}
	return nil
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }
