package app_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
)

func TestALostDatabaseIsToldWithoutItsCause(t *testing.T) {
	w := apptest.New(t)
	w.Tenant("fjord")
	b := w.Browser("fjord")
	if page := b.Get("/signin"); page.Status != 200 {
		t.Fatalf("%d %s", page.Status, page.Text())
	}
	if err := w.DB.Close(); err != nil {
		t.Fatal(err)
	}
	answers := map[string]*apptest.Page{
		"a form, the tenant still known": b.Post("/signin", url.Values{"email": {"kari@fjord.example"}}),
		"a probe":                        b.Get("/readyz"),
	}
	w.Pass(time.Minute)
	answers["a page, nothing known"] = b.Get("/signin")
	for what, page := range answers {
		if page.Status != 503 {
			t.Errorf("%s: %d", what, page.Status)
		}
		for _, word := range []string{"sql", "closed", "pool", "tx", "goroutine", ".go:", "SELECT"} {
			if strings.Contains(strings.ToLower(page.Text()), strings.ToLower(word)) {
				t.Errorf("%s says %q: %s", what, word, page.Text())
			}
		}
	}
	if page := b.Get("/livez"); page.Status != 200 {
		t.Errorf("the process counts as dead: %d", page.Status)
	}
}
