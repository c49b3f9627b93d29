package mydata_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/mydata"
)

// openRequest is the tenant's one open request.
func openRequest(s *e2e.Stage, slug string) (r mydata.Request) {
	s.T.Helper()
	err := s.App.DB.Read(s.Operator(slug), func(ctx context.Context) error { return db.Found(db.From(ctx).Where("state = 'open'").Find(&r)) })
	if err != nil {
		s.T.Fatal(err)
	}
	return r
}

func correct(b *apptest.Browser, field, words string) *apptest.Page {
	return b.Post("/mydata/correction", url.Values{"field": {field}, "words": {words}})
}

func TestHRAnswersACorrectionOnceAndItsPersonReadsIt(t *testing.T) {
	s := e2e.New(t)
	b, hr := s.As("havn", "employee"), s.As("havn", "hr")
	for _, bad := range [][2]string{{"", "x"}, {"salary", "x"}, {"name", "  "}, {"name", strings.Repeat("å", 1001)}} {
		if p := correct(b, bad[0], bad[1]); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: %d", bad, p.Status)
		}
	}
	const words = "Mit efternavn er Sørensen nu"
	correct(b, "name", words)
	if p := correct(b, "name", words); p.URL.Path != "/mydata" || !p.Has(words) || rows[mydata.Request](s, "havn") != 1 { // a second click
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if p := correct(b, "name", "Noget andet"); p.Status != http.StatusUnprocessableEntity || !p.Has("Noget andet") {
		t.Errorf("other words about the same: %d", p.Status)
	}
	r := openRequest(s, "havn")
	if bytes.Contains(r.Words, []byte("Sørensen")) {
		t.Error("the words lie in clear")
	}
	at := "/admin/mydata/" + r.ID.String()
	if p := hr.Get("/admin/mydata"); !p.Has("Rettelse: ") {
		t.Fatal(p.Text())
	}
	for _, state := range []string{"", "open", "erased"} {
		if p := hr.Post(at, url.Values{"state": {state}, "words": {"Rettet"}}); p.Status != http.StatusUnprocessableEntity || !p.Has("Rettet") {
			t.Errorf("%q: %d", state, p.Status)
		}
	}
	if p := hr.Post(at, url.Values{"state": {"done"}, "words": {" "}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("without words: %d", p.Status)
	}
	if p := hr.Get(at); !p.Has(words) {
		t.Error(p.Text())
	}
	hr.Post(at, url.Values{"state": {"done"}, "words": {"Rettet i lønsystemet"}})
	if p := hr.Post(at, url.Values{"state": {"declined"}, "words": {"Nej"}}); !p.Has("allerede besvaret") || p.Has("Nej") {
		t.Error(p.Text())
	}
	s.Work()
	if m := s.Mail(s.Who("havn", "employee").Email); !strings.Contains(m.Subject, "HR har svaret") || strings.Contains(m.Text, "lønsystemet") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
	if p := b.Get("/mydata"); !p.Has("Rettet i lønsystemet") || !p.Has("Udført") {
		t.Error(p.Text())
	}
	if asked, answered := events(s, "havn", "mydata.correction_asked"), events(s, "havn", "mydata.answered"); asked != 1 || answered != 1 {
		t.Errorf("the audit has %d and %d", asked, answered)
	}
}

func TestARequestIsForItsOwnHRAndNobodyAnswersTheirOwn(t *testing.T) {
	s := e2e.New(t)
	hr := s.As("havn", "hr")
	correct(hr, "phone", "Forkert nummer")
	r := openRequest(s, "havn")
	at := "/admin/mydata/" + r.ID.String()
	answer := url.Values{"state": {"done"}, "words": {"Fint"}}
	if p := hr.Post(at, answer); p.Status == http.StatusOK && p.URL.Path == at && !p.Has("din egen anmodning") || openRequest(s, "havn").ID != r.ID {
		t.Errorf("the own one: %d\n%s", p.Status, p.Text())
	}
	other := s.As("fjord", "hr")
	none := other.Post("/admin/mydata/"+uuid.NewString(), answer)
	if p := other.Post(at, answer); p.Status != http.StatusNotFound || none.Status != p.Status {
		t.Errorf("another tenant's HR: %d, and %d for nobody's", p.Status, none.Status)
	}
	if p := other.Get("/admin/mydata?person=per_" + r.PersonID.String()); p.Has("Telefon") && len(p.All("tbody")) > 0 {
		t.Error(p.Text())
	}
	for _, role := range []string{"employee", "manager"} {
		b := s.As("havn", role)
		for _, path := range []string{"/admin/mydata", at} {
			if p := b.Get(path); p.Status != http.StatusForbidden {
				t.Errorf("%s at %s: %d", role, path, p.Status)
			}
		}
	}
	if openRequest(s, "havn").ID != r.ID {
		t.Error("it was answered")
	}
}

func TestThePageOfDeletionNamesTheLawAndDeletesNothing(t *testing.T) {
	s := e2e.New(t)
	b := s.As("havn", "employee")
	if p := b.Get("/mydata/erasure"); !p.Has("bogføringsloven § 12") || !p.Has("5 år efter") || !p.Has("GDPR, artikel 5") {
		t.Error(p.Text())
	}
	left := s.BrowserOn("alumni.havn." + s.Base)
	s.SignIn(left, s.Who("havn", "alumnus"), "/mydata/erasure")
	if p := left.Get("/mydata/erasure"); !p.Has("Senest til 31. december") {
		t.Error(p.Text())
	}
	before := len(unzipped(t, s, b))
	b.Post("/mydata/erasure", url.Values{"words": {""}})
	if p := b.Post("/mydata/erasure", url.Values{"words": {"Alt"}}); p.URL.Path != "/mydata" || rows[mydata.Request](s, "havn") != 1 {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	hr := s.As("havn", "hr")
	if p := hr.Get("/admin/mydata/" + openRequest(s, "havn").ID.String()); !p.Has("Eller afslå") {
		t.Error(p.Text())
	}
	hr.Post("/admin/mydata/"+openRequest(s, "havn").ID.String(), url.Values{"state": {"declined"}, "words": {"Vi gemmer lønsedler i fem år."}})
	b.Post("/mydata/copy/drop", url.Values{})
	if after := len(unzipped(t, s, b)); after != before {
		t.Errorf("%d files before, %d after", before, after)
	}
}

// unzipped orders and fetches a copy.
func unzipped(t *testing.T, s *e2e.Stage, b *apptest.Browser) map[string]string {
	t.Helper()
	b.Post("/mydata/copy", url.Values{})
	s.Work()
	return unzip(t, b.Post("/mydata/copy/fetch", url.Values{}))
}
