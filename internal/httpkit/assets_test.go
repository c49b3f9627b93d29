package httpkit_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"

	"tilgang/internal/httpkit"
	"tilgang/web"
)

func someAssets(t *testing.T, css string) *httpkit.Assets {
	t.Helper()
	a, err := httpkit.NewAssets(fstest.MapFS{
		"css/app.css": {Data: []byte(css)},
		"js/app.js":   {Data: []byte("import './say.js'")},
		"img/a.png":   {Data: []byte("\x89PNG")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAssets(t *testing.T) {
	const css = "body{color:red}body{color:red}body{color:red}"
	a := someAssets(t, css)
	url := a.URL("css/app.css")
	t.Run("An address changes when any file does", func(t *testing.T) {
		other := someAssets(t, css+" ")
		if other.URL("js/app.js") == a.URL("js/app.js") {
			t.Error("the script could import a file of another version")
		}
	})
	t.Run("The browser gets the best encoding that it takes", func(t *testing.T) {
		for accept, want := range map[string]string{"gzip, deflate, br": "br", "gzip": "gzip", "": "", "br;q=0, gzip;q=0.5": "gzip", "br;q=0.0": "", "identity": ""} {
			body, mime, encoding, ok := a.Open(url, accept)
			if !ok || encoding != want || mime != "text/css; charset=utf-8" {
				t.Errorf("%q: %v %s %s", accept, ok, encoding, mime)
			}
			if got := unpack(t, body, encoding); got != css {
				t.Errorf("%q: %q", accept, got)
			}
		}
	})
	t.Run("A picture that is pressed already is sent as it is", func(t *testing.T) {
		if _, mime, encoding, _ := a.Open(a.URL("img/a.png"), "br"); encoding != "" || mime != "image/png" {
			t.Error(encoding, mime)
		}
	})
	t.Run("Another version's address still gets a stylesheet, but not for ever", func(t *testing.T) {
		old := "/static/0123456789abcdef/css/app.css"
		if _, _, _, ok := a.Open(old, ""); !ok || a.Immutable(old) || !a.Immutable(url) {
			t.Error("a page would stand bare, or keep a wrong file")
		}
	})
	t.Run("Nothing else can be read", func(t *testing.T) {
		for _, path := range []string{"/static/", "/static/css/app.css", strings.TrimSuffix(url, "app.css") + "../css/app.css", strings.TrimSuffix(url, "app.css"), url + "%00", "/css/app.css"} {
			if _, _, _, ok := a.Open(path, ""); ok {
				t.Error(path)
			}
		}
	})
	t.Run("A file of a type without a name stops the start", func(t *testing.T) {
		if _, err := httpkit.NewAssets(fstest.MapFS{"css/app.less": {Data: []byte("x")}}); err == nil {
			t.Error("no error")
		}
	})
}

func unpack(t *testing.T, body []byte, encoding string) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	var err error
	switch encoding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		r, err = gzip.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// The budget is docs/performance.md: one stylesheet of at most 25 kB and at
// most 15 kB of scripts a page, as sent.
func TestAssetsStayInBudget(t *testing.T) {
	a, err := httpkit.NewAssets(web.FS)
	if err != nil {
		t.Fatal(err)
	}
	css, _, _, _ := a.Open(a.URL("css/app.css"), "br")
	if len(css) > 25_000 {
		t.Errorf("stylesheet: %d bytes", len(css))
	}
	scripts := 0
	for _, name := range moduleNames(t) {
		body, _, _, ok := a.Open(a.URL("js/"+name), "br")
		if !ok {
			t.Errorf("js/%s is not there", name)
		}
		scripts += len(body)
	}
	if scripts > 15_000 {
		t.Errorf("scripts: %d bytes", scripts)
	}
	t.Logf("stylesheet %d bytes, all scripts %d bytes, as sent", len(css), scripts)
}

// moduleNames are app.js and all that it or its modules import.
func moduleNames(t *testing.T) []string {
	t.Helper()
	names, seen := []string{"app.js"}, map[string]bool{"app.js": true}
	for i := 0; i < len(names); i++ {
		text, err := web.FS.ReadFile("js/" + names[i])
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`'\./([a-z]+\.js)'`).FindAllStringSubmatch(string(text), -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				names = append(names, m[1])
			}
		}
	}
	return names
}

// The content security policy has no place for script or style inside a page.
func TestTemplatesHoldNoInlineScriptOrStyle(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script(?: type="module")?>`)
	for name, f := range files(t, nil) {
		if found := inline.Find(f.Data); found != nil {
			t.Errorf("%s: %s", name, found)
		}
	}
}

func TestEveryIconThatTemplatesNameIsDrawn(t *testing.T) {
	all := files(t, nil)
	sheet := string(all["part/icon.svg"].Data)
	named := regexp.MustCompile(`(?:\{\{icon |template "icon" |icon \(or \.[A-Z][a-z]+ )"([a-z]+)"`)
	for name, f := range all {
		for _, m := range named.FindAllSubmatch(f.Data, -1) {
			if !strings.Contains(sheet, `<g id="`+string(m[1])+`">`) {
				t.Errorf("%s names the icon %s", name, m[1])
			}
		}
	}
}
