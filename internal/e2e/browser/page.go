package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// narrow is the width in CSS pixels below which a page is shown as on a phone.
const narrow = 600

// Options are what a person's device may differ in.
type Options struct {
	NoScript bool // the page's scripts do not run
	Dark     bool // prefers-color-scheme: dark
}

// Page is one tab in a browser context of its own: no cookie, no cache entry
// is shared with another Page. It belongs to the test's goroutine.
type Page struct {
	tb      testing.TB
	ctx     context.Context //nolint:containedctx // chromedp keeps the tab in it
	width   int
	options Options
	log     *log
	kept    bool // the page was saved for the reader of a failure
}

// Page opens an empty tab of width × height CSS pixels whose person reads lang
// (a BCP 47 tag such as da). It closes when the test ends.
func (b *Browser) Page(width, height int, lang string, options Options) *Page {
	b.tb.Helper()
	seen := newLog()
	ctx, stop := chromedp.NewContext(b.shared.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(seen.take))
	p := &Page{tb: b.tb, ctx: ctx, width: width, options: options, log: seen}
	b.tb.Cleanup(func() {
		if b.tb.Failed() {
			p.keep()
		}
		stop()
	})
	if err := chromedp.Do(ctx); err != nil { // this context owns the tab, so it has no limit
		b.tb.Fatalf("open tab: %v", err)
	}
	p.emulate(b.shared.agent, width, height, lang)
	return p
}

// emulate makes motion reduced everywhere, so that pictures are stable.
func (p *Page) emulate(agent string, width, height int, lang string) {
	p.tb.Helper()
	scheme := "light"
	if p.options.Dark {
		scheme = "dark"
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	p.Resize(width, height)
	call(p, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: lang})
	call(p, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: lang})
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: p.options.NoScript})
}

// Resize makes the window width × height CSS pixels; the page stays as it is.
func (p *Page) Resize(width, height int) {
	p.tb.Helper()
	p.width = width
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: int64(height), DeviceScaleFactor: 1, Mobile: width < narrow,
	})
}

// Width is the window's, in CSS pixels.
func (p *Page) Width() int { return p.width }

// Goto opens an address and waits until the page has loaded, whatever its
// status is.
func (p *Page) Goto(address string) {
	p.tb.Helper()
	before := p.log.arrivals()
	answer := call(p, cdppage.Navigate, cdppage.NavigateParams{URL: address})
	if answer.ErrorText != "" {
		p.fail("open %s: %s", address, answer.ErrorText)
	}
	p.arrive(before, "open "+address)
}

// Back goes one step back in the tab's history and waits for that page.
func (p *Page) Back() {
	p.tb.Helper()
	history := call(p, cdppage.GetNavigationHistory, cdp.Empty{})
	if history.CurrentIndex < 1 {
		p.fail("go back: there is no page before this one")
	}
	before := p.log.arrivals()
	entry := history.Entries[history.CurrentIndex-1].ID
	call(p, cdppage.NavigateToHistoryEntry, cdppage.NavigateToHistoryEntryParams{EntryID: entry})
	p.arrive(before, "go back")
}

// arrive waits until a page that came after the count has loaded.
func (p *Page) arrive(before int, act string) {
	p.tb.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	if err := p.log.wait(ctx, before); err != nil {
		p.fail("%s: no page came: %v", act, err)
	}
}

func (p *Page) limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, limit)
}

// call sends one command of the DevTools protocol.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.tb.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	answer, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.fail("%s: %v", command.Method, err)
	}
	return answer
}
