package app_test

import (
	"encoding/xml"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
	"tilgang/templates"
)

var pictured = regexp.MustCompile(`<img src="(/help/picture/([a-z-]+)\?lang=[a-z]+)"`)

func TestTheHelpShowsItsPagesToEveryEmployerInEveryLanguage(t *testing.T) {
	w := apptest.New(t)
	shown := map[string]bool{}
	for _, slug := range []string{"askvik", "fjord", "havn", "nordlys", "skog"} {
		b := w.Browser(slug)
		for _, lang := range tenant.MustFrom(w.Tenant(slug)).Languages {
			b.Post("/language", map[string][]string{"language": {lang}, "path": {"/help"}})
			for _, found := range pictured.FindAllStringSubmatch(b.Get("/help").Body, -1) {
				shown[found[2]] = true
				if p := b.Get(found[1]); p.Status != http.StatusOK || !strings.HasPrefix(p.Body, "<svg") || strings.Contains(p.Body, "{{") {
					t.Errorf("%s in %s at %s: %d %.200s", found[1], lang, slug, p.Status, p.Body)
				}
			}
		}
	}
	var every []string
	for _, p := range w.App.Pictures() {
		every = append(every, p.Name)
		if !shown[p.Name] && p.Name != "challenge-code" {
			t.Errorf("no employer's help shows the picture %q", p.Name)
		}
		if !slices.ContainsFunc(app.AllRoutes(), func(r httpkit.Route) bool { return r.Method == http.MethodGet && r.Path == p.Path }) {
			t.Errorf("the picture %q is of %s, which is no page", p.Name, p.Path)
		}
	}
	if len(every) != len(slices.Compact(slices.Sorted(slices.Values(every)))) {
		t.Errorf("two pictures have one name: %v", every)
	}
}

var topicLink = regexp.MustCompile(`/help#([a-z-]+)`)

func TestEveryLinkIntoTheHelpLeadsToATopic(t *testing.T) {
	topics, links := map[string]bool{"contact": true}, 0
	for _, f := range source(t) {
		if f.Package == "internal/help" {
			for _, found := range regexp.MustCompile(`ID: "([a-z-]+)"`).FindAllStringSubmatch(read(t, f.Path), -1) {
				topics[found[1]] = true
			}
		}
	}
	files := []string{}
	for _, f := range source(t) {
		files = append(files, f.Path)
	}
	err := fs.WalkDir(templates.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, "templates/"+name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, found := range topicLink.FindAllStringSubmatch(read(t, file), -1) {
			if links++; !topics[found[1]] && file != "internal/help/doc.go" {
				t.Errorf("%s links to /help#%s, which is no topic", file, found[1])
			}
		}
	}
	if links < 15 {
		t.Errorf("only %d links found: the search is broken", links)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What a picture says stands on the page itself: there both are made by the same code, and this
// is what holds it.
func TestAPictureSaysWhatItsPageSays(t *testing.T) {
	w := apptest.New(t)
	w.Tenant("havn")
	b := w.Browser("havn")
	for name, path := range map[string]string{"signin": "/signin", "forgot": "/signin", "reset": "/reset", "welcome-code": "/invite/code"} {
		page := squeezed(b.Get(path).Text())
		for _, line := range drawnLines(t, b.Get("/help/picture/"+name).Body) {
			if line != squeezed(httpkit.ExampleAddress) && !strings.Contains(page, line) {
				t.Errorf("%s says %q, and the page does not: %s", name, line, page)
			}
		}
	}
}

// drawnLines are the lines of a picture without spaces and marks.
func drawnLines(t *testing.T, svg string) (list []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	inText := false
	for {
		token, err := d.Token()
		if err == io.EOF { //nolint:errorlint // the decoder gives it bare
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
		case xml.CharData:
			if line := squeezed(string(token)); inText && line != "" {
				list = append(list, line)
			}
		}
	}
}

func squeezed(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "‹", "", "›", "").Replace(s)
}
