package walk_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/app"
	"tilgang/internal/e2e"
	"tilgang/internal/e2e/browser"
	"tilgang/internal/e2e/plain"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// walker goes through the product in one language, each person in a browser of
// their own.
type walker struct {
	*e2e.Stage

	t       *testing.T
	chrome  *browser.Browser
	lang    string
	width   int
	options browser.Options
	frame   *browser.Frame        // lays out what is fetched without a window; nil: each page has one
	visits  map[string]bool       // "GET /signin", and "POST /signin" for its error
	tabs    map[*browser.Page]int // how many console errors are known
	ida     uuid.UUID
}

func newWalker(t *testing.T, lang string, width int) *walker {
	t.Helper()
	w := &walker{Stage: e2e.New(t), t: t, chrome: browser.New(t), lang: lang, width: width, visits: map[string]bool{}, tabs: map[*browser.Page]int{}}
	w.speaks("havn")
	return w
}

// tab opens a browser of nobody's.
func (w *walker) tab() page {
	w.t.Helper()
	if w.frame != nil {
		return plain.New(w.World, w.lang)
	}
	return w.window()
}

// window is a tab that is drawn and whose scripts work.
func (w *walker) window() *browser.Page {
	w.t.Helper()
	return w.chrome.Page(w.width, height(w.width), w.lang, w.options)
}

// scripts tells whether the pages' scripts work while somebody acts on them.
func (w *walker) scripts() bool { return w.frame == nil && !w.options.NoScript }

// widths are the windows that each page must fit into, in CSS pixels.
func widths() []int { return []int{1280, 360} }

// height is a window's, by its width.
func height(width int) int {
	if width < 600 {
		return 740
	}
	return 900
}

func (w *walker) at(slug, path string) string { return "http://" + slug + "." + w.Base + path }

// route is the line of the list of routes that an address belongs to.
func (w *walker) route(address *url.URL, method string) string {
	for _, r := range app.AllRoutes() {
		if r.Method == method && sideOf(address.Hostname()) == sideOf(string(r.Side)+".") && fits(r.Path, address.Path) {
			return line(r.Method, string(r.Side), r.Path)
		}
	}
	return method + " (no route) " + address.Path
}

// sideOf is a host's side as far as routes differ by it: that of the
// installation, of the practice provider, or an employer's.
func sideOf(host string) string {
	switch {
	case host == "localhost" || host == "base.":
		return "base"
	case strings.HasPrefix(host, "eid."):
		return "eid"
	}
	return ""
}

func line(method, side, path string) string {
	if side != "" {
		return method + " " + side + " " + path
	}
	return method + " " + path
}

// fits tells whether a path is one of a route's, in the order of the list.
func fits(route, path string) bool {
	want, got := strings.Split(route, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], ":") {
			return false
		}
	}
	return true
}

// send sends the page's form past the browser's own checks.
func (w *walker) send(p page, button string) {
	w.t.Helper()
	if window, drawn := p.(*browser.Page); drawn {
		browser.Eval[bool](window, `(document.querySelectorAll("form").forEach((f) => { f.noValidate = true; }), true)`)
	}
	p.Press(button)
}

// post sends a form that the page does not offer.
func (w *walker) post(p page, path string, pairs ...string) {
	w.t.Helper()
	window, drawn := p.(*browser.Page)
	if !drawn {
		values := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		p.(*plain.Page).Post(path, values)
		return
	}
	var fields strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&fields, `<input type="hidden" name=%q value=%q>`, pairs[i], pairs[i+1])
	}
	browser.Eval[bool](window, fmt.Sprintf(`(document.querySelector("main").insertAdjacentHTML("beforeend", %q), true)`,
		fmt.Sprintf(`<form method="post" action=%q id="planted">%s<button id="plant">x</button></form>`, path, fields.String())))
	p.Press("#plant")
}

// signIn signs somebody in as far as a path.
func (w *walker) signIn(p page, who app.DemoAccount, path string) {
	w.t.Helper()
	p.Goto(who.URL + "/signin")
	w.post(p, "/language", "language", w.lang, "path", "/signin?return_to="+path)
	p.Fill("email", who.Email)
	p.Press(".card .button")
	p.Fill("password", who.Password)
	p.Press(".card .actions .button")
	if who.TOTPSecret != "" {
		w.Pass(30 * time.Second)
		p.Fill("code", who.Code(w.Clock.Now()))
		p.Press(".card .button")
	}
	if strings.HasSuffix(p.URL(), "/mfa/setup") {
		p.Press("[value=skip]")
	}
}

func (w *walker) code(key string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(key, w.Clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}
