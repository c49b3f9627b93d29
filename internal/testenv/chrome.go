package testenv

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// ErrNoChrome says that no browser was found and how to name one.
var ErrNoChrome = errors.New("no Chromium or Chrome found: install chromium, or set CHROME to its path")

// chromeNames are tried in order: the one without windows, which needs a third of
// the time for the same pages; the distributions' names; macOS.
func chromeNames() []string {
	return []string{
		"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	}
}

// Chrome is the path of the browser that the stories drive: CHROME, else the
// first known name that this machine can run.
func Chrome() (string, error) {
	if named := os.Getenv("CHROME"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("CHROME: %w", err)
		}
		return path, nil
	}
	for _, name := range chromeNames() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoChrome
}

// Artifacts is an existing folder for what failing tests leave behind.
func Artifacts() string {
	folder := os.Getenv("TEST_ARTIFACTS")
	if folder == "" {
		return os.TempDir()
	}
	if err := os.MkdirAll(folder, 0o750); err != nil { //nolint:gosec // the developer names the folder
		return os.TempDir()
	}
	return folder
}
