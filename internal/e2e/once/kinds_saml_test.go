package once_test

import (
	"net/http"
	"net/url"
	"strings"

	"tilgang/internal/app/apptest"
)

// posted is a browser on the provider's page, with the answer that it is to post.
func (w *world) posted() (b *apptest.Browser, fields []string) {
	w.t.Helper()
	b, _ = w.linking()
	b.Get("/federation/adfs/start")
	b.Follow("Nobody Knowsme")
	for _, name := range []string{"SAMLResponse", "RelayState"} {
		fields = append(fields, name, apptest.Attr(b.Page.Field(name), "value"))
	}
	return b, fields
}

// posting sends one assertion fifty times: it counts once.
func (w *world) posting() race {
	b, fields := w.posted()
	return race{slug: known, from: []*apptest.Browser{b}, path: "/federation/adfs/acs", fields: fields, rows: "federation_answers WHERE 1 = 1", won: func(p *apptest.Page) bool {
		return strings.Contains(p.Header.Get("Location"), "code=")
	}}
}

// fetching comes back with the name of what was posted.
func (w *world) fetching() race {
	b, fields := w.posted()
	form := url.Values{fields[0]: {fields[1]}, fields[2]: {fields[3]}}
	req := b.Request(http.MethodPost, "http://"+known+"."+w.Base+"/federation/adfs/acs", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	path := b.Raw(req).Header.Get("Location")
	if !strings.Contains(path, "code=") {
		w.t.Fatalf("the answer leads to %q", path)
	}
	return race{slug: known, from: []*apptest.Browser{b}, method: http.MethodGet, path: path, rows: "federation_answers WHERE taken_at IS NOT NULL"}
}
