package walk_test

import (
	"fmt"
	"slices"

	"tilgang/internal/e2e/browser"
)

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

// keys tabs through the page at each of the widths: on a phone, parts of it are
// folded away. It stays as wide as it was.
func (w *walker) keys(p *browser.Page, where string) {
	w.t.Helper()
	now := p.Width()
	for _, width := range append(slices.DeleteFunc(widths(), func(width int) bool { return width == now }), now) {
		p.Resize(width, height(width))
		w.keyboard(p, fmt.Sprintf("%s at %d", where, width))
	}
}

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
