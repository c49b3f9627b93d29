package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/roster"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// The clock alone opens and closes doors: in these stories it is moved, and no
// work of the outbox and no sweep is ever done.

const (
	fjell = `
name: Fjell
languages: [en, nb]
time_zone: Europe/Oslo
legal_employers: [{key: fjell-energi, name: Fjell Energi AS, country: "NO"}, {key: fjell-nett, name: Fjell Nett AS, country: "NO"}]
branding: {primary: "#0d6fb5", sender_name: Fjell}
support: {channels: [{kind: email, value: hr@fjell.example}], whom_to_ask: {"*": {en: Ask HR where you worked., nb: Spør HR der du jobbet.}}}
mfa: {methods: {totp: off, phone: off, push: off, passkey: off}, offer: skip}
session: {idle: 60m, absolute: 24h}
alumni: {windows: {"*": 1 month, fjell-nett: 2 months}, classes: [employment, payslip]}
`
	idaAtWork, idaAtHome = "ida@fjell.example", "ida@home.example"
	sentence             = "a long and private sentence"
)

// marks are words that stand in the data of one class and nowhere else.
func marks() map[string]string {
	return map[string]string{tenant.ClassEmployment: "Turbinmontør", tenant.ClassProfile: "4740055511", payslip: paid, annual: yearly}
}

// shown are pages that show a class to whom it is open.
func shown() map[string][]string {
	return map[string][]string{tenant.ClassEmployment: {"/", "/employment"}, tenant.ClassProfile: {"/profile"}, payslip: {"/document"}, annual: {"/document"}}
}

// clockWorld is an employer with Ida, who has both addresses and no factor.
type clockWorld struct {
	*apptest.World

	ctx     context.Context
	person  uuid.UUID
	account account.Account
	staff   string
	alumni  string
}

// newClock hires Ida until a day. Rows are those of a staff file.
func newClock(t *testing.T, rows ...string) *clockWorld {
	t.Helper()
	w := &clockWorld{World: apptest.New(t)}
	w.ctx, w.staff, w.alumni = w.Custom("fjell", fjell), "fjell."+w.Base, "alumni.fjell."+w.Base
	w.file(rows...)
	w.deliver()
	hash, err := w.App.Services.Passwords.Hash(w.ctx, tenant.MustFrom(w.ctx).ID, sentence)
	if err != nil {
		t.Fatal(err)
	}
	w.do(func(ctx context.Context) error {
		ida, err := people.ByNumber(ctx, "7")
		if err != nil {
			return err
		}
		w.person = ida.ID
		w.account, err = account.Create(ctx, account.New{PersonID: ida.ID, Kind: account.Work, Address: idaAtWork, AddressKey: idaAtWork, PasswordHash: hash})
		if err != nil {
			return err
		}
		return account.AddIdentifier(ctx, w.account.ID, account.Private, idaAtHome, idaAtHome)
	})
	return w
}

// file takes rows of employment in.
func (w *clockWorld) file(rows ...string) {
	w.T.Helper()
	text := "employee_number;given_name;family_name;work_email;private_email;phone;job_title;legal_employer;start_date;end_date\n"
	for _, row := range rows {
		text += row + "\n"
	}
	out, err := w.App.Services.Roster.Run(w.ctx, "staff.csv", strings.NewReader(text), false, func(roster.Import) {})
	if err != nil || out.State != roster.Done || out.Problems+out.Proposed > 0 {
		w.T.Fatalf("the file ended as %s %s: %v %+v", out.State, out.Error, err, out)
	}
}

// ida is a row of hers.
func ida(number, employer, start, end string) string {
	return strings.Join([]string{number, "Ida", "Berg", idaAtWork, idaAtHome, "+4740055511", "Turbinmontør", employer, start, end}, ";")
}

func (w *clockWorld) do(fn func(context.Context) error) {
	w.T.Helper()
	if err := w.DB.Tx(w.ctx, fn); err != nil {
		w.T.Fatal(err)
	}
}

// at sets the clock, in UTC.
func (w *clockWorld) at(utc string) {
	w.T.Helper()
	when, err := time.Parse(time.RFC3339, utc)
	if err != nil {
		w.T.Fatal(err)
	}
	w.Clock.Move(when.Sub(w.Clock.Now()))
}

