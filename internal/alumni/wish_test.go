package alumni_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/alumni"
	"tilgang/internal/app/apptest"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/templates"
)

func TestTemplatesFitTheirPages(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, alumni.Views()...); err != nil {
		t.Error(err)
	}
}

// The whole way: too late, one wish, HR sees and grants it, back in.
func TestAWishIsAskedSeenAndGranted(t *testing.T) {
	w := setUp(t)
	anna := w.alumna(w.ctx, "anna", "2026-12-31")
	w.on("2027-08-01")
	b := w.signIn("anna@home.example")
	for _, words := range []string{"Your access has ended", "Havn Retail A/S", "Last day of access: 30 June 2027", "Ask the office in Aarhus", "help@havn.example", "Ask HR for more time"} {
		if !b.Page.Has(words) {
			t.Fatalf("the closed page lacks %q\n%s", words, b.Page.Text())
		}
	}
	if p := b.Submit(); !p.Has("HR has your request") || p.Has("Ask HR for more time") {
		t.Fatal(p.Text())
	}
	hr := w.hrIn()
	if p := hr.Page; !p.Has("1 person who has left asks for longer access") {
		t.Errorf("home says nothing of it\n%s", p.Text())
	}
	if p := hr.Get("/admin/alumni"); !p.Has("Anna Berg") {
		t.Fatal(p.Text())
	}
	if p := hr.Follow("Anna Berg"); !p.Has("Anna asks for more time") || !p.Has("Kasserer · Havn Retail A/S") {
		t.Fatal(p.Text())
	}
	if p := hr.Submit("until", "2027-07-31"); p.Status != 422 || !p.Has("That day has passed") || apptest.Attr(p.Field("until"), "value") != "2027-07-31" {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	if p := hr.Submit("until", "2027-08-01"); p.URL.Path != "/admin/people/per_"+anna.PersonID.String() || !p.Has("The new last day is saved") {
		t.Fatalf("%s %s", p.URL, p.Text())
	}
	if p := hr.Get("/admin/alumni"); !p.Has("Nobody is waiting") || !p.Has("1 August 2027") || !p.Has("More time") {
		t.Error(p.Text())
	}
	if got := w.mails("anna@home.example"); len(got) != 1 || !strings.Contains(got[0], "Du har adgang til og med 1. august 2027") {
		t.Errorf("mails %v", got)
	}
	if b := w.signIn("anna@home.example"); b.Page.URL.Path != "/" || !b.Page.Has("1. august 2027") {
		t.Errorf("%s\n%s", b.Page.URL, b.Page.Text())
	}
	w.on("2027-08-02")
	if b := w.signIn("anna@home.example"); b.Page.URL.Path != "/alumni/closed" || !b.Page.Has("1 August 2027") {
		t.Errorf("the day after: %s", b.Page.URL)
	}
	if n := w.count(w.ctx, "audit_events WHERE action IN ('alumni.asked', 'alumni.prolonged')"); n != 2 {
		t.Errorf("%d rows in the audit", n)
	}
}

func TestOfSixteenPressesOneMakesAWish(t *testing.T) {
	w := setUp(t)
	anna := w.alumna(w.ctx, "anna", "2026-01-31")
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if err := w.svc.Ask(w.ctx, anna.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.count(w.ctx, "alumni_wishes WHERE 1 = 1"); n != 1 {
		t.Errorf("%d wishes", n)
	}
	if n := w.count(w.ctx, "audit_events WHERE action = 'alumni.asked'"); n != 1 {
		t.Errorf("%d rows in the audit", n)
	}
}

func TestOnlyWhoseAccessHasEndedMayWish(t *testing.T) {
	w := setUp(t)
	bo := w.alumna(w.ctx, "bo", "2026-10-31")
	for name, acc := range map[string]uuid.UUID{"inside the window": bo.ID, "staff": w.hr.ID} {
		if err := w.svc.Ask(w.ctx, acc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.count(w.ctx, "alumni_wishes WHERE 1 = 1"); n != 0 {
		t.Errorf("%d wishes", n)
	}
}

func TestHRSaysNo(t *testing.T) {
	w := setUp(t)
	anna := w.alumna(w.ctx, "anna", "2026-01-31")
	w.signIn("anna@home.example").Submit()
	hr := w.hrIn()
	hr.Get("/admin/people/per_" + anna.PersonID.String() + "/access")
	decline := "/admin/people/per_" + anna.PersonID.String() + "/access/decline"
	if p := hr.Post(decline, nil); p.URL.Path != "/admin/alumni" || !p.Has("The request is answered") || !p.Has("Nobody is waiting") {
		t.Fatal(p.Text())
	}
	if p := hr.Post(decline, nil); !p.Has("There is no open request") {
		t.Error(p.Text())
	}
	if got := w.mails("anna@home.example"); len(got) != 1 || !strings.Contains(got[0], "forbliver lukket") {
		t.Errorf("mails %v", got)
	}
	b := w.signIn("anna@home.example")
	if !b.Page.Has("HR said no") || b.Page.Has("Ask HR for more time") {
		t.Error(b.Page.Text())
	}
	w.Pass(7 * 24 * time.Hour)
	if b := w.signIn("anna@home.example"); !b.Page.Has("Ask HR for more time") {
		t.Error(b.Page.Text())
	}
}

func TestWhatHRCanGive(t *testing.T) {
	w := setUp(t)
	anna := w.alumna(w.ctx, "anna", "2026-10-31")
	job := w.jobOf(w.ctx, anna.PersonID).ID
	hr := w.as(w.hr)
	for typed, want := range map[string]string{
		"": "alumni.until.bad", "tomorrow": "alumni.until.bad", "2026-02-30": "alumni.until.bad",
		"2026-11-21": "alumni.until.past", "2027-04-29": "alumni.until.shorter", "2099-01-01": "alumni.until.far",
	} {
		if _, err := w.svc.Prolong(hr, anna.PersonID, job, typed); codeOf(err) != want {
			t.Errorf("%q: %v, want %s", typed, err, want)
		}
	}
	own := w.jobOf(w.ctx, w.hr.PersonID).ID
	if _, err := w.svc.Prolong(hr, w.hr.PersonID, own, "2028-01-01"); codeOf(err) != "alumni.self" {
		t.Errorf("one's own: %v", err)
	}
	staff := w.hire(w.ctx, "carl", "2020-01-01", "")
	if _, err := w.svc.Prolong(hr, staff.PersonID, w.jobOf(w.ctx, staff.PersonID).ID, "2028-01-01"); codeOf(err) != "alumni.not_ended" {
		t.Errorf("no last day: %v", err)
	}
	for i, want := range []bool{true, false} {
		if changed, err := w.svc.Prolong(hr, anna.PersonID, job, "2027-05-01"); err != nil || changed != want {
			t.Errorf("press %d: %v %v", i+1, changed, err)
		}
	}
	if n := w.count(w.ctx, "audit_events WHERE action = 'alumni.prolonged'"); n != 1 {
		t.Errorf("%d rows in the audit", n)
	}
	if got := w.mails("anna@home.example"); len(got) != 1 {
		t.Errorf("mails %v", got)
	}
}

func TestAnotherTenantHasNoPartInIt(t *testing.T) {
	w := setUp(t)
	anna := w.alumna(w.ctx, "anna", "2026-01-31")
	here := w.jobOf(w.ctx, anna.PersonID)
	if err := w.svc.Ask(w.ctx, anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.Look(w.other, anna.PersonID); codeOf(err) != "http.not_found" {
		t.Errorf("look: %v", err)
	}
	if _, err := w.svc.Prolong(w.other, anna.PersonID, here.ID, "2027-05-01"); codeOf(err) != "http.not_found" {
		t.Errorf("prolong: %v", err)
	}
	if err := w.svc.Decline(w.other, anna.PersonID); codeOf(err) != "http.not_found" {
		t.Errorf("decline: %v", err)
	}
	if err := w.svc.Ask(w.other, anna.ID); err == nil {
		t.Error("asked for another tenant's account")
	}
	if b, err := w.svc.List(w.other); err != nil || len(b.Wishes)+len(b.Answered)+len(b.Prolonged) > 0 {
		t.Errorf("list: %+v %v", b, err)
	}
	if n, err := w.svc.Open(w.other); n != 0 || err != nil {
		t.Errorf("count: %d %v", n, err)
	}
	if n, err := w.svc.Open(w.ctx); n != 1 || err != nil {
		t.Errorf("own count: %d %v", n, err)
	}
}
