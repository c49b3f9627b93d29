package apptest_test

import (
	"testing"

	"tilgang/internal/app/apptest"
)

func TestAnUnknownHostIsAPlain404(t *testing.T) {
	w := apptest.New(t)
	w.Tenant("havn")
	page := w.Browser("nobody").Get("/signin")
	if page.Status != 404 || page.Text() != "404 not found" {
		t.Errorf("%d %s", page.Status, page.Text())
	}
	if page := w.Browser("havn").Get("/signin"); page.Status != 200 {
		t.Errorf("%d %s", page.Status, page.Text())
	}
}
