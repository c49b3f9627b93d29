package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"

	"github.com/google/uuid"
)

// Folder is a Store in a folder of this machine, or of a disk that all share.
type Folder struct {
	dir     string
	durable bool
	mu      sync.Mutex
	opened  *os.Root
}

// NewFolder is a folder that is made, readable to this user alone, when it is
// first needed: a program that handles no documents starts without it. With
// durable, an object is on the disk when Put returns.
func NewFolder(dir string, durable bool) *Folder { return &Folder{dir: dir, durable: durable} }

// Ready makes and opens the folder.
func (f *Folder) Ready(context.Context) error {
	_, err := f.root()
	return err
}

func (f *Folder) root() (*os.Root, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.opened != nil {
		return f.opened, nil
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of documents: %w", err)
	}
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of documents: %w", err)
	}
	f.opened = root
	return root, nil
}

// Close implements io.Closer.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.opened == nil {
		return nil
	}
	return f.opened.Close()
}

// Put implements Store: the object is written beside its place and moved there.
func (f *Folder) Put(_ context.Context, name string, body []byte) error {
	root, err := f.root()
	if err != nil {
		return err
	}
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	part := name + "." + uuid.NewString() + ".part"
	if err := f.write(root, part, body); err != nil {
		_ = root.Remove(part)
		return err
	}
	if err := root.Rename(part, name); err != nil {
		_ = root.Remove(part)
		return fmt.Errorf("name file: %w", err)
	}
	return f.settle(root, path.Dir(name))
}

func (f *Folder) write(root *os.Root, name string, body []byte) (err error) {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
func (f *Folder) settle(root *os.Root, dir string) error {
	if !f.durable {
		return nil
	}
	d, err := root.Open(dir)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get implements Store.
func (f *Folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	root, err := f.root()
	if err != nil {
		return nil, err
	}
	file, err := root.Open(name)
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
	root, err := f.root()
	if err != nil {
		return err
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove: %w", err)
	}
	return nil
}
