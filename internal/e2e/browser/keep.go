package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tilgang/internal/testenv"
)

// keeping bounds the saving of a page that may be the one that hangs.
const keeping = 5 * time.Second

// Screenshot writes the whole page, beyond the window too, as PNG to path.
func (p *Page) Screenshot(path string) {
	p.tb.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	if err := picture(ctx, path); err != nil {
		p.fail("screenshot: %v", err)
	}
}

// Screen writes a screenshot into the folder SCREENS_DIR, which `make screens`
// sets, under a name such as signin-360.png; without it nothing happens.
func (p *Page) Screen(name string) {
	p.tb.Helper()
	folder := os.Getenv("SCREENS_DIR")
	if folder == "" {
		return
	}
	name += "-" + strconv.Itoa(p.width)
	if p.options.Dark {
		name += "-dark"
	}
	p.Screenshot(filepath.Join(folder, name+".png"))
}

func picture(ctx context.Context, path string) error {
	yes := true
	shot, err := chromedp.Call(ctx, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{
		Format: cdppage.CaptureScreenshotFormatPng, CaptureBeyondViewport: &yes,
	})
	if err != nil {
		return fmt.Errorf("capture: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if err := os.WriteFile(path, shot.Data, 0o600); err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	return nil
}

// fail ends the test and keeps the page for whoever reads why.
func (p *Page) fail(format string, args ...any) {
	p.tb.Helper()
	p.keep()
	p.tb.Fatalf(format, args...)
}

// keep saves the page's picture and HTML, once per page.
func (p *Page) keep() {
	p.tb.Helper()
	if p.kept {
		return
	}
	p.kept = true
	ctx, cancel := context.WithTimeout(p.ctx, keeping)
	defer cancel()
	folder, err := os.MkdirTemp(testenv.Artifacts(), "page-")
	if err != nil {
		p.tb.Logf("the page could not be kept: %v", err)
		return
	}
	address, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href"))
	html, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.documentElement.outerHTML"))
	_ = os.WriteFile(filepath.Join(folder, "page.html"), []byte(html), 0o600)
	if err := picture(ctx, filepath.Join(folder, "page.png")); err != nil {
		p.tb.Logf("the page's picture could not be kept: %v", err)
	}
	p.tb.Logf("the page %s is kept in %s; console: %q", address, folder, p.ConsoleErrors())
}
