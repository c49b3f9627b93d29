package walk_test

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/app"
	"tilgang/internal/e2e"
	"tilgang/internal/e2e/browser"
	"tilgang/internal/i18n/i18ntest"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// walker goes through the product in one language and at one width, each person
// in a browser of their own.
type walker struct {
	*e2e.Stage

	t       *testing.T
	chrome  *browser.Browser
	lang    string
	width   int
	also    []int // widths at which each page is judged besides
	options browser.Options
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
func (w *walker) tab() *browser.Page {
	w.t.Helper()
	return w.chrome.Page(w.width, height(w.width), w.lang, w.options)
}

// height is a window's, by its width.
func height(width int) int {
	if width < 600 {
		return 740
	}
	return 900
}

func (w *walker) at(slug, path string) string { return "http://" + slug + "." + w.Base + path }

// look judges the page that is open as it is meant to be. A name takes its
// picture.
func (w *walker) look(p *browser.Page, name ...string) {
	w.t.Helper()
	w.picture(p, name)
	w.judge(p, "GET")
}

// wrong judges the page that a form came back with.
func (w *walker) wrong(p *browser.Page, name ...string) {
	w.t.Helper()
	if s := p.Status(); s < 400 || s >= 500 {
		w.t.Errorf("%s answers %d to what is wrong", p.URL(), s)
	}
	if !browser.Eval[bool](p, `!!document.querySelector(".errors li")`) {
		w.t.Errorf("%s has no summary of errors", p.URL())
	}
	w.picture(p, name)
	w.judge(p, "POST")
}

func (w *walker) judge(p *browser.Page, method string) {
	w.t.Helper()
	address, err := url.Parse(p.URL())
	if err != nil {
		w.t.Fatal(err)
	}
	route := w.route(address, method)
	first := !w.visits[route]
	w.visits[route] = true
	where := route + " in " + w.lang
	w.words(p, where)
	w.sizes(p, where)
	if errs := p.ConsoleErrors(); len(errs) > w.tabs[p] {
		w.t.Errorf("%s: console: %q", where, errs[w.tabs[p]:])
		w.tabs[p] = len(errs)
	}
	if hosts := p.Requests(); slices.ContainsFunc(hosts, func(h string) bool { return h != "localhost" && !strings.HasSuffix(h, ".localhost") }) {
		w.t.Errorf("%s: asked %q", where, hosts)
	}
	if first && (w.lang == "en" || w.lang == "da") { // keys know no language: one wide, one narrow
		w.keyboard(p, where)
	}
}

// sizes judges what depends on the window, in each of them. Words can be too
// long at any width; what the accessibility checker looks at is the same in all
// languages at the second width, so two languages answer for it there.
func (w *walker) sizes(p *browser.Page, where string) {
	w.t.Helper()
	for _, width := range append(slices.Clone(w.also), w.width) {
		if len(w.also) > 0 {
			p.Resize(width, height(width))
		}
		if p.HorizontalOverflow() {
			w.t.Errorf("%s at %d: wider than the window: %s", where, width, browser.Eval[string](p, widest))
		}
		if width != w.width && w.lang != "en" && w.lang != "da" {
			continue
		}
		for _, v := range p.Axe() {
			w.t.Errorf("%s at %d: %s", where, width, v)
		}
	}
}

// words looks at what every page has.
func (w *walker) words(p *browser.Page, where string) {
	w.t.Helper()
	if n := browser.Eval[int](p, `document.querySelectorAll("h1").length`); n != 1 {
		w.t.Errorf("%s: %d h1", where, n)
	}
	if lang := browser.Eval[string](p, `document.documentElement.lang`); lang != w.lang {
		w.t.Errorf("%s: lang is %q", where, lang)
	}
	i18ntest.Mixed(w.t, w.App.Catalog, browser.Eval[string](p, "document.documentElement.outerHTML"), w.lang)
	if key := bare.FindString(p.Text()); key != "" {
		w.t.Errorf("%s: shows a key: %q", where, key)
	}
}

// bare is a text's key where its text should stand.
var bare = regexp.MustCompile(`\b(signin|mfa|factor|phone|invite|magiclink|manager|people|reset|roster|console|profile|security|captcha|notme|recovery|practice|proofing|federation|identity|eid|layout|part|http|mail|help|sheet)\.[a-z]+[._][a-z_.]+\b|\balumni\.(?:closed|board|access|answer|until)\b`)

const widest = `Array.from(document.querySelectorAll("body *")).filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" | ")`

// tabStops numbers what a person can tab to; each group of radio buttons counts
// once.
const tabStops = `(() => {
  // No part of the page is swapped meanwhile, not by a request under way either.
  window.fetch = () => new Promise(() => {});
  document.querySelectorAll("[data-poll]").forEach((e) => e.replaceWith(e.cloneNode(true)));
  const groups = new Set();
  const stops = Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")).filter((e) => {
    if (e.tabIndex < 0 || e.disabled || e.type === "hidden" || !e.checkVisibility({ visibilityProperty: true })) return false;
    if (e.type !== "radio") return true;
    const fresh = !groups.has(e.name);
    groups.add(e.name);
    return fresh;
  });
  window.seen = new Set();
  window.bare = [];
  document.addEventListener("focusin", ({ target: e }) => {
    const mark = e.type === "radio" ? stops.find((s) => s.type === "radio" && s.name === e.name) : e;
    window.seen.add(mark);
    const drawn = (x) => { const c = getComputedStyle(x); return (c.outlineStyle !== "none" && parseFloat(c.outlineWidth) > 0) || c.boxShadow !== "none"; };
    if (!drawn(e) && !(e.parentElement && drawn(e.parentElement))) window.bare.push(e.outerHTML.slice(0, 160));
  });
  window.stops = stops;
  document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex");
  return stops.length;
})()`

// inner is how many more stops lie inside the page's fields: a date has day,
// month, year and its picker.
const inner = `document.querySelectorAll("input[type=date]").length * 4`

// keyboard tabs through the page: everything is reached, nothing traps, and
// where one is can be seen (WCAG 2.2, 2.1.1, 2.1.2 and 2.4.7).
func (w *walker) keyboard(p *browser.Page, where string) {
	w.t.Helper()
	n := browser.Eval[int](p, tabStops)
	for range min(n, 120) + browser.Eval[int](p, inner) + 1 {
		p.Key("Tab")
	}
	missed := browser.Eval[[]string](p, `window.stops.filter((e) => !window.seen.has(e)).map((e) => e.outerHTML.slice(0, 160))`)
	if len(missed) > 0 && n <= 120 {
		w.t.Errorf("%s: Tab does not reach %d of %d: %q", where, len(missed), n, missed[:min(3, len(missed))])
	}
	if hidden := browser.Eval[[]string](p, `window.bare`); len(hidden) > 0 {
		w.t.Errorf("%s: focus cannot be seen at %q", where, hidden[:min(3, len(hidden))])
	}
}

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
func (w *walker) send(p *browser.Page, button string) {
	w.t.Helper()
	browser.Eval[bool](p, `(document.querySelectorAll("form").forEach((f) => { f.noValidate = true; }), true)`)
	p.Press(button)
}

// post sends a form that the page does not offer.
func (w *walker) post(p *browser.Page, path string, pairs ...string) {
	w.t.Helper()
	var fields strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&fields, `<input type="hidden" name=%q value=%q>`, pairs[i], pairs[i+1])
	}
	browser.Eval[bool](p, fmt.Sprintf(`(document.querySelector("main").insertAdjacentHTML("beforeend", %q), true)`,
		fmt.Sprintf(`<form method="post" action=%q id="planted">%s<button id="plant">x</button></form>`, path, fields.String())))
	p.Press("#plant")
}

// signIn signs somebody in as far as a path.
func (w *walker) signIn(p *browser.Page, who app.DemoAccount, path string) {
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
