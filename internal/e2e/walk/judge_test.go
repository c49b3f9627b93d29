package walk_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e/browser"
	"tilgang/internal/i18n/i18ntest"
)

// look judges the page that is open as it is meant to be. A name takes its
// picture.
func (w *walker) look(p page, name ...string) {
	w.t.Helper()
	w.picture(p, name)
	w.judge(p, "GET")
}

// wrong judges the page that a form came back with.
func (w *walker) wrong(p page, name ...string) {
	w.t.Helper()
	if s := p.Status(); s < 400 || s >= 500 {
		w.t.Errorf("%s answers %d to what is wrong", p.URL(), s)
	}
	if len(p.Texts(".errors li")) == 0 {
		w.t.Errorf("%s has no summary of errors", p.URL())
	}
	w.picture(p, name)
	w.judge(p, "POST")
}

func (w *walker) judge(p page, method string) {
	w.t.Helper()
	address, err := url.Parse(p.URL())
	if err != nil {
		w.t.Fatal(err)
	}
	route := w.route(address, method)
	first := !w.visits[route]
	w.visits[route] = true
	where := route + " in " + w.lang
	w.check(p, where)
	if window, drawn := p.(*browser.Page); drawn {
		w.quiet(window, where)
		if first {
			w.keys(window, where)
		}
	}
}

// check judges a page whose route does not matter.
func (w *walker) check(p page, where string) {
	w.t.Helper()
	w.words(p.HTML(), where)
	if window, drawn := p.(*browser.Page); drawn {
		w.sizes(tall{window}, func() string { return browser.Eval[string](window, cutLabels) }, p.URL(), where)
		return
	}
	w.lay(p.URL(), p.HTML(), where)
}

// quiet holds that a page complains of nothing and asks nobody else.
func (w *walker) quiet(p *browser.Page, where string) {
	w.t.Helper()
	if errs := p.ConsoleErrors(); len(errs) > w.tabs[p] {
		w.t.Errorf("%s: console: %q", where, errs[w.tabs[p]:])
		w.tabs[p] = len(errs)
	}
	if hosts := p.Requests(); slices.ContainsFunc(hosts, func(h string) bool { return h != "localhost" && !strings.HasSuffix(h, ".localhost") }) {
		w.t.Errorf("%s: asked %q", where, hosts)
	}
}

// words looks at what every page has.
func (w *walker) words(source, where string) {
	w.t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		w.t.Fatal(err)
	}
	seen := apptest.Page{Root: root}
	if n := len(seen.All("h1")); n != 1 {
		w.t.Errorf("%s: %d h1", where, n)
	}
	if lang := apptest.Attr(seen.All("html")[0], "lang"); lang != w.lang {
		w.t.Errorf("%s: lang is %q", where, lang)
	}
	i18ntest.Mixed(w.t, w.App.Catalog, source, w.lang)
	if key := bare.FindString(seen.Text()); key != "" {
		w.t.Errorf("%s: shows a key: %q", where, key)
	}
}

// tall is a window as high as people have one of its width.
type tall struct{ *browser.Page }

func (t tall) Resize(width int) { t.Page.Resize(width, height(width)) }

// sized is where a page lies: a window, or a frame for what was fetched without one.
type sized interface {
	Width() int
	Resize(width int)
	Layout() browser.Layout
	Axe() []browser.Violation
}

// sizes judges a page at each of the widths, and leaves its place at another than it
// was: the next page opens there.
func (w *walker) sizes(place sized, cut func() string, address, where string) {
	w.t.Helper()
	now := place.Width()
	list := append([]int{now}, slices.DeleteFunc(widths(), func(width int) bool { return width == now })...)
	for _, width := range list {
		if width != now {
			place.Resize(width)
		}
		w.measure(width, place.Layout(), cut(), where, address, place.Axe)
	}
}

// lay judges a page that was fetched without a window.
func (w *walker) lay(address, source, where string) {
	w.t.Helper()
	w.frame.Show(address, source)
	w.sizes(w.frame, func() string { return browser.In[string](w.frame, cutLabels) }, address, where)
}

// judged are the shapes that the accessibility checker has seen, by width and
// employer: what it looks at is not the words but whether there are any, so that a
// page of the same shape in another language, or a second time, tells it nothing.
var judged sync.Map

// measure judges one page at one width. Words can be too long in any language.
func (w *walker) measure(width int, l browser.Layout, cut, where, address string, axe func() []browser.Violation) {
	w.t.Helper()
	if l.Width > width {
		w.t.Errorf("%s at %d: wider than the window: %s", where, width, strings.Join(l.Out, " | "))
	}
	if cut != "" {
		w.t.Errorf("%s at %d: a button in a row of several breaks its word: %s", where, width, cut)
	}
	at, _ := url.Parse(address)
	key := [3]any{width, at.Hostname(), l.Shape}
	if _, before := judged.LoadOrStore(key, true); before {
		return
	}
	for _, v := range axe() {
		w.t.Errorf("%s at %d: %s", where, width, v)
	}
}

// bare is a text's key where its text should stand.
var bare = regexp.MustCompile(`\b(signin|mfa|factor|phone|invite|magiclink|manager|people|reset|roster|console|profile|security|captcha|notme|recovery|practice|proofing|federation|identity|eid|layout|part|http|mail|help|sheet)\.[a-z]+[._][a-z_.]+\b|\balumni\.(?:closed|board|access|answer|until)\b`)

// cutLabels are those of buttons in a row, where the row is to wrap and not the word.
const cutLabels = `Array.from(document.querySelectorAll(".codes-acts .button > span")).filter((e) => e.offsetHeight > 1.6 * parseFloat(getComputedStyle(e).lineHeight)).map((e) => e.textContent).join(", ")`
