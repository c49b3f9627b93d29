package walk_test

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/e2e"
	"tilgang/internal/invite"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
	"tilgang/internal/reset"
	"tilgang/internal/roster"
)

// floorNumber is a person of this walk who has neither an address nor a phone,
// and phonedNumber one with a phone.
const (
	floorNumber  = "1411"
	phonedNumber = "1412"
	phonedPhone  = "+4520123412"
)

var byPhone = regexp.MustCompile(`http\S+/invite/[A-Za-z0-9_-]{43}`)

// unmailed follows two of havn's shop floor: one by text message, one by letter.
func (w *walker) unmailed() {
	w.t.Helper()
	file := "employee_number;given_name;family_name;phone;language;job_title;org_unit;legal_employer;start_date\n" +
		floorNumber + ";Ulla;Eng;;" + w.lang + ";Kasseassistent;Region Nord > Butik Aarhus;havn-retail;2026-01-01\n" +
		phonedNumber + ";Kaj;Skov;+45 20 12 34 12;" + w.lang + ";Kasseassistent;Region Nord > Butik Aarhus;havn-retail;2026-01-01\n"
	row, err := w.App.Services.Roster.Run(w.Operator("havn"), "floor.csv", strings.NewReader(file), false, func(roster.Import) {})
	if err != nil || row.State != roster.Done {
		w.t.Fatalf("%s %v", row.State, err)
	}
	w.Work()
	w.lettered()
	w.texted()
}

// lettered is HR's part.
func (w *walker) lettered() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/admin/people")
	p.Goto(w.at("havn", "/admin/people?q="+floorNumber))
	p.Click(".table a[href*='/admin/people/per_']")
	w.look(p, "person-nowhere")
	p.Click("[href$='/letter']")
	w.look(p, "letter")
	who := w.personOf(floorNumber)
	w.overtakes(w.App.Services.Invite.MakeLetter(w.Operator("havn"), who, 0, func(invite.Letter) ([]byte, error) { return nil, nil }))
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p, "letter-made")
	w.provesFor(p, "/admin/people/per_"+who.String()+"/letter")
	p.Goto(w.at("havn", "/admin/people/per_"+who.String()))
	w.look(p, "person-letter")
	p.Goto(w.at("havn", "/admin/people/per_"+who.String()+"/password-letter"))
	w.look(p, "password-letter-refused")
}

// provesFor says who prints a letter, in a session that has been open for long.
func (w *walker) provesFor(p page, address string) {
	w.t.Helper()
	who := w.Who("havn", "hr")
	w.Pass(11 * time.Minute)
	p.Goto(w.at("havn", address))
	w.look(p, "letter-prove")
	p.Fill("current_password", "wrong")
	p.Fill("code", "000000")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Fill("current_password", who.Password)
	p.Fill("code", who.Code(w.Clock.Now()))
	p.Press("#shell-main form .actions .button")
	w.look(p)
}

// texted comes in by phone, and looks at what who forgot the password sees.
func (w *walker) texted() {
	w.t.Helper()
	list := w.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, To: phonedPhone, Limit: 1})
	if len(list) == 0 {
		w.t.Fatal("no text message")
	}
	p := w.tab()
	p.Goto(byPhone.FindString(list[0].Text))
	w.look(p, "welcome-by-phone")
	p.Fill("password", e2e.Word)
	p.Fill("password_confirm", e2e.Word)
	p.Press(".card .actions .button")
	w.forgets(w.tab())
	w.rephoned(w.tab())
	hr := w.tab()
	w.signIn(hr, w.Who("havn", "hr"), "/admin/people")
	hr.Goto(w.at("havn", "/admin/people/per_"+w.personOf(phonedNumber).String()))
	w.look(hr, "person-by-number")
	hr.Click("[href$='/password-letter']")
	w.look(hr, "password-letter")
	w.provesFor(hr, "/admin/people/per_"+w.personOf(phonedNumber).String()+"/password-letter")
	w.overtakes(w.App.Services.Reset.MakeLetter(w.Operator("havn"), w.personOf(phonedNumber), 0, func(reset.Letter) ([]byte, error) { return nil, nil }))
	w.send(hr, "#shell-main form .actions .button")
	w.wrong(hr, "password-letter-made")
}

// overtakes is a colleague who made the letter a moment before.
func (w *walker) overtakes(_ []byte, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *walker) personOf(number string) uuid.UUID {
	w.t.Helper()
	var who people.Person
	err := w.DB.Read(w.Operator("havn"), func(ctx context.Context) (err error) { who, err = people.ByNumber(ctx, number); return })
	if err != nil {
		w.t.Fatal(err)
	}
	return who.ID
}

func (w *walker) forgets(p page) {
	w.t.Helper()
	p.Goto(w.at("havn", "/reset"))
	p.Fill("email", phonedNumber)
	w.look(p, "reset-by-number")
	p.Press("[name=action][value=password]") // one button or two
	w.look(p, "reset-sent-to-phone")
	p.Goto(w.at("havn", "/reset/letter"))
	w.look(p, "letter-code")
	p.Fill("email", phonedNumber)
	p.Fill("code", "00000-00000")
	w.send(p, ".card .actions .button")
	w.wrong(p, "letter-code-wrong")
}
