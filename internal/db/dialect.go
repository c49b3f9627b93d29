package db

import (
	"bytes"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"
)

// sqliteTypes maps the words of the common migrations that SQLite would take
// for something else: a column declared JSONB, UUID or BYTEA has numeric
// affinity there, and '007' would become 7.
var sqliteTypes = []string{"TIMESTAMPTZ", "DATETIME", "UUID", "TEXT", "BYTEA", "BLOB", ` COLLATE "C"`, ""}

// dialectFS shows the common migrations and one dialect's folder as one folder,
// with type names replaced.
type dialectFS struct {
	base   fs.FS
	folder string
	types  []string
}

// Open implements fs.FS.
func (d dialectFS) Open(name string) (fs.File, error) {
	if name == "." {
		return d.base.Open(".")
	}
	body, err := d.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return &textFile{name: path.Base(name), Reader: bytes.NewReader(body)}, nil
}

// ReadFile implements fs.ReadFileFS.
func (d dialectFS) ReadFile(name string) ([]byte, error) {
	body, err := fs.ReadFile(d.base, name)
	if err != nil {
		body, err = fs.ReadFile(d.base, path.Join(d.folder, name))
	}
	if err != nil || len(d.types) == 0 {
		return body, err
	}
	return []byte(strings.NewReplacer(d.types...).Replace(string(body))), nil
}

// Glob implements fs.GlobFS.
func (d dialectFS) Glob(pattern string) ([]string, error) {
	common, err := fs.Glob(d.base, pattern)
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(d.base, path.Join(d.folder, pattern))
	if err != nil {
		return nil, err
	}
	for _, name := range own {
		common = append(common, path.Base(name))
	}
	sort.Strings(common)
	return common, nil
}

type textFile struct {
	name string
	*bytes.Reader
}

// Stat implements fs.File; the file is its own info.
func (f *textFile) Stat() (fs.FileInfo, error) { return f, nil }

// Close implements fs.File.
func (*textFile) Close() error { return nil }

// Name is the file's name.
func (f *textFile) Name() string { return f.name }

// Mode is that of a file to read.
func (*textFile) Mode() fs.FileMode { return 0o444 }

// ModTime is unknown.
func (*textFile) ModTime() time.Time { return time.Time{} }

// IsDir is false.
func (*textFile) IsDir() bool { return false }

// Sys is nothing.
func (*textFile) Sys() any { return nil }
