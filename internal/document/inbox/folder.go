package inbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"tilgang/internal/document/parcel"
)

// Folder is a Place on this machine, or on a disk that all processes share. It
// is opened anew each time: a disk may come and go.
type Folder struct {
	Dir string
	Now func() time.Time
}

// settled is how long a list must have lain untouched (ours): a disk shows a file
// while it is being written, a bucket does not.
const settled = 30 * time.Second

func (f Folder) in(do func(root *os.Root) error) error {
	root, err := os.OpenRoot(f.Dir)
	if err != nil {
		return fmt.Errorf("open the inbox: %w", err)
	}
	return errors.Join(do(root), root.Close())
}

// Ready implements Place.
func (f Folder) Ready(context.Context) (ready []string, err error) {
	err = f.in(func(root *os.Root) error {
		top, err := root.Open(".")
		if err != nil {
			return fmt.Errorf("list the inbox: %w", err)
		}
		entries, err := top.ReadDir(-1)
		if err := errors.Join(err, top.Close()); err != nil {
			return fmt.Errorf("list the inbox: %w", err)
		}
		for _, e := range entries {
			if e.IsDir() && proper(e.Name()) && f.complete(root, e.Name()) && len(ready) < most {
				ready = append(ready, e.Name())
			}
		}
		return nil
	})
	return ready, err
}

// Complete implements Place.
func (f Folder) Complete(_ context.Context, name string) (whole bool, err error) {
	err = f.in(func(root *os.Root) error { whole = f.complete(root, name); return nil })
	return whole, err
}

// complete tells whether the list is there, whole; what it is, is for the parcel.
func (f Folder) complete(root *os.Root, name string) bool {
	info, err := root.Lstat(path.Join(name, parcel.Manifest))
	return err == nil && f.Now().Sub(info.ModTime()) >= settled
}

// Open implements Place.
func (f Folder) Open(_ context.Context, name string) (src parcel.Source, err error) {
	err = f.in(func(root *os.Root) error {
		info, err := root.Lstat(name)
		if err != nil || !info.IsDir() {
			return errors.Join(fs.ErrNotExist, err)
		}
		src, err = parcel.OpenFolder(filepath.Join(f.Dir, name))
		return err //nolint:wrapcheck // says what it is about
	})
	return src, err
}

// Move implements Place: in one step.
func (f Folder) Move(_ context.Context, name, to string, _ func() error) error {
	return f.in(func(root *os.Root) error {
		if err := root.MkdirAll(path.Dir(to), 0o750); err != nil {
			return fmt.Errorf("make %s: %w", path.Dir(to), err)
		}
		err := root.Rename(name, to)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // moved before
		}
		if err != nil {
			return fmt.Errorf("move a delivery: %w", err)
		}
		return nil
	})
}

// Tell implements Place.
func (f Folder) Tell(_ context.Context, name string, body []byte) error {
	return f.in(func(root *os.Root) error {
		if err := root.MkdirAll(path.Dir(name), 0o750); err != nil {
			return fmt.Errorf("make %s: %w", path.Dir(name), err)
		}
		if err := root.WriteFile(name, body, 0o640); err != nil {
			return fmt.Errorf("write a report: %w", err)
		}
		return nil
	})
}