// signIn tries on a host and gives where it ended.
func (w *clockWorld) signIn(host, address string) (*apptest.Browser, *apptest.Page) {
	w.T.Helper()
	b := w.BrowserOn(host)
	b.Get("/signin")
	b.Submit("email", address)
	return b, b.Submit("password", sentence)
}

// in signs in and fails where that does not lead home.
func (w *clockWorld) in(host, address string) *apptest.Browser {
	w.T.Helper()
	b, p := w.signIn(host, address)
	if p.URL.Host != host || p.URL.Path != "/" || b.Get("/session").Status != http.StatusOK {
		w.T.Fatalf("%s on %s ended on %s\n%s", address, host, p.URL, p.Text())
	}
	return b
}

// wrong signs in and wants the answer of an unknown address.
func (w *clockWorld) wrong(host, address string) {
	w.T.Helper()
	b, p := w.signIn(host, address)
	if p.Status != http.StatusUnprocessableEntity || !p.Has("The address or the password is not right") || b.Get("/session").Status == http.StatusOK {
		w.T.Errorf("%s on %s: %d on %s\n%s", address, host, p.Status, p.URL, p.Text())
	}
}

// closed signs in on the alumni host and wants the one page that says it is over.
func (w *clockWorld) closed() *apptest.Browser {
	w.T.Helper()
	b, p := w.signIn(w.alumni, idaAtHome)
	if p.URL.Path != "/alumni/closed" || !p.Has("Your access has ended") || b.Get("/session").Status == http.StatusOK {
		w.T.Fatalf("%d on %s\n%s", p.Status, p.URL, p.Text())
	}
	return b
}

// door asks for every address of the list that shows data, each as the first
// one after the clock was moved: the session is as it was. Data of classes that
// are not open appears nowhere, data of those that are where it belongs. A shut
// door, and no other, leads to an address that begins with led.
func (w *clockWorld) door(when string, b *apptest.Browser, open []string, led string) {
	w.T.Helper()
	cookies, n := b.Cookies(), 0
	for _, r := range app.AllRoutes() {
		if !r.Data || r.Side != "" && r.Side != httpkit.Alumni && r.Side != httpkit.Staff || r.Method != http.MethodGet && led == "" {
			continue
		}
		n++
		w.revive(b, cookies)
		where := fmt.Sprintf("%s: %s %s on %s", when, r.Method, r.Path, b.Host)
		w.judge(where, r, b.Raw(w.ask(b, r)), open, led)
	}
	w.revive(b, cookies)
	if n < 20 {
		w.T.Fatalf("only %d addresses show data", n)
	}
}

