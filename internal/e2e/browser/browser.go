package browser

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"tilgang/internal/testenv"
)

// limit bounds one act, a page load included. It is generous because a machine
// that builds and tests at once stalls for seconds; a passing act takes
// milliseconds.
const limit = 30 * time.Second

// Browser is one test's hold on the shared Chromium.
type Browser struct {
	tb     testing.TB
	shared *chromium
}

// chromium is the process that all tests of this program share.
type chromium struct {
	ctx   context.Context //nolint:containedctx // chromedp keeps the process in it
	stop  context.CancelFunc
	agent string // the user agent, without a word about being headless
}

// process is this package's one state: starting Chromium costs a second, which
// a hundred tests must not pay each.
var process struct {
	once     sync.Once
	chromium *chromium
	err      error
}

// New returns the test's browser. The test fails when there is no Chromium.
func New(tb testing.TB) *Browser {
	tb.Helper()
	process.once.Do(func() { process.chromium, process.err = start() })
	if process.err != nil {
		tb.Fatalf("start browser: %v", process.err)
	}
	return &Browser{tb: tb, shared: process.chromium}
}

// Main runs the tests, then closes the browser if they started one; it returns
// the exit code:
//
//	func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
func Main(m *testing.M) int {
	code := m.Run()
	if process.chromium != nil {
		process.chromium.stop()
	}
	return code
}

func start() (*chromium, error) {
	path, err := testenv.Chrome()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		// A page lives for a second: optimising its scripts, axe-core's above all, is a tenth of the work.
		chromedp.Flag("js-flags", "--no-maglev --no-turbofan"),
	)
	root, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(root)
	shared := &chromium{ctx: ctx, stop: func() { stopBrowser(); stopAllocator() }}
	if err := chromedp.Do(ctx); err != nil { // this context owns the process, so it has no limit
		shared.stop()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	version, err := chromedp.CallBrowser(ctx, cdpbrowser.GetVersion, cdp.Empty{})
	if err != nil {
		shared.stop()
		return nil, fmt.Errorf("ask for the version: %w", err)
	}
	shared.agent = strings.Replace(version.UserAgent, "HeadlessChrome", "Chrome", 1)
	return shared, nil
}
