package once_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
)

// registrations are the secrets of people who come in by themselves.
func registrations() []kind {
	return []kind{
		{"the code of a registration", (*world).registrationCode},
		{"the code that proves a phone in a registration", (*world).registrationPhone},
		{"the end of a registration", (*world).registrationEnd},
	}
}

// leaver is a browser in which somebody asked to register.
func (w *world) leaver() (b *apptest.Browser, code string) {
	w.t.Helper()
	w.hired++
	to := fmt.Sprintf("leaver%d@post.example", w.hired)
	b = w.BrowserOn("alumni.left." + w.Base)
	b.Get("/register")
	b.Submit("email", to)
	w.at(b, "/register/code")
	return b, w.found(to, six)
}

func registering(b *apptest.Browser, path, action string, fields ...string) race {
	return race{slug: "left", side: "alumni.", from: []*apptest.Browser{b}, path: path, fields: fields, rows: acted(action)}
}

func (w *world) registrationCode() race {
	b, code := w.leaver()
	return registering(b, "/register/code", "register.code_typed", "code", code)
}

// dialled is a leaver who waits for the code of a phone.
func (w *world) dialled() (b *apptest.Browser, code string) {
	w.t.Helper()
	b, code = w.leaver()
	b.Submit("code", code)
	w.at(b, "/register/password")
	b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	w.at(b, "/register/phone")
	typed, number := w.number()
	b.Submit("country", "DK", "phone", typed, "@channel", "sms")
	w.at(b, "/register/phone/code")
	return b, w.Texted(number)
}

func (w *world) registrationPhone() race {
	b, code := w.dialled()
	return registering(b, "/register/phone/code", "register.phone_proven", "code", code)
}

func (w *world) registrationEnd() race {
	b, code := w.dialled()
	b.Submit("code", code)
	w.at(b, "/proofing")
	one := somebody()
	one.National = one.Subject
	w.left(one.National)
	w.said("left", "register", "prove", one)
	return race{
		slug: "left", side: "alumni.", from: []*apptest.Browser{b}, method: http.MethodGet, path: "/register/proven",
		won: leads("/signin/next"), rows: "accounts WHERE registered_at IS NOT NULL",
	}
}

// left is somebody who left a year ago and never had an account.
func (w *world) left(national []byte) {
	w.t.Helper()
	w.do("left", func(ctx context.Context) error {
		id, now := uuid.Must(uuid.NewV7()), db.Now(ctx)
		args := []any{
			sql.Named("id", id), sql.Named("job", uuid.Must(uuid.NewV7())), sql.Named("national", national), sql.Named("now", now),
			sql.Named("number", id.String()), sql.Named("end", now.AddDate(-1, 0, 0).Format("2006-01-02")),
		}
		for _, text := range []string{
			`INSERT INTO persons (tenant_id, id, given_name, family_name, national_key, created_at, updated_at) VALUES (@tenant, @id, 'Odd', 'Kleppe', @national, @now, @now)`,
			`INSERT INTO employments (tenant_id, id, person_id, legal_employer_id, employee_number, start_date, end_date, created_at, updated_at)
				SELECT tenant_id, @job, @id, id, @number, '2015-01-01', @end, @now, @now FROM legal_employers WHERE tenant_id = @tenant`,
		} {
			if _, err := db.Exec(ctx, text, args...); err != nil {
				return err
			}
		}
		return nil
	})
}