func (w *clockWorld) ask(b *apptest.Browser, r httpkit.Route) *http.Request {
	path := strings.ReplaceAll(r.Path, ":id", "per_"+w.person.String())
	for _, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, ":") {
			path = strings.ReplaceAll(path, part, uuid.NewString())
		}
	}
	if r.Method == http.MethodGet {
		return b.Request(http.MethodGet, path, nil)
	}
	req := b.Request(http.MethodPost, path, strings.NewReader(url.Values{"language": {"nb"}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

// revive lets the session be open as if nothing had been asked since.
func (w *clockWorld) revive(b *apptest.Browser, cookies []*http.Cookie) {
	w.T.Helper()
	for _, c := range cookies {
		b.SetCookie(c.Name, c.Value)
	}
	w.do(func(ctx context.Context) error {
		_, err := db.Exec(ctx, "UPDATE sessions SET ended_at = NULL, ended_why = '' WHERE tenant_id = @tenant AND ended_why IN ('closed', 'moved')")
		return err
	})
}

func (w *clockWorld) judge(where string, r httpkit.Route, p *apptest.Page, open []string, led string) {
	w.T.Helper()
	for class, mark := range marks() {
		there := strings.Contains(p.Body, mark)
		switch wanted := slices.Contains(open, class); {
		case there && !wanted:
			w.T.Errorf("%s shows the %s (%d)", where, class, p.Status)
		case !there && wanted && slices.Contains(shown()[class], r.Path):
			w.T.Errorf("%s lacks the %s (%d)\n%s", where, class, p.Status, p.Text())
		}
	}
	to := p.Header.Get("Location")
	if r.Method != http.MethodGet { // who sends a form begins anew
		led = strings.TrimPrefix(led, "http://"+w.alumni)[:min(len(led), len("/signin"))]
	}
	visitor := r.Gate.Kind == "public" && p.Status == http.StatusOK && p.Has("Sign in")
	switch away := p.Status == http.StatusSeeOther && strings.HasPrefix(to, led); {
	case led != "" && !away && !visitor:
		w.T.Errorf("%s answers %d to %q after the end\n%s", where, p.Status, to, p.Text())
	case led == "" && (strings.Contains(to, "/signin") || p.Status >= http.StatusInternalServerError):
		w.T.Errorf("%s answers %d to %q while the door is open", where, p.Status, to)
	}
}

func all() []string {
	return []string{tenant.ClassEmployment, tenant.ClassProfile, payslip, annual}
}
func alumniSees() []string { return []string{tenant.ClassEmployment, payslip} }

// The moments are written out in UTC, so that the test counts no zone itself.
func TestTheClockAloneOpensAndClosesEveryDataRoute(t *testing.T) {
	for _, c := range []struct {
		name, last                             string // last day of work
		before, end, later, windowBefore, over string
	}{
		{"a winter's night: 23:30 UTC is the next day in Oslo", "2027-01-15", "2027-01-15T22:59:59Z", "2027-01-15T23:00:00Z", "2027-01-15T23:30:00Z", "2027-02-15T22:59:59Z", "2027-02-15T23:00:00Z"},
		{"the night before summer time", "2027-03-28", "2027-03-28T21:59:59Z", "2027-03-28T22:00:00Z", "2027-03-28T22:45:00Z", "2027-04-28T21:59:59Z", "2027-04-28T22:00:00Z"},
		{"the night before winter time", "2027-10-31", "2027-10-31T22:59:59Z", "2027-10-31T23:00:00Z", "2027-10-31T23:30:00Z", "2027-11-30T22:59:59Z", "2027-11-30T23:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newClock(t, ida("7", "fjell-energi", "2020-01-01", c.last))
			w.at(c.before)
			w.Pass(-10 * time.Minute)
			atWork, atHome := w.in(w.staff, idaAtWork), w.in(w.alumni, idaAtHome)
			w.at(c.before)
			w.door("in the last second at work", atWork, all(), "")
			w.door("in the last second at work", atHome, all(), "")
			w.at(c.end)
			w.left(c.end, atWork, atHome)
			w.wrong(w.staff, idaAtWork)
			w.wrong(w.alumni, idaAtWork)
			w.at(c.later)
			w.left(c.later, atWork, atHome)
			w.at(c.windowBefore)
			w.Pass(-10 * time.Minute)
			atHome = w.in(w.alumni, idaAtHome)
			w.at(c.windowBefore)
			w.door("in the last second of the window", atHome, alumniSees(), "")
			w.at(c.over)
			w.door("after the window", atHome, nil, "http://"+w.alumni+"/signin?ended=closed")
			w.gone(c.over)
		})
	}
}

// left is what the day after the last one is like.
func (w *clockWorld) left(when string, atWork, atHome *apptest.Browser) {
	w.T.Helper()
	w.door(when, atWork, nil, "http://"+w.alumni+"/signin?ended=moved")
	w.door(when, atHome, alumniSees(), "")
	if _, p := w.signIn(w.staff, idaAtHome); p.URL.Host != w.alumni {
		w.T.Errorf("%s: the private address on the staff host ends on %s", when, p.URL)
	}
	fresh := w.in(w.alumni, idaAtHome)
	w.door(when+", freshly signed in", fresh, alumniSees(), "")
}

// gone is what it is like when the window is over.
func (w *clockWorld) gone(when string) {
	w.T.Helper()
	for _, host := range []string{w.staff, w.alumni} {
		w.wrong(host, idaAtWork)
	}
	b := w.closed()
	w.door(when+", after a correct sign-in", b, nil, "/signin")
	if p := b.Get("/alumni/closed"); strings.Contains(p.Body, "Turbinmontør") || strings.Contains(p.Body, "4740055511") || strings.Contains(p.Body, "Ida") {
		w.T.Errorf("%s: the closed page shows data\n%s", when, p.Text())
	}
	other := w.BrowserOn(w.alumni)
	if p := other.Get("/alumni/closed"); p.URL.Path != "/signin" {
		w.T.Errorf("%s: a visitor sees %s", when, p.URL)
	}
	other.Submit("email", idaAtHome)
	if p := other.Get("/alumni/closed"); p.URL.Path != "/signin/password" || p.Has("ended") {
		w.T.Errorf("%s: before the password there is %s\n%s", when, p.URL, p.Text())
	}
}

// Each employer's door is its own: one closes while the other stays open.
func TestEachEmployersDataAnswersByItsOwnDoor(t *testing.T) {
	w := newClock(t, ida("7", "fjell-energi", "2020-01-01", "2027-01-15"))
	more := people.Typed{
		sheet.LegalEmployer: "fjell-nett", sheet.EmployeeNumber: "70", sheet.StartDate: "2021-01-01", sheet.EndDate: "2027-01-15", sheet.JobTitle: "Linjemontør",
	}
	if _, err := w.App.Services.People.Rehire(w.ctx, w.person, more); err != nil {
		t.Fatal(err)
	}
	w.at("2027-02-10T12:00:00Z")
	b := w.in(w.alumni, idaAtHome)
	home := b.Get("/")
	for _, words := range []string{"Turbinmontør", "Linjemontør", "Fjell Energi AS 15 February 2027", "Fjell Nett AS 15 March 2027"} {
		if !home.Has(words) {
			t.Errorf("home lacks %q\n%s", words, home.Text())
		}
	}
	w.at("2027-02-16T12:00:00Z")
	b = w.in(w.alumni, idaAtHome)
	for _, path := range []string{"/", "/employment"} {
		if p := b.Get(path); p.Has("Turbinmontør") || !p.Has("Linjemontør") || !p.Has("15 March 2027") {
			t.Errorf("%s\n%s", path, p.Text())
		}
	}
	w.at("2027-03-16T12:00:00Z")
	w.closed()
}

func TestWhoHasLeftChangesNoDataButTheirOwnSettings(t *testing.T) {
	w := newClock(t, ida("7", "fjell-energi", "2020-01-01", "2027-01-15"))
	w.at("2027-01-20T12:00:00Z")
	b := w.in(w.alumni, idaAtHome)
	for _, r := range app.AllRoutes() {
		edits := r.Method == http.MethodPost && slices.ContainsFunc(r.Classes, func(c string) bool { return c != httpkit.ClassAccount })
		if !edits {
			continue
		}
		if p := b.Raw(w.ask(b, r)); p.Status != http.StatusForbidden {
			t.Errorf("%s %s answers %d", r.Method, r.Path, p.Status)
		}
	}
	if p := b.Post("/profile", url.Values{"language": {"nb"}}); p.Status != http.StatusOK || !p.Has("Språk") {
		t.Errorf("the language: %d %s", p.Status, p.Text())
	}
	for _, path := range []string{"/security", "/security/password", "/security/addresses", "/security/sessions"} {
		if p := b.Get(path); p.Status != http.StatusOK {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
}

// Whoever tries the demonstration out finds the leaver's way open.
func TestTheDemonstrationsAlumnaSeesHerLastDay(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("nordlys", "alumnus")
	b := s.BrowserOn(strings.TrimPrefix(who.AlumniURL, "http://"))
	if p := s.SignIn(b, who, "/"); !p.Has("Solveig") || !p.Has("30 June 2030") && !p.Has("30. juni 2030") || !p.Has("Nordlys Energi AS") {
		t.Errorf("%s\n%s", p.URL, p.Text())
	}
}

// P49: a window that is made shorter holds for whoever is signed in.
func TestAWindowMadeShorterCutsTheSession(t *testing.T) {
	w := newClock(t, ida("7", "fjell-energi", "2020-01-01", "2027-01-15"))
	w.at("2027-01-20T12:00:00Z")
	b := w.in(w.alumni, idaAtHome)
	w.Custom("fjell", strings.Replace(fjell, `"*": 1 month`, `"*": none`, 1))
	w.Pass(10 * time.Second) // what a process knows of a tenant is that old at most
	w.door("the window is gone", b, nil, "http://"+w.alumni+"/signin?ended=closed")
	w.closed()
}

func TestALastDaySetBackCutsTheSession(t *testing.T) {
	w := newClock(t, ida("7", "fjell-energi", "2020-01-01", ""))
	w.at("2027-01-20T12:00:00Z")
	b := w.in(w.staff, idaAtWork)
	o, err := w.App.Services.Alumni.Look(w.ctx, w.person)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.Services.People.End(w.ctx, w.person, o.Jobs[0].ID, "2027-01-19"); err != nil {
		t.Fatal(err)
	}
	w.door("the last day was yesterday", b, nil, "http://"+w.alumni+"/signin?ended=moved")
	w.wrong(w.staff, idaAtWork)
}
