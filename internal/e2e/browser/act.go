package browser

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// reply is page.js's answer to an act: a point to click, a field to type into,
// nothing left to do, or a problem.
type reply struct {
	X, Y    float64
	Type    bool
	Done    bool
	Text    string
	Problem string
}

// Press presses a button, named by its words or by a CSS selector that begins
// with # . or [, and waits for the page that comes. Words that stand exactly
// win over words that contain them, the first on the page over later ones.
func (p *Page) Press(button string) {
	p.tb.Helper()
	p.follow("press "+button, "point", "button", button, "")
}

// PressIn is Press within the smallest part of the page, such as a table row,
// that speaks of within.
func (p *Page) PressIn(within, button string) {
	p.tb.Helper()
	p.follow("press "+button+" in "+within, "point", "button", button, within)
}

// Click follows a link, named like a button of Press, and waits for its page.
func (p *Page) Click(link string) {
	p.tb.Helper()
	p.follow("click "+link, "point", "link", link, "")
}

// ClickIn is Click within the smallest part of the page that speaks of within.
func (p *Page) ClickIn(within, link string) {
	p.tb.Helper()
	p.follow("click "+link+" in "+within, "point", "link", link, within)
}

// Tap clicks a button, link or label from which no page comes: a disclosure, a
// switch, a form that the browser itself refuses to send, a download.
func (p *Page) Tap(what string) {
	p.tb.Helper()
	p.click(p.aim("tap "+what, "point", "any", what, ""))
}

// Fill puts value into the field of that name: typed, for text; chosen by value
// or words, for a list.
func (p *Page) Fill(name, value string) {
	p.tb.Helper()
	answer := p.ask("fill "+name, "fill", name, value)
	if answer.Type {
		call(p, input.InsertText, input.InsertTextParams{Text: value})
	}
}

// Check ticks the box, or the radio button with that value, of that name.
func (p *Page) Check(name string, value ...string) {
	p.tb.Helper()
	p.tick(name, strings.Join(value, ""), true)
}

// Uncheck clears the box of that name.
func (p *Page) Uncheck(name string, value ...string) {
	p.tb.Helper()
	p.tick(name, strings.Join(value, ""), false)
}

func (p *Page) tick(name, value string, want bool) {
	p.tb.Helper()
	for range clicks {
		answer := p.aim("check "+name, "check", name, value, want)
		if answer.Done {
			return
		}
		p.click(answer)
		if p.becomes(name, value, want) {
			return
		}
	}
	p.fail("check %s: it did not change", name)
}

// becomes waits for what a click does to a box: where the machine is busy, it is
// told of before it is done, and a second one would undo it.
func (p *Page) becomes(name, value string, want bool) bool {
	p.tb.Helper()
	for began := time.Now(); time.Since(began) < patience; time.Sleep(pause) {
		if Eval[bool](p, ask("checked", name, value)) == want {
			return true
		}
	}
	return false
}

// patience is how long a click may take to show at a box.
const patience = 2 * time.Second

// clicks is how often a box is clicked that does not change: scripts may move
// it from under the pointer while they show their buttons.
const clicks = 3

// Upload chooses the file at path for the file field of that name.
func (p *Page) Upload(name, path string) {
	p.tb.Helper()
	field := Eval[*runtime.RemoteObject](p, ask("file", name))
	if field == nil || field.ObjectID == "" {
		p.fail("upload: no file field %q", name)
	}
	call(p, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, ObjectID: field.ObjectID})
}

// Key presses one key: Tab, Shift+Tab, Enter, Escape, Space, the Arrow keys,
// Home, End, or a character. After an Enter that sends a form use Submit.
func (p *Page) Key(name string) {
	p.tb.Helper()
	key, shift := strings.CutPrefix(name, "Shift+")
	var options []chromedp.KeyOption
	if shift {
		options = append(options, chromedp.KeyModifiers(chromedp.ModifierShift))
	}
	ctx, cancel := p.limited()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(keyCode(key), options...)); err != nil {
		p.fail("press key %s: %v", name, err)
	}
}

// Type types text into whatever has the focus.
func (p *Page) Type(text string) {
	p.tb.Helper()
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

// Submit presses Enter and waits for the page that comes.
func (p *Page) Submit() {
	p.tb.Helper()
	before := p.log.arrivals()
	p.Key("Enter")
	p.arrive(before, "submit by Enter")
}

func keyCode(name string) string {
	codes := map[string]string{
		"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Home": kb.Home, "End": kb.End,
		"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	}
	if code, known := codes[name]; known {
		return code
	}
	return name
}

// follow clicks what the question finds and waits for the page that comes.
func (p *Page) follow(act, question string, args ...any) {
	p.tb.Helper()
	at := p.aim(act, question, args...)
	before := p.log.arrivals()
	p.click(at)
	p.arrive(before, act)
}

// aim asks where to click. It asks again once the page is drawn: what a script
// brings late, such as a row of buttons, moves all that is below.
func (p *Page) aim(act, question string, args ...any) reply {
	p.tb.Helper()
	at := p.ask(act, question, args...)
	if at.Done || p.options.NoScript { // without scripts no frame is ever told
		return at
	}
	Eval[bool](p, drawn)
	return p.ask(act, question, args...)
}

// drawn is told after two frames: where a page was scrolled, a click before that
// still meets what lay there.
const drawn = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`

func (p *Page) click(at reply) {
	p.tb.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y)); err != nil {
		p.fail("click: %v", err)
	}
}

// ask puts a question to page.js; a problem ends the test.
func (p *Page) ask(act, question string, args ...any) reply {
	p.tb.Helper()
	answer := Eval[reply](p, ask(question, args...))
	if answer.Problem != "" {
		p.fail("%s: %s", act, answer.Problem)
	}
	return answer
}
