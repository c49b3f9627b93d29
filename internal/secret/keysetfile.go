package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const private fs.FileMode = 0o600

// LoadKeyset reads a keyset file and refuses one that group or world may touch.
func LoadKeyset(path string) (*Keyset, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("open keyset file: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("inspect keyset file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s may be read or written by others (mode %04o); run chmod 600 on it",
			ErrKeyset, path, info.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(file, largestKeyset+1))
	if err != nil {
		return nil, fmt.Errorf("read keyset file: %w", err)
	}
	return ParseKeyset(data)
}

// LoadOrCreateKeyset reads the keyset file or, where there is none, makes one with mode 0600.
// Two processes that start together end with the same keys.
func LoadOrCreateKeyset(path string) (*Keyset, error) {
	keys, err := LoadKeyset(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	if keys, err = NewKeyset(); err != nil {
		return nil, err
	}
	if err = keys.write(path, os.Link); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return LoadKeyset(path)
}

// Save puts the keyset at path with mode 0600, whole or not at all, replacing what is there.
func (k *Keyset) Save(path string) error { return k.write(path, os.Rename) }

// write fills a private file beside path and lets place put it there: Link refuses to
// replace, Rename replaces.
func (k *Keyset) write(path string, place func(from, to string) error) error {
	data, err := k.Encode()
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".keyset-*")
	if err != nil {
		return fmt.Errorf("write keyset file: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if err := fillFile(file, data); err != nil {
		return fmt.Errorf("write keyset file: %w", err)
	}
	if err := place(file.Name(), path); err != nil {
		return fmt.Errorf("place keyset file: %w", err)
	}
	return nil
}

func fillFile(file *os.File, data []byte) error {
	_, err := file.Write(data)
	return errors.Join(err, file.Chmod(private), file.Sync(), file.Close())
}
