package dbtest

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
)

// wal is SQLite's write-ahead log, read for the numbers of the pages that are in
// it (https://sqlite.org/fileformat2.html#the_write_ahead_log).
type wal struct {
	file  string
	salts uint64 // of the log that was read; each that begins anew has others
	read  int64  // how far, to the end of a transaction
}

// The sizes of the log's own head and of that of each page in it, in bytes.
const (
	logHead  = 32
	pageHead = 24
)

// written are the pages that were written since it was last asked; nil when it
// cannot tell, because the log has begun anew. Nobody may be writing.
func (l *wal) written() (map[int]bool, error) {
	f, err := os.Open(l.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nil is the answer
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var head [logHead]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return nil, ignoreEnd(err)
	}
	salts, step := binary.BigEndian.Uint64(head[16:]), int64(binary.BigEndian.Uint32(head[8:]))+pageHead
	known := salts == l.salts
	if !known {
		l.salts, l.read = salts, logHead
	}
	pages, err := l.follow(f, step)
	if !known {
		pages = nil
	}
	return pages, err
}

// follow reads the heads of pages up to the end of the last whole transaction.
func (l *wal) follow(f io.ReaderAt, step int64) (map[int]bool, error) {
	pages := map[int]bool{}
	for at := l.read; ; at += step {
		var head [pageHead]byte
		if _, err := f.ReadAt(head[:], at); err != nil {
			return pages, ignoreEnd(err)
		}
		if binary.BigEndian.Uint64(head[8:]) != l.salts {
			return pages, nil // of a log before this one
		}
		pages[int(binary.BigEndian.Uint32(head[:]))] = true
		if binary.BigEndian.Uint32(head[4:]) != 0 {
			l.read = at + step
		}
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
