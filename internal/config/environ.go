package config

import (
	"io"
	"os"
	"slices"
	"strings"
)

const (
	prefix      = "TILGANG_"
	fileSuffix  = "_FILE"
	largestFile = 64 << 10 // bytes
)

// collect takes our variables out of the environment, reads the files, and reports names that
// nobody knows and secrets that are given twice.
func (r *reader) collect(environ []string) map[string]string {
	given := ours(environ)
	values := map[string]string{}
	for _, v := range variables() {
		if value, ok := given[v.name]; ok {
			values[v.name] = value
			delete(given, v.name)
		}
		if path, ok := given[v.name+fileSuffix]; ok && v.secret {
			if _, both := values[v.name]; both {
				r.problem("%s and %s are both set: remove one of them.", v.name, v.name+fileSuffix)
			}
			if content := r.file(v.name+fileSuffix, path); content != "" {
				values[v.name] = content
			}
			delete(given, v.name+fileSuffix)
		}
	}
	if values["TILGANG_KEYSET"] != "" && values["TILGANG_KEYSET_FILE"] != "" {
		r.problem("TILGANG_KEYSET and TILGANG_KEYSET_FILE are both set: remove one of them.")
	}
	r.unknown(given)
	return values
}

func ours(environ []string) map[string]string {
	given := map[string]string{}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if strings.HasPrefix(strings.ToUpper(name), prefix) && value != "" {
			given[name] = value
		}
	}
	return given
}

// unknown never shows a value: it may be a secret under a misspelt name.
func (r *reader) unknown(left map[string]string) {
	names := make([]string, 0, len(left))
	for name := range left {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		r.problem("%s is not a setting: use %s if you mean that, else remove it.", name, nearest(name, known()))
	}
}

func known() []string {
	var names []string
	for _, v := range variables() {
		names = append(names, v.name)
		if v.secret {
			names = append(names, v.name+fileSuffix)
		}
	}
	return names
}

// file is a secret from a file, without the line end that editors add.
func (r *reader) file(name, path string) string {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		r.problem("%s names %s, which cannot be opened: check that it exists and that this user may read it.", name, path)
		return ""
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	switch {
	case err != nil:
		r.problem("%s names %s, which cannot be read: name a file, not a folder.", name, path)
	case len(data) > largestFile:
		r.problem("%s names %s, which is larger than 64 KiB: name the file that holds only the secret.", name, path)
	case strings.TrimSpace(string(data)) == "":
		r.problem("%s names %s, which is empty: put the value into it.", name, path)
	}
	return strings.TrimSpace(string(data))
}
