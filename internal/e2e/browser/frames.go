package browser

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	cdppage "github.com/chromedp/cdproto/page"
)

// Frames lay pages out that somebody else has fetched, side by side in windows of
// several widths. A page's stylesheet and scripts work as ever; what a script asks
// the server is never answered. It is a fifth of the work of opening the page.
type Frames struct {
	page   *Page
	widths []int
	host   string // whose stylesheets and scripts are at hand
	axe    bool   // the tab holds axe-core
}

// tall is how high a frame is, in CSS pixels.
const tall = 900

// Frames opens a tab that holds a frame for each width, in CSS pixels.
func (b *Browser) Frames(lang string, widths ...int) *Frames {
	b.tb.Helper()
	all := 0
	for _, width := range widths {
		all += width
	}
	f := &Frames{page: b.Page(all, tall, lang, Options{}), widths: widths}
	call(f.page, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true})
	return f
}

// mute keeps a page's scripts from asking anybody anything.
const mute = `<script>window.fetch = () => new Promise(() => {}); window.Worker = class extends EventTarget { postMessage() {} terminate() {} };</script>`

// Show lays out a page that came from an address and waits until it has loaded.
func (f *Frames) Show(address, html string) {
	f.page.tb.Helper()
	at, err := url.Parse(address)
	if err != nil {
		f.page.tb.Fatal(err)
	}
	if at.Host != f.host {
		f.move(at)
	}
	html = strings.Replace(html, "<head>", "<head>"+mute, 1)
	widths, _ := json.Marshal(f.widths)
	text, _ := json.Marshal(html) // a string always can be
	Eval[bool](f.page, fmt.Sprintf(lay, text, widths, tall))
}

// lay writes a page into new frames: written into one that was there, its modules
// would not run again. They are not painted, which is most of a page's work.
const lay = `(async (html, widths, tall) => {
  document.body.replaceChildren(...widths.map((w) => Object.assign(document.createElement("iframe"), { style: "border:0;visibility:hidden;width:" + w + "px;height:" + tall + "px" })));
  await Promise.all(Array.from(document.querySelectorAll("iframe"), (f) => new Promise((done) => {
    f.contentDocument.open();
    f.contentDocument.write(html);
    f.onload = done;
    f.contentDocument.close();
  })));
  return true;
})(%s, %s, %d)`

// move goes to another host, from where pages find the files that they name.
func (f *Frames) move(to *url.URL) {
	f.page.tb.Helper()
	f.page.Goto("http://" + to.Host + "/robots.txt")
	Eval[bool](f.page, `(document.body.style = "margin:0;display:flex", true)`)
	f.host, f.axe = to.Host, false
}

// In returns the value of a JavaScript expression in the frame of a width.
func In[T any](f *Frames, width int, expression string) T {
	f.page.tb.Helper()
	text, _ := json.Marshal(expression)
	return Eval[T](f.page, fmt.Sprintf(`(async () => await document.querySelectorAll("iframe")[%d].contentWindow.eval(%s))()`, slices.Index(f.widths, width), text))
}

// Layout looks at the page as it lies in the frame of a width.
func (f *Frames) Layout(width int) Layout {
	f.page.tb.Helper()
	return In[Layout](f, width, layoutScript)
}

// Axe is Page.Axe in the frame of a width.
func (f *Frames) Axe(width int) []Violation {
	f.page.tb.Helper()
	if !f.axe {
		source, _ := json.Marshal(axeScript)
		Eval[bool](f.page, `(window.axeSource = `+string(source)+`, true)`)
		f.axe = true
	}
	In[bool](f, width, `(typeof axe === "object" || (0, eval)(parent.axeSource), true)`)
	return In[[]Violation](f, width, axeRun)
}

// Page is the tab that holds the frames.
func (f *Frames) Page() *Page { return f.page }
