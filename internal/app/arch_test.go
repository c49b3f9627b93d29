package app_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// tiers is the house from the ground up: a package imports packages of earlier
// lines only. Packages of one line do not know each other.
var tiers = [...]string{
	"db/nocgo migrations templates tenants web", // files, no rules
	"clock fault i18n mailaddr obs picture place roster/workbook secret",
	"captcha/siteverify config document/parcel federation/relying limit message/email message/paper message/render phone roster/sheet",
	"document/files document/inbox federation/saml message/cloud message/sms message/voice tenant",
	"message/pinpoint message/practice message/ses message/sns",
	"authz db password",
	"outbox",
	"httpkit",
	"audit captcha practice/eid support tenancy throttle",
	"account attempt message org",
	"factor people",
	"identity session",
	"alumni console document federation help invite magiclink manager mfa mydata notme practice profile proofing recovery register reset roster security signin", // flows and pages: what people do
	"app",
	"cmd/tilgang",
}

// testOnly packages, and all below e2e and testenv, serve tests; nothing of the
// product imports them. They may use whatever they test.
const testOnly = "testenv e2e db/dbtest app/apptest httpkit/pagetest httpkit/sitetest i18n/i18ntest document/inbox/inboxtest message/paper/papertest message/sendertest roster/workbook/booktest"

// short is a package's name in the list of tiers.
func short(folder string) string { return strings.TrimPrefix(folder, "internal/") }

// lines gives each package of the list its line.
func lines() map[string]int {
	at := map[string]int{}
	for i, line := range tiers {
		for _, name := range strings.Fields(line) {
			at[name] = i
		}
	}
	return at
}

func forTests(name string) bool {
	return slices.Contains(strings.Fields(testOnly), name) || strings.HasPrefix(name, "e2e/") || strings.HasPrefix(name, "testenv/")
}

func TestImportsOnlyGoDown(t *testing.T) {
	at := lines()
	for _, f := range source(t) {
		own := short(f.Package)
		line, known := at[own]
		if !known {
			continue
		}
		for _, imported := range f.Inside() {
			other := short(imported)
			below, listed := at[other]
			switch {
			case forTests(other):
				t.Errorf("%s imports %s, which is for tests only", f.Path, other)
			case listed && below == line:
				t.Errorf("%s: %s and %s stand on one line and must not know each other: meet in a package below, in a redirect or in an outbox event", f.Path, own, other)
			case listed && below > line:
				t.Errorf("%s: %s imports %s, which stands above it", f.Path, own, other)
			}
		}
	}
}

func TestEveryPackageHasALine(t *testing.T) {
	at, seen := lines(), map[string]bool{}
	for _, f := range source(t) {
		seen[short(f.Package)] = true
	}
	for name := range seen {
		if _, listed := at[name]; !listed && !forTests(name) {
			t.Errorf("%s has no line in tiers: decide what it may know", name)
		}
	}
}

func TestNoPackageHasTwoLines(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range strings.Fields(strings.Join(tiers[:], " ") + " " + testOnly) {
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
	}
}

// The tools of tests would carry a browser driver, a type checker and open
// doors such as a movable clock into production.
func TestTheProgramCarriesNothingOfTheTests(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "./cmd/tilgang")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, module+"internal/app") {
		t.Fatalf("go list names %d packages and not internal/app", len(deps))
	}
	for _, dep := range deps {
		inside, ours := strings.CutPrefix(dep, module)
		if ours && forTests(short(inside)) {
			t.Errorf("the program carries %s", dep)
		}
		for _, tool := range []string{"github.com/chromedp/", "github.com/jba/templatecheck", "github.com/google/go-cmp", "pgregory.net/rapid", "net/http/httptest"} {
			if strings.HasPrefix(dep, tool) {
				t.Errorf("the program carries %s", dep)
			}
		}
	}
}
