package browser

import (
	_ "embed" // page.js
	"encoding/json"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

//go:embed page.js
var pageScript string

// pause is the time between two looks at a page that changes by script.
const pause = 30 * time.Millisecond

// Eval returns the value of a JavaScript expression, for what no method tells.
// It works on pages whose own scripts are off, too.
func Eval[T any](p *Page, expression string) T {
	p.tb.Helper()
	value, err := eval[T](p, expression)
	if err != nil {
		p.fail("ask the page: %v", err)
	}
	return value
}

func eval[T any](p *Page, expression string) (T, error) {
	ctx, cancel := p.limited()
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise)) //nolint:wrapcheck // the caller says what was asked
}

// ask is the expression for one question of page.js.
func ask(question string, args ...any) string {
	quoted := make([]string, 0, len(args))
	for _, arg := range args {
		text, _ := json.Marshal(arg) // strings and booleans always can be
		quoted = append(quoted, string(text))
	}
	return strings.TrimSpace(pageScript) + "." + question + "(" + strings.Join(quoted, ",") + ")"
}

// Text is what a person can read on the page, its white space collapsed.
func (p *Page) Text() string {
	p.tb.Helper()
	return Eval[string](p, ask("text"))
}

// Has tells whether the page shows these words.
func (p *Page) Has(words string) bool {
	p.tb.Helper()
	return strings.Contains(p.Text(), strings.Join(strings.Fields(words), " "))
}

// Await waits until the page shows these words, for what a script brings.
func (p *Page) Await(words string) {
	p.tb.Helper()
	words = strings.Join(strings.Fields(words), " ")
	p.until("show "+words, func() bool { return strings.Contains(p.glance(ask("text")), words) })
}

// AwaitURL waits until the address contains part, for what leads on by itself.
func (p *Page) AwaitURL(part string) {
	p.tb.Helper()
	p.until("lead to "+part, func() bool { return strings.Contains(p.glance("location.href"), part) })
}

// glance is Eval on a page that may be leaving just now; then it is empty.
func (p *Page) glance(expression string) string {
	text, err := eval[string](p, expression)
	if err != nil {
		return ""
	}
	return text
}

func (p *Page) until(what string, done func() bool) {
	p.tb.Helper()
	for began := time.Now(); !done(); time.Sleep(pause) {
		if time.Since(began) > limit {
			p.fail("the page did not %s", what)
		}
	}
}

// Title is the page's title.
func (p *Page) Title() string {
	p.tb.Helper()
	return Eval[string](p, "document.title")
}

// URL is the page's address.
func (p *Page) URL() string {
	p.tb.Helper()
	return Eval[string](p, "location.href")
}

// Value is what the field of that name holds.
func (p *Page) Value(name string) string {
	p.tb.Helper()
	return p.ask("read "+name, "value", name).Text
}

// Checked tells whether the box, or the radio button with that value, is ticked.
func (p *Page) Checked(name string, value ...string) bool {
	p.tb.Helper()
	return Eval[bool](p, ask("checked", name, strings.Join(value, "")))
}

// Focused names what has the focus: its name, else its id, else its words; ""
// is the page itself.
func (p *Page) Focused() string {
	p.tb.Helper()
	return Eval[string](p, ask("focused"))
}

// HorizontalOverflow tells whether the page is wider than the window, so that
// a person would have to scroll sideways (WCAG 2.2, 1.4.10).
func (p *Page) HorizontalOverflow() bool {
	p.tb.Helper()
	return Eval[int](p, ask("widest")) > p.width
}

// HTML is the page as it stands now.
func (p *Page) HTML() string {
	p.tb.Helper()
	return Eval[string](p, "document.documentElement.outerHTML")
}

// Texts are the words of all elements that a CSS selector matches.
func (p *Page) Texts(selector string) []string {
	p.tb.Helper()
	quoted, _ := json.Marshal(selector)
	return Eval[[]string](p, `Array.from(document.querySelectorAll(`+string(quoted)+`), (e) => e.textContent.replace(/\s+/g, " ").trim())`)
}
