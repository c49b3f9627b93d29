package i18ntest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/i18n"
)

// recorder is a T that keeps what failed.
type recorder struct{ failures []string }

func (*recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// expect compares failures with parts of them, in order.
func (r *recorder) expect(t *testing.T, want ...string) {
	t.Helper()
	if len(r.failures) != len(want) {
		t.Fatalf("%d failures, want %d:\n%s", len(r.failures), len(want), strings.Join(r.failures, "\n"))
	}
	for i, part := range want {
		if !strings.Contains(r.failures[i], part) {
			t.Errorf("failure %q lacks %q", r.failures[i], part)
		}
	}
}

func catalog(t *testing.T, byLang map[string]string) *i18n.Catalog {
	t.Helper()
	files := fstest.MapFS{}
	for lang, text := range byLang {
		files["i18n/"+lang+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := i18n.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParity(t *testing.T) {
	for name, c := range map[string]struct {
		texts map[string]string
		want  []string
	}{
		"whole catalogues pass": {map[string]string{
			"en": `{"a.b":"Hi {{.Name}}","a.n":{"one":"One","other":"{{.Count}} all"}}`,
			"da": `{"a.b":"Hej {{.Name}}","a.n":{"one":"En","other":"{{.Count}} alle"}}`,
			"pl": `{"a.b":"{{.Name}}, hej","a.n":{"one":"1","few":"{{.Count}} a","many":"{{.Count}} b","other":"{{.Count}} c"}}`,
		}, nil},
		"a text that one language lacks": {map[string]string{"en": `{"a.b":"x","a.c":"y"}`, "da": `{"a.b":"x"}`}, []string{`da: "a.c" is missing`}},
		"a text that the default lacks":  {map[string]string{"en": `{}`, "da": `{"a.b":"x"}`}, []string{`en: "a.b" is missing`}},
		"an empty text":                  {map[string]string{"en": `{"a.b":"x"}`, "da": `{"a.b":" "}`}, []string{`da: "a.b" is empty`}},
		"an empty plural form":           {map[string]string{"en": `{"a.b":{"one":"","other":"x"}}`}, []string{`"a.b" is empty (one)`}},
		"another placeholder":            {map[string]string{"en": `{"a.b":"{{.Name}}"}`, "da": `{"a.b":"{{.Navn}}"}`}, []string{"[Navn]"}},
		"a placeholder that was lost":    {map[string]string{"en": `{"a.b":"{{.Name}}"}`, "da": `{"a.b":"x"}`}, []string{"[]"}},
		"a plural form that Polish needs": {map[string]string{
			"pl": `{"a.n":{"one":"1","few":"2","other":"3"}}`,
		}, []string{"needs [few many one other]"}},
		"a plural form that Danish has not": {map[string]string{
			"da": `{"a.n":{"one":"1","few":"2","other":"3"}}`,
		}, []string{"needs [one other]"}},
		"forms in one language only": {map[string]string{
			"en": `{"a.n":{"one":"1","other":"2"}}`, "da": `{"a.n":"x"}`,
		}, []string{"plural forms in one language"}},
	} {
		t.Run(name, func(t *testing.T) {
			var r recorder
			Parity(&r, catalog(t, c.texts))
			r.expect(t, c.want...)
		})
	}
}

func TestPluralFormsOfOurLanguages(t *testing.T) {
	for _, lang := range i18n.Known() {
		want := map[string]bool{"one": true, "other": true}
		if lang == "pl" {
			want = map[string]bool{"one": true, "few": true, "many": true, "other": true}
		}
		if diff := cmp.Diff(want, pluralForms(lang)); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
	}
}

// program writes a small program and gives its folder.
func program(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const usedTexts = `{"go.used":"x","go.raw":"x","page.used":"x","mail.used":"x","fault.here":"x"}`

func usedFiles() map[string]string {
	return map[string]string{
		"a.go": "package a\n// \"only.comment\"\nvar _ = l.T(\"go.used\") + l.N(`go.raw`, 2) +\n" +
			"\tfault.New(kind, \"fault.here\").Error() + other.New(kind, \"not.asked\")\n",
		"templates/a.html":             `<p>{{.L.T "page.used" "Name" .Name}}</p>`,
		"templates/message/invite/sms": "{{.L.T `mail.used`}}",
		"a_test.go":                    "package a\nvar _ = l.T(\"only.test\")\n",
		"testdata/a.go":                "package a\nvar _ = l.T(\"only.testdata\")\n",
		".git/a.html":                  `{{.L.T "only.git"}}`,
	}
}

func TestUnused(t *testing.T) {
	root := program(t, usedFiles())
	for name, c := range map[string]struct {
		texts    string
		prefixes map[string]string
		want     []string
	}{
		"a program that uses all passes":      {usedTexts, nil, nil},
		"a text named in a comment only":      {`{"only.comment":"x"}`, nil, []string{"only.comment"}},
		"a text named in a test only":         {`{"only.test":"x"}`, nil, []string{"only.test"}},
		"a text named in testdata only":       {`{"only.testdata":"x"}`, nil, []string{"only.testdata"}},
		"a text whose key only begins alike":  {`{"go.use":"x","go.used.more":"x"}`, nil, []string{"go.use", "go.used.more"}},
		"a key that the program builds":       {`{"role.admin":"x"}`, map[string]string{"role.": "built from the role"}, nil},
		"a prefix that nothing needs":         {usedTexts, map[string]string{"role.": "built from the role"}, []string{`"role."`}},
		"an empty prefix does not excuse all": {`{"only.test":"x"}`, map[string]string{"": "all"}, []string{"only.test", `""`}},
	} {
		t.Run(name, func(t *testing.T) {
			var r recorder
			Unused(&r, catalog(t, map[string]string{"en": c.texts}), c.prefixes, root)
			r.expect(t, c.want...)
		})
	}
}

func TestMissing(t *testing.T) {
	root := program(t, usedFiles())
	for name, c := range map[string]struct {
		texts string
		want  []string
	}{
		"a program that asks only for what there is passes": {usedTexts, nil},
		"all that is asked for and not there":               {`{}`, []string{"fault.here", "go.raw", "go.used", "mail.used", "page.used"}},
	} {
		t.Run(name, func(t *testing.T) {
			var r recorder
			Missing(&r, catalog(t, map[string]string{"en": c.texts}), root)
			r.expect(t, c.want...)
		})
	}
}

func TestAFolderThatIsNotThereFails(t *testing.T) {
	c := catalog(t, map[string]string{"en": `{}`})
	var unused, missing recorder
	Unused(&unused, c, nil, filepath.Join(t.TempDir(), "none"))
	Missing(&missing, c, filepath.Join(t.TempDir(), "none"))
	unused.expect(t, "scan")
	missing.expect(t, "scan")
}

func TestMixed(t *testing.T) {
	c := catalog(t, map[string]string{
		"en": `{"a.in":"Sign in","a.forgot":"Forgotten your password?","a.ok":"OK","a.same":"Microsoft Entra"}`,
		"da": `{"a.in":"Log ind","a.forgot":"Har du glemt din adgangskode?","a.ok":"OK","a.same":"Microsoft Entra"}`,
	})
	for name, tc := range map[string]struct {
		page string
		want []string
	}{
		"a page in one language passes": {`<h1>Log ind</h1><p>Har du glemt din adgangskode?</p>`, nil},
		"a heading in another": {`<h1> Sign
			in </h1>`, []string{`in en: "Sign in"`}},
		"a label that is heard only":       {`<nav aria-label="Forgotten your password?"></nav>`, []string{"Forgotten"}},
		"a button's value":                 {`<input type="submit" value="Sign in">`, []string{"Sign in"}},
		"a page title":                     {`<html lang="da"><head><title>Sign in</title></head></html>`, []string{"Sign in"}},
		"the language switch may":          {`<a lang="en" title="Sign in">Sign in</a>`, nil},
		"words that are the same pass":     {`<p>Microsoft Entra</p>`, nil},
		"a person's own words pass":        {`<p>Sign in, said Bo</p>`, nil},
		"a single word says nothing":       {`<p>OK</p>`, nil},
		"each place is told":               {`<p>Sign in</p><p>Sign in</p>`, []string{"Sign in", "Sign in"}},
		"the page's own lang is no escape": {`<html lang="da"><body><p>Sign in</p></body></html>`, []string{"Sign in"}},
	} {
		t.Run(name, func(t *testing.T) {
			var r recorder
			Mixed(&r, c, tc.page, "da")
			r.expect(t, tc.want...)
		})
	}
}
