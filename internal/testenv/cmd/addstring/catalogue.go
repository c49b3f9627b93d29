package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// catalogue is one language's file: keys to texts or plural forms.
type catalogue struct {
	path  string
	texts map[string]json.RawMessage
}

// open reads every catalogue of the folder.
func open(folder string) ([]catalogue, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	if len(paths) == 0 {
		return nil, errors.New("there is no catalogue in " + folder)
	}
	var all []catalogue
	for _, path := range paths {
		content, err := os.ReadFile(path) //nolint:gosec // the folder is the caller's own
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		c := catalogue{path: path}
		if err := json.Unmarshal(content, &c.texts); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// variable names the environment variable with this language's text.
func (c catalogue) variable() string {
	lang := strings.TrimSuffix(filepath.Base(c.path), ".json")
	return "TEXT_" + strings.ToUpper(strings.ReplaceAll(lang, "-", "_"))
}

func (c catalogue) put(key, text string) error {
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%s has no text: set %s", c.path, strings.TrimPrefix(c.variable(), "TEXT_"))
	}
	if _, there := c.texts[key]; there {
		return fmt.Errorf("%s already has %s", c.path, key)
	}
	var forms map[string]string
	if json.Unmarshal([]byte(text), &forms) == nil {
		c.texts[key] = encode(forms)
		return nil
	}
	c.texts[key] = encode(text)
	return nil
}

// write keeps the keys sorted, one a line, and the texts readable: < and &
// stay as they are.
func (c catalogue) write() error {
	var out bytes.Buffer
	out.WriteString("{\n")
	for i, key := range slices.Sorted(maps.Keys(c.texts)) {
		if i > 0 {
			out.WriteString(",\n")
		}
		out.WriteString("  ")
		out.Write(encode(key))
		out.WriteString(": ")
		if err := json.Indent(&out, c.texts[key], "  ", "  "); err != nil {
			return fmt.Errorf("write %s: %w", c.path, err)
		}
	}
	out.WriteString("\n}\n")
	if err := os.WriteFile(c.path, out.Bytes(), 0o644); err != nil { //nolint:gosec // a source file, for everyone to read
		return fmt.Errorf("write catalogue: %w", err)
	}
	return nil
}

func encode(value any) json.RawMessage {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // strings and maps of strings always can be
	return bytes.TrimSpace(out.Bytes())
}
