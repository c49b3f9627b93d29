package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the import path of the root folder, root the way there from here.
const (
	module = "tilgang/"
	root   = "../.."
)

// sourceFile is one Go file of the module that is not a test.
type sourceFile struct {
	Path    string // below the root, with slashes
	Package string // its folder: internal/invite
	Name    string // invite.go
	Imports []string
	AST     *ast.File
}

// Inside gives the imports of the module itself, without its name.
func (f sourceFile) Inside() (list []string) {
	for _, path := range f.Imports {
		if inside, ours := strings.CutPrefix(path, module); ours {
			list = append(list, inside)
		}
	}
	return list
}

// source is every Go file of the module that is not a test.
func source(t *testing.T) []sourceFile {
	t.Helper()
	files, err := readSource()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 100 {
		t.Fatalf("only %d Go files found: the walk is broken, and every check over it would pass", len(files))
	}
	return files
}

var readSource = sync.OnceValues(func() (list []sourceFile, err error) {
	set := token.NewFileSet()
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "var"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := readFile(set, name)
		list = append(list, file)
		return err
	})
	return list, err
})

func readFile(set *token.FileSet, name string) (sourceFile, error) {
	parsed, err := parser.ParseFile(set, name, nil, parser.ParseComments)
	if err != nil {
		return sourceFile{}, err
	}
	below, err := filepath.Rel(root, name)
	if err != nil {
		return sourceFile{}, err
	}
	below = filepath.ToSlash(below)
	f := sourceFile{Path: below, Package: path.Dir(below), Name: path.Base(below), AST: parsed}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return f, err
		}
		f.Imports = append(f.Imports, imported)
	}
	return f, nil
}
