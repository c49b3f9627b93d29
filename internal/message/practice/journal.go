package practice

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	currentFile = "mailbox.jsonl"
	olderFile   = "mailbox.1.jsonl"
)

// journal is the file of lines behind a mailbox.
type journal struct {
	dir   string
	limit int64
	file  *os.File
	size  int64
}

func openJournal(dir string, limit int64) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	j := &journal{dir: dir, limit: limit}
	if err := j.open(); err != nil {
		return nil, err
	}
	if err := j.endTornLine(); err != nil {
		_ = j.file.Close()
		return nil, err
	}
	return j, nil
}

func (j *journal) path(name string) string { return filepath.Join(j.dir, name) }

// open continues the current file. Its mode is set again, as it may have come
// out of a copy that widened it.
func (j *journal) open() error {
	file, err := os.OpenFile(j.path(currentFile), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		err = file.Chmod(0o600)
	}
	if err != nil {
		_ = file.Close()
		return err
	}
	j.file, j.size = file, info.Size()
	return nil
}

// endTornLine closes a line that a crash left open, so that the next entry does
// not become part of it.
func (j *journal) endTornLine() error {
	if j.size == 0 {
		return nil
	}
	last := make([]byte, 1)
	if _, err := j.file.ReadAt(last, j.size-1); err != nil {
		return err
	}
	if last[0] == '\n' {
		return nil
	}
	return j.write([]byte("\n"))
}

// append adds one line, in a new file when this one is full.
func (j *journal) append(line []byte) error {
	if j.size > 0 && j.size+int64(len(line)) >= j.limit {
		if err := j.rotate(); err != nil {
			return err
		}
	}
	return j.write(append(line, '\n'))
}

// write adds to the file, and takes back what a failed write (a full disk) left
// of it.
func (j *journal) write(data []byte) error {
	n, err := j.file.Write(data)
	if err != nil {
		return errors.Join(err, j.file.Truncate(j.size))
	}
	j.size += int64(n)
	return nil
}

func (j *journal) rotate() error {
	full := j.file
	err := os.Rename(j.path(currentFile), j.path(olderFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // gone: an earlier try ended half way
		return err
	}
	if err := j.open(); err != nil {
		return err
	}
	return full.Close()
}

// replay gives every line, oldest first, that both files hold.
func (j *journal) replay(each func(line []byte)) error {
	for _, name := range []string{olderFile, currentFile} {
		if err := readLines(j.path(name), each); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func readLines(path string, each func(line []byte)) error {
	file, err := os.Open(path) //nolint:gosec // the program's own data folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 64<<10)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil // what follows the last line end is torn
		}
		if err != nil {
			return err
		}
		each(bytes.TrimSpace(line))
	}
}

func (j *journal) close() error { return j.file.Close() }
