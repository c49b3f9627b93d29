package browser

import (
	_ "embed" // axe-core
	"fmt"
	"strings"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axeScript string

// axeRun checks the rules of WCAG 2.0, 2.1 and 2.2 at levels A and AA. Stylesheets
// are not gathered beforehand: only a rule on trial asks for them.
const axeRun = `axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"], preload: { assets: ["media"] },
}).then((r) => r.violations.map((v) => ({
  id: v.id, impact: v.impact || "", help: v.help, targets: v.nodes.map((n) => n.target.flat().join(" ") + " " + (n.any[0] ? n.any[0].message : "")),
})))`

// Violation is one rule of WCAG 2.2 A or AA that the page breaks, and where.
type Violation struct {
	ID      string   // axe-core's name of the rule
	Impact  string   // minor, moderate, serious or critical
	Help    string   // the rule in words
	Targets []string // CSS selectors, each with what is wrong there
}

// String is one line for a test's report.
func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s: %s", v.ID, v.Impact, v.Help, strings.Join(v.Targets, "; "))
}

// Axe checks the page as it is shown now; none means that axe-core found
// nothing wrong. It takes about a quarter of a second.
func (p *Page) Axe() []Violation {
	p.tb.Helper()
	if p.options.NoScript {
		p.fail("axe-core needs timers: check this page in a tab without NoScript")
	}
	if !Eval[bool](p, `typeof axe === "object"`) {
		p.loadAxe()
	}
	return Eval[[]Violation](p, axeRun)
}

// loadAxe gives axe-core to this page and to all that the tab shows after it:
// sending it to each costs more than what it does there.
func (p *Page) loadAxe() {
	p.tb.Helper()
	call(p, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: axeScript})
	ctx, cancel := p.limited()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axeScript)); err != nil {
		p.fail("load axe-core: %v", err)
	}
}
