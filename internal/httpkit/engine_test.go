package httpkit_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/templates"
	"tilgang/web"
)

type formPage struct {
	httpkit.Base
	Email httpkit.Field
	More  []*httpkit.Field
}

func (*formPage) Template() string { return "signin/form" }

type otherPage struct{ httpkit.Base }

func (*otherPage) Template() string { return "signin/other" }

const formText = `{{define "main"}}<form>{{template "field" .Email}}{{range .More}}{{template "field" .}}{{end}}{{template "own" .}}</form>{{end}}{{define "own"}}own of form{{end}}`

// files is the real layout and parts with two pages of the test's own.
func files(t *testing.T, pages map[string]string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for _, dir := range []string{"layout", "part"} {
		entries, err := templates.FS.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name := dir + "/" + e.Name()
			data, err := templates.FS.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out[name] = &fstest.MapFile{Data: data}
		}
	}
	for name, text := range pages {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func engine(t *testing.T, pages map[string]string) (*httpkit.Engine, error) {
	t.Helper()
	assets, err := httpkit.NewAssets(web.FS)
	if err != nil {
		t.Fatal(err)
	}
	e, err := httpkit.NewEngine(files(t, pages), assets)
	if err != nil {
		return nil, err
	}
	return e, e.Check()
}

func render(t *testing.T, e *httpkit.Engine, v httpkit.View) string {
	t.Helper()
	var b bytes.Buffer
	if err := e.Render(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEngine(t *testing.T) {
	pages := map[string]string{
		"signin/form.html":  formText,
		"signin/other.html": `{{define "main"}}{{template "own" .}}{{end}}{{define "own"}}own of other{{end}}`,
	}
	e, err := engine(t, pages)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("Two pages define the same names and keep them apart", func(t *testing.T) {
		if out := render(t, e, &otherPage{}); !strings.Contains(out, "own of other") || strings.Contains(out, "own of form") {
			t.Error(out)
		}
	})
	t.Run("An error of the page shows at its field and in the summary", func(t *testing.T) {
		p := &formPage{Email: httpkit.Field{Name: "email", Label: "E-mail"}}
		p.Errors = []httpkit.FieldError{{Field: "email", Text: "Type your e-mail"}}
		out := render(t, e, p)
		for _, want := range []string{`href="#email"`, `id="email-error"`, `aria-invalid="true"`, `aria-describedby="email-error"`} {
			if !strings.Contains(out, want) {
				t.Errorf("%s is missing", want)
			}
		}
	})
	t.Run("What a person typed is escaped", func(t *testing.T) {
		p := &formPage{Email: httpkit.Field{Name: "email", Value: `"><script>alert(1)</script>`}}
		if out := render(t, e, p); strings.Contains(out, "<script>alert") {
			t.Error("markup went through")
		}
	})
	t.Run("A password never goes back into the page", func(t *testing.T) {
		p := &formPage{Email: httpkit.Field{Name: "password", Type: "password", Value: "correct horse"}}
		q := &formPage{Email: httpkit.Field{Name: "password", Type: "password", Value: "correct horse", Reveal: true}}
		if strings.Contains(render(t, e, p)+render(t, e, q), "correct horse") {
			t.Error("the password is in the page")
		}
	})
	t.Run("Parts speak the page's language, in lists and behind pointers too", func(t *testing.T) {
		p := &formPage{More: []*httpkit.Field{{Name: "a", Optional: true}}}
		p.Words = speech{}
		if out := render(t, e, p); !strings.Contains(out, "says part.optional") {
			t.Error("the part did not speak")
		}
	})
	t.Run("Every page holds with no data and with all of it", func(t *testing.T) {
		if err := pagetest.Check(files(t, pages), speech{}, &formPage{}, &otherPage{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("A page without a template is an error, not an empty answer", func(t *testing.T) {
		if err := e.Render(&bytes.Buffer{}, &missingPage{}); err == nil {
			t.Error("no error")
		}
	})
}

type missingPage struct{ httpkit.Base }

func (*missingPage) Template() string { return "signin/missing" }

func TestEngineRefusesAtStart(t *testing.T) {
	for name, text := range map[string]string{
		"a template that does not parse":       `{{define "main"}}{{if}}{{end}}`,
		"a part that does not exist":           `{{define "main"}}{{template "feild" .}}{{end}}`,
		"a function that does not exist":       `{{define "main"}}{{shout .}}{{end}}`,
		"output in a place that is not safe":   `{{define "main"}}<a href="{{if .}}x{{end}}'{{end}}`,
		"a name that a part has already taken": `{{define "field"}}{{end}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := engine(t, map[string]string{"bad/page.html": text}); err == nil {
				t.Error("the engine started")
			}
		})
	}
}

func TestPageCheckFindsAMisspeltField(t *testing.T) {
	pages := map[string]string{"signin/form.html": `{{define "main"}}{{if .Email.Name}}{{.Emial}}{{end}}{{end}}`}
	if err := pagetest.Check(files(t, pages), nil, &formPage{}); err == nil {
		t.Error("the misspelling was not found")
	}
}
