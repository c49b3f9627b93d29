package browser

import _ "embed" // layout.js

//go:embed layout.js
var layoutScript string

// Layout is how a page lies in its window.
type Layout struct {
	Width int      // of all that is on it, in CSS pixels
	Out   []string // what reaches out of the window: the first three elements
	Shape string   // the same for pages that differ in their words and numbers alone
}

// Layout looks at the page as it lies in its window now.
func (p *Page) Layout() Layout {
	p.tb.Helper()
	return Eval[Layout](p, layoutScript)
}
