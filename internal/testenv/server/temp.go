package server

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// inMemory is where Linux keeps files in memory, and roomy how many bytes must be
// free there and in memory: the suite fills about one gigabyte.
const (
	inMemory = "/dev/shm"
	roomy    = 4 << 30

	prefix  = "tilgang-test-"
	longest = 6 * time.Hour // more than a suite takes
)

// Temp makes a folder for what lives as long as the suite, in memory where there
// is room: a thousand databases come and go, and a third of a story's time was
// that of the disk. TMPDIR, when it is set, says where instead. The caller
// removes it.
func Temp() (string, error) {
	parent := ""
	if os.Getenv("TMPDIR") == "" {
		sweep(inMemory, time.Now().Add(-longest))
		if memoryFor(inMemory) >= roomy {
			parent = inMemory
		}
	}
	return makeTemp(parent)
}

// sweep removes what a suite left that was killed: memory is not given back by
// itself.
func sweep(parent string, before time.Time) {
	left, _ := filepath.Glob(filepath.Join(parent, prefix+"*"))
	for _, folder := range left {
		if info, err := os.Lstat(folder); err == nil && info.ModTime().Before(before) {
			_ = os.RemoveAll(folder)
		}
	}
}

// OnDisk is Temp for figures: as an installation, they have a disk.
func OnDisk() (string, error) { return makeTemp("") }

// makeTemp lets Postgres' own account pass through; the folders inside are closed.
func makeTemp(parent string) (string, error) {
	folder, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return "", fmt.Errorf("temporary folder: %w", err)
	}
	if err := os.Chmod(folder, 0o711); err != nil { //nolint:gosec // see above
		return "", fmt.Errorf("temporary folder: %w", err)
	}
	return folder, nil
}
