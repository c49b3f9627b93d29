package app_test

import (
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tilgang/internal/app"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/templates"
)

func TestEveryPageFitsItsTemplate(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, app.Views()...); err != nil {
		t.Error(err)
	}
}

func TestEveryPageIsInTheListOnce(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, v := range app.Views() {
		kind := reflect.TypeOf(v)
		if kind.Kind() != reflect.Pointer || seen[kind] {
			t.Errorf("%s is listed twice or not as a pointer", kind)
		}
		seen[kind] = true
	}
	if len(seen) < 10 {
		t.Errorf("only %d pages are listed", len(seen))
	}
}

// pageFiles are the templates of pages, by name, and their text.
func pageFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(templates.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".html" || strings.HasPrefix(name, "message/") {
			return err
		}
		body, err := fs.ReadFile(templates.FS, name)
		files[strings.TrimSuffix(name, ".html")] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestNoTemplateIsWithoutAPage(t *testing.T) {
	var used []string
	for _, v := range app.Views() {
		used = append(used, v.Template())
	}
	for name, body := range pageFiles(t) {
		isPage := strings.Contains(body, `{{define "main"}}`) || strings.Contains(body, `{{- define "main"`)
		if isPage && !slices.Contains(used, name) {
			t.Errorf("templates/%s.html belongs to no page in Views", name)
		}
	}
}

// What our Content-Security-Policy blocks must not be written: it would work
// nowhere but in a test. And the frame alone writes the heading.
func TestNoTemplateWritesWhatABrowserBlocks(t *testing.T) {
	blocked := map[string]*regexp.Regexp{
		"an inline script":      regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>\s*[^<\s]`),
		"an inline style":       regexp.MustCompile(`(?i)<style|\sstyle\s*=`),
		"an event handler":      regexp.MustCompile(`(?i)<[a-z][^>]*\son[a-z]+\s*=`),
		"a javascript: address": regexp.MustCompile(`(?i)javascript:`),
		"another host":          regexp.MustCompile(`(?i)(?:src|href|action|srcset)\s*=\s*"(?:https?:)?//`),
		"a frame":               regexp.MustCompile(`(?i)<(?:iframe|object|embed|frame)\b`),
	}
	heading := regexp.MustCompile(`(?i)<h1\b`)
	for name, body := range pageFiles(t) {
		for what, pattern := range blocked {
			if found := pattern.FindString(body); found != "" {
				t.Errorf("templates/%s.html has %s: %s", name, what, found)
			}
		}
		if !strings.HasPrefix(name, "layout/") && heading.MatchString(body) {
			t.Errorf("templates/%s.html writes an h1; the frame does", name)
		}
	}
}
