package browser

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	cdppage "github.com/chromedp/cdproto/page"
)

// Frame lays pages out that somebody else has fetched, in a window of any width. A
// page's stylesheet and scripts work as ever; what a script asks the server is never
// answered. It is a tenth of the work of opening the page.
type Frame struct {
	page  *Page
	width int
	host  string // whose stylesheets and scripts are at hand
	axe   bool   // the tab holds axe-core
}

// tall is how high a frame is, in CSS pixels.
const tall = 900

// Frame opens a tab that holds a frame of a width in CSS pixels.
func (b *Browser) Frame(lang string, width int) *Frame {
	b.tb.Helper()
	f := &Frame{page: b.Page(width, tall, lang, Options{}), width: width}
	call(f.page, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true})
	return f
}

// mute keeps a page's scripts from asking anybody anything.
const mute = `<script>window.fetch = () => new Promise(() => {}); window.Worker = class extends EventTarget { postMessage() {} terminate() {} };</script>`

// Show lays out a page that came from an address and waits until it has loaded.
func (f *Frame) Show(address, html string) {
	f.page.tb.Helper()
	at, err := url.Parse(address)
	if err != nil {
		f.page.tb.Fatal(err)
	}
	if at.Host != f.host {
		f.move(at)
	}
	html = strings.Replace(html, "<head>", "<head>"+mute, 1)
	text, _ := json.Marshal(html) // a string always can be
	Eval[bool](f.page, fmt.Sprintf(lay, text, f.width, tall))
}

// Width is the frame's, in CSS pixels.
func (f *Frame) Width() int { return f.width }

// Resize gives the frame another width; the page stays as it is.
func (f *Frame) Resize(width int) {
	f.page.tb.Helper()
	f.width = width
	Eval[bool](f.page, fmt.Sprintf(`(document.querySelector("iframe").style.width = "%dpx", true)`, width))
}

// lay writes a page into a new frame: written into one that was there, its modules
// would not run again. It is not painted, which is most of a page's work.
const lay = `(async (html, width, tall) => {
  const frame = Object.assign(document.createElement("iframe"), { style: "border:0;visibility:hidden;width:" + width + "px;height:" + tall + "px" });
  document.body.replaceChildren(frame);
  await new Promise((done) => {
    frame.contentDocument.open();
    frame.contentDocument.write(html);
    frame.onload = done;
    frame.contentDocument.close();
  });
  return true;
})(%s, %d, %d)`

// move goes to another host, from where pages find the files that they name.
func (f *Frame) move(to *url.URL) {
	f.page.tb.Helper()
	f.page.Goto("http://" + to.Host + "/robots.txt")
	Eval[bool](f.page, `(document.body.style = "margin:0", true)`)
	f.host, f.axe = to.Host, false
}

// In returns the value of a JavaScript expression in the frame.
func In[T any](f *Frame, expression string) T {
	f.page.tb.Helper()
	text, _ := json.Marshal(expression)
	return Eval[T](f.page, fmt.Sprintf(`(async () => await document.querySelector("iframe").contentWindow.eval(%s))()`, text))
}

// Layout looks at the page as it lies in the frame now.
func (f *Frame) Layout() Layout {
	f.page.tb.Helper()
	return In[Layout](f, layoutScript)
}

// Axe is Page.Axe in the frame.
func (f *Frame) Axe() []Violation {
	f.page.tb.Helper()
	if !f.axe {
		source, _ := json.Marshal(axeScript)
		Eval[bool](f.page, `(window.axeSource = `+string(source)+`, true)`)
		f.axe = true
	}
	In[bool](f, `(typeof axe === "object" || (0, eval)(parent.axeSource), true)`)
	return In[[]Violation](f, axeRun)
}
