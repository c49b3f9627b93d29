package e2e_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"slices"
	"testing"

	"tilgang/internal/app/apptest"
	"tilgang/internal/document"
	"tilgang/internal/document/parcel"
)

// The classes of Ida's two documents, and what each is called: the employer keeps
// the one open to those who have left, and not the other.
const (
	payslip, paid  = "payslip", "Turbinlønn mars"
	annual, yearly = "annual_statement", "Turbinoppgave"
)

// deliver hands Ida a payslip and an annual statement of her first employer.
func (w *clockWorld) deliver() {
	w.T.Helper()
	list := "file,employee_number,kind,date,title,legal_employer\n" +
		"pay.pdf,7,payslip,2026-03-25," + paid + ",fjell-energi\n" +
		"year.pdf,7,annual_statement,2026-01-20," + yearly + ",fjell-energi\n"
	var body bytes.Buffer
	z := zip.NewWriter(&body)
	for _, f := range [][2]string{{parcel.Manifest, list}, {"pay.pdf", "%PDF-1.4\n% pay\n%%EOF\n"}, {"year.pdf", "%PDF-1.4\n% year\n%%EOF\n"}} {
		out, err := z.Create(f[0])
		if err == nil {
			_, err = out.Write([]byte(f[1]))
		}
		if err != nil {
			w.T.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		w.T.Fatal(err)
	}
	src, err := parcel.OpenArchive(bytes.NewReader(body.Bytes()), int64(body.Len()), io.NopCloser(nil))
	if err != nil {
		w.T.Fatal(err)
	}
	row, err := w.App.Services.Documents.Run(w.ctx, "march.zip", src, false, func(document.Delivery) {})
	if err != nil || row.Problems > 0 {
		w.T.Fatalf("the documents: %v %+v", err, row)
	}
}

// A page that lists documents is one thing, their own addresses are another: each
// answers by the class and the clock too.
func TestTheClockOpensAndClosesEachDocument(t *testing.T) {
	w := newClock(t, ida("7", "fjell-energi", "2020-01-01", "2027-01-15"))
	w.at("2027-01-15T22:55:00Z")
	b := w.in(w.alumni, idaAtHome)
	pages := map[string]string{}
	for _, title := range []string{paid, yearly} {
		b.Get("/document")
		pages[title] = b.Follow(title).URL.Path
	}
	files := map[string]string{}
	for title, page := range pages {
		files[title] = link(t, b.Get(page), "/document/file/")
	}
	w.readable(b, "in the last second at work", pages, files, paid, yearly)
	w.at("2027-01-15T23:00:00Z")
	w.readable(b, "from the first second after", pages, files, paid)
	w.at("2027-02-15T22:55:00Z")
	b = w.in(w.alumni, idaAtHome)
	files = map[string]string{paid: link(t, b.Get(pages[paid]), "/document/file/")}
	w.readable(b, "in the window", pages, files, paid)
	w.at("2027-02-15T23:00:00Z")
	w.readable(b, "after the window", pages, files)
}

// readable asks for each document's page and file without following; those of
// open, and no others, answer.
func (w *clockWorld) readable(b *apptest.Browser, when string, pages, files map[string]string, open ...string) {
	w.T.Helper()
	cookies := b.Cookies()
	for _, list := range []map[string]string{pages, files} {
		for title, address := range list {
			w.revive(b, cookies)
			p := b.Raw(b.Request(http.MethodGet, address, nil))
			if there := p.Status == http.StatusOK; there != slices.Contains(open, title) {
				w.T.Errorf("%s: %s of %s answers %d\n%s", when, address, title, p.Status, p.Text())
			}
		}
	}
}
