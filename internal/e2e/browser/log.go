package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// log is what the browser told about one tab. Its take runs on the goroutine
// that reads the browser's messages, so it only notes down.
type log struct {
	mu        sync.Mutex
	changed   chan struct{} // closed, and replaced, by every arrival and load
	main      cdp.FrameID
	count     int // pages that came, places within a page included
	loaded    bool
	broken    string // the address that could not be reached
	status    map[cdp.FrameID]int64
	documents map[network.RequestID]bool
	hosts     map[string]bool
	errors    []string
}

func newLog() *log {
	return &log{
		changed: make(chan struct{}), status: map[cdp.FrameID]int64{},
		documents: map[network.RequestID]bool{}, hosts: map[string]bool{},
	}
}

func (l *log) take(message any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := message.(type) {
	case *network.EventRequestWillBeSent:
		l.request(e)
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			l.status[e.FrameID] = e.Response.Status
		}
	case *cdppage.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			l.main, l.broken = e.Frame.ID, e.Frame.UnreachableURL
			l.arrived(e.Type == cdppage.NavigationTypeBackForwardCacheRestore) // restored whole: no load follows
		}
	case *cdppage.EventNavigatedWithinDocument:
		if e.FrameID == l.main {
			l.arrived(l.loaded)
		}
	case *cdppage.EventLoadEventFired:
		l.loaded = true
		l.tell()
	default:
		l.complaint(message)
	}
}

func (l *log) request(e *network.EventRequestWillBeSent) {
	if e.Type == network.ResourceTypeDocument {
		l.documents[e.RequestID] = true
	}
	if u, err := url.Parse(e.Request.URL); err == nil && u.Host != "" {
		l.hosts[u.Hostname()] = true
	}
}

// complaint notes what a person with the developer tools open would see in
// red. That a page itself has an error status is the server's answer, not a
// fault of the page.
func (l *log) complaint(message any) {
	switch e := message.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			l.errors = append(l.errors, "console: "+words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		l.errors = append(l.errors, "exception: "+exception(e.ExceptionDetails))
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError && !l.documents[e.Entry.NetworkRequestID] {
			l.errors = append(l.errors, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

func words(args []*runtime.RemoteObject) string {
	var parts []string
	for _, arg := range args {
		if arg.Description != "" {
			parts = append(parts, arg.Description)
			continue
		}
		parts = append(parts, string(arg.Value))
	}
	return strings.Join(parts, " ")
}

func exception(details *runtime.ExceptionDetails) string {
	if details.Exception != nil && details.Exception.Description != "" {
		return details.Text + " " + details.Exception.Description
	}
	return details.Text
}

func (l *log) arrived(loaded bool) {
	l.count++
	l.loaded = loaded
	l.tell()
}

func (l *log) tell() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *log) arrivals() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// wait returns when a page that came after the count has loaded.
func (l *log) wait(ctx context.Context, before int) error {
	for {
		l.mu.Lock()
		done, broken, changed := l.count > before && l.loaded, l.broken, l.changed
		l.mu.Unlock()
		if done && broken != "" {
			return errors.New("cannot reach " + broken)
		}
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Status is the HTTP status of the page that is open.
func (p *Page) Status() int {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return int(p.log.status[p.log.main])
}

// ConsoleErrors is what the tab's pages wrote as errors so far: failed
// scripts, refused resources, breaches of the content security policy.
func (p *Page) ConsoleErrors() []string {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return slices.Clone(p.log.errors)
}

// Requests lists the names of the hosts that the tab asked for anything so
// far, sorted and without ports.
func (p *Page) Requests() []string {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return slices.Sorted(maps.Keys(p.log.hosts))
}
