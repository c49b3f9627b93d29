package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/google/uuid"
)

// Folder is a Store in a folder of this machine, or of a disk that all share.
type Folder struct {
	root    *os.Root
	durable bool
}

// OpenFolder makes the folder, readable to this user alone, and opens it. With
// durable, an object is on the disk when Put returns.
func OpenFolder(dir string, durable bool) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of documents: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of documents: %w", err)
	}
	return &Folder{root: root, durable: durable}, nil
}

// Close implements io.Closer.
func (f *Folder) Close() error { return f.root.Close() }

// Put implements Store: the object is written beside its place and moved there.
func (f *Folder) Put(_ context.Context, name string, body []byte) error {
	if err := f.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	part := name + "." + uuid.NewString() + ".part"
	if err := f.write(part, body); err != nil {
		_ = f.root.Remove(part)
		return err
	}
	if err := f.root.Rename(part, name); err != nil {
		_ = f.root.Remove(part)
		return fmt.Errorf("name file: %w", err)
	}
	return f.settle(path.Dir(name))
}

func (f *Folder) write(name string, body []byte) (err error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(body); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	if f.durable {
		return file.Sync()
	}
	return nil
}

// settle makes a new name outlive a power cut.
func (f *Folder) settle(dir string) error {
	if !f.durable {
		return nil
	}
	d, err := f.root.Open(dir)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get implements Store.
func (f *Folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return file, nil
}

// Delete implements Store.
func (f *Folder) Delete(_ context.Context, name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove: %w", err)
	}
	return nil
}
