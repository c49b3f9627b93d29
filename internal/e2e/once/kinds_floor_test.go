package once_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/invite"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
	"tilgang/internal/reset"
	"tilgang/internal/roster"
)

// onTheFloor are the secrets of people who have no e-mail address.
func onTheFloor() []kind {
	return []kind{
		{"the link of an invitation by text message", (*world).textedLink},
		{"the typed code of an invitation by text message", (*world).textedCode},
		{"the code of an invitation on paper", (*world).paperCode},
		{"the link to a new password by text message", (*world).textedReset},
		{"the code for a new password on paper", (*world).paperReset},
		{"the code that proves a phone for text messages", (*world).textsPhone},
	}
}

// colleague takes somebody of the shop floor in; phone is empty for none.
func (w *world) colleague(phone string) (number string) {
	w.t.Helper()
	number = fmt.Sprintf("%d", 100+w.hired)
	text := "employee_number;given_name;family_name;phone;language;job_title;org_unit;legal_employer;start_date\n" +
		number + ";Kaj;Skov;" + phone + ";en;Operator;Shop;main;2026-11-01\n"
	out, err := w.App.Services.Roster.Run(w.Operator("floor"), "floor.csv", strings.NewReader(text), false, func(roster.Import) {})
	if err != nil || out.State != roster.Done {
		w.t.Fatalf("%s %s %v", out.State, out.Error, err)
	}
	w.Work()
	return number
}

// texted is somebody with a phone, and what the newest text message of a kind says.
func (w *world) texted() (number, phone string) {
	w.hired++
	_, phone = w.number()
	return w.colleague(phone), phone
}

func (w *world) text(kind, to string) string {
	w.t.Helper()
	w.Work()
	list := w.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, Kind: kind, To: to, Limit: 1})
	if len(list) == 0 {
		w.t.Fatalf("no %s to %s", kind, to)
	}
	return list[0].Text
}

// followed is a browser that followed the link of a text message.
func (w *world) followed(text, path string) *apptest.Browser {
	w.t.Helper()
	b := w.Browser("floor")
	b.Get(regexp.MustCompile(`http\S+/(?:invite|reset)/[A-Za-z0-9_-]{43}`).FindString(text))
	w.at(b, path)
	return b
}

// typists are fifty, each in a network of its own, who typed one code.
func (w *world) typists(path, number, code, to string) (list []*apptest.Browser) {
	w.t.Helper()
	for i := range w.clients {
		b := w.Browser("floor")
		b.From = network(i)
		b.Get(path)
		b.Submit("email", number, "code", code)
		w.at(b, to)
		list = append(list, b)
	}
	return list
}

// accepted is the race for an invitation; chosen that for a new password.
func accepted(from ...*apptest.Browser) race {
	return race{
		slug: "floor", from: from, path: "/invite", fields: []string{"password", e2e.Word, "password_confirm", e2e.Word},
		won: leads("/invite/done"), rows: acted("invite.accepted"),
	}
}

func chosen(from ...*apptest.Browser) race {
	return race{
		slug: "floor", from: from, path: "/reset/password", fields: []string{"password", e2e.Word + "!", "password_confirm", e2e.Word + "!"},
		rows: acted("reset.completed"),
	}
}

func (w *world) textedLink() race {
	_, phone := w.texted()
	return accepted(w.followed(w.text("invite_text", phone), "/invite"))
}

func (w *world) textedCode() race {
	number, phone := w.texted()
	text := w.text("invite_text", phone)
	return accepted(w.typists("/invite/code", number, text[strings.LastIndex(text, "#")+1:], "/invite")...)
}

func (w *world) paperCode() race {
	w.hired++
	number, code := w.colleague(""), ""
	_, err := w.App.Services.Invite.MakeLetter(w.hr("floor"), w.personOf(number), 0, func(l invite.Letter) ([]byte, error) { code = l.Code; return nil, nil })
	if err != nil {
		w.t.Fatal(err)
	}
	return accepted(w.typists("/invite/code", number, code, "/invite")...)
}

// inside is somebody of the shop floor who has come in.
func (w *world) inside() (number, phone string) {
	w.t.Helper()
	number, phone = w.texted()
	b := w.followed(w.text("invite_text", phone), "/invite")
	b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	w.at(b, "/invite/done")
	return number, phone
}

func (w *world) textedReset() race {
	number, phone := w.inside()
	b := w.Browser("floor")
	b.Get("/reset")
	b.Submit("email", number, "@action", "password")
	return chosen(w.followed(w.text("reset_text", phone), "/reset/password"))
}

func (w *world) paperReset() race {
	number, _ := w.inside()
	code := ""
	_, err := w.App.Services.Reset.MakeLetter(w.hr("floor"), w.personOf(number), 0, func(l reset.Letter) ([]byte, error) { code = l.Code; return nil, nil })
	if err != nil {
		w.t.Fatal(err)
	}
	return chosen(w.typists("/reset/letter", number, code, "/reset/password")...)
}

func (w *world) textsPhone() race {
	number, _ := w.inside()
	b := w.Browser("floor")
	b.Get("/signin")
	b.Submit("email", number)
	b.Submit("password", e2e.Word)
	if b.Page.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	w.hired++ // another phone
	typed, whole := w.number()
	b.Get("/security/texts")
	b.Submit("country", "DK", "phone", typed, "current_password", e2e.Word)
	w.at(b, "/security/texts/code")
	return race{slug: "floor", from: []*apptest.Browser{b}, path: "/security/texts/code", fields: []string{"code", w.Texted(whole)}, rows: acted("security.phone_proven")}
}

func (w *world) personOf(number string) (id uuid.UUID) {
	w.t.Helper()
	err := w.DB.Read(w.Operator("floor"), func(ctx context.Context) error {
		p, err := people.ByNumber(ctx, number)
		id = p.ID
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}
