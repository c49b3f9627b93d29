package reset_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/reset"
)

// byLetter lets an employer's HR make letters.
const byLetter = "invitation: {without_email: letter}\n"

// numbered is somebody who signs in with an employee number.
func (w *world) numbered(ctx context.Context, name, number string) account.Account {
	w.T.Helper()
	a := w.hire(ctx, person{name: name, idle: true})
	w.do(ctx, func(ctx context.Context) (err error) {
		a, err = account.Create(ctx, account.New{PersonID: a.PersonID, Kind: account.Number, Address: number, AddressKey: account.NumberKey(number), PasswordHash: "x"})
		return err
	})
	return a
}

// byHR is a context of a tenant in which somebody of HR acts.
func byHR(ctx context.Context) context.Context {
	return authz.With(ctx, authz.Actor{Kind: authz.Person, PersonID: uuid.Must(uuid.NewV7()), Roles: []string{authz.RoleHR}})
}

func (w *world) letter(ctx context.Context, person uuid.UUID, made int) (l reset.Letter, err error) {
	_, err = w.svc.MakeLetter(ctx, person, made, func(made reset.Letter) ([]byte, error) { l = made; return nil, nil })
	return l, err
}

func (w *world) mustLetter(ctx context.Context, person uuid.UUID, made int) reset.Letter {
	w.T.Helper()
	l, err := w.letter(ctx, person, made)
	if err != nil {
		w.T.Fatal(err)
	}
	return l
}

func TestALetterIsForItsOwnEmployersPerson(t *testing.T) {
	w := setUp(t, byLetter)
	ulla, other := w.numbered(w.ctx, "Ulla", "1042"), w.numbered(w.other, "Ulla", "1042")
	if _, err := w.letter(byHR(w.other), ulla.PersonID, 0); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("another employer's HR: %v", err)
	}
	_, err := w.letter(byHR(w.other), other.PersonID, 0)
	refused(t, err, "reset.letter.off")
	l := w.mustLetter(byHR(w.ctx), ulla.PersonID, 0)
	_, err = w.svc.ByLetter(w.other, "1042", l.Code, "192.0.2.1")
	refused(t, err, "reset.letter.wrong")
	for _, name := range []string{"", "-", "1043", "ulla@havn.example"} {
		_, err = w.svc.ByLetter(w.ctx, name, l.Code, "192.0.2.1")
		refused(t, err, "reset.letter.wrong")
	}
	token, err := w.svc.ByLetter(w.ctx, "10 42", l.Code, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.choose(w.ctx, token, newWord); err != nil {
		t.Fatal(err)
	}
	refused(t, w.choose(w.ctx, token, oldWord), "reset.used")
	_, err = w.svc.ByLetter(w.ctx, "1042", l.Code, "192.0.2.1")
	refused(t, err, "reset.letter.wrong")
}

func TestANewLetterEndsTheOneBefore(t *testing.T) {
	w := setUp(t, byLetter)
	ulla := w.numbered(w.ctx, "Ulla", "1042")
	first := w.mustLetter(byHR(w.ctx), ulla.PersonID, 0)
	opened, err := w.svc.ByLetter(w.ctx, "1042", first.Code, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.letter(byHR(w.ctx), ulla.PersonID, 0)
	refused(t, err, "reset.letter.made")
	w.mustLetter(byHR(w.ctx), ulla.PersonID, 1)
	_, err = w.svc.ByLetter(w.ctx, "1042", first.Code, "192.0.2.1")
	refused(t, err, "reset.letter.wrong")
	if err := w.choose(w.ctx, opened, newWord); err == nil {
		t.Error("a page opened with the older letter still chooses")
	}
}

func TestOfManyAtOnceOnePasswordLetterIsMade(t *testing.T) {
	w := setUp(t, byLetter)
	ulla := w.numbered(w.ctx, "Ulla", "1042")
	var wait sync.WaitGroup
	results := make(chan error, 8)
	for range cap(results) {
		wait.Go(func() { _, err := w.letter(byHR(w.ctx), ulla.PersonID, 0); results <- err })
	}
	wait.Wait()
	close(results)
	made := 0
	for err := range results {
		if f, known := fault.As(err); err == nil {
			made++
		} else if !known || f.Code != "reset.letter.made" {
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("%d letters", made)
	}
}

func TestAPasswordLettersCodeIsTriedTenTimes(t *testing.T) {
	w := setUp(t, byLetter)
	ulla := w.numbered(w.ctx, "Ulla", "1042")
	l := w.mustLetter(byHR(w.ctx), ulla.PersonID, 0)
	for range 10 {
		_, err := w.svc.ByLetter(w.ctx, "1042", "00000-00000", "192.0.2.1")
		refused(t, err, "reset.letter.wrong")
	}
	_, err := w.svc.ByLetter(w.ctx, "1042", l.Code, "192.0.2.1")
	refused(t, err, "reset.letter.wrong")
}

func TestWhoGetsNoPasswordLetter(t *testing.T) {
	w := setUp(t, byLetter)
	ulla, anna := w.numbered(w.ctx, "Ulla", "1042"), w.anna()
	idle := w.hire(w.ctx, person{name: "Bo", idle: true})
	_, err := w.letter(byHR(w.ctx), anna.PersonID, 0)
	refused(t, err, "reset.letter.mailed")
	_, err = w.letter(byHR(w.ctx), idle.PersonID, 0)
	refused(t, err, "reset.letter.not_in")
	_, err = w.letter(w.as(ulla, authz.RoleHR), ulla.PersonID, 0)
	refused(t, err, "reset.letter.self")
	for n := range 5 {
		w.mustLetter(byHR(w.ctx), ulla.PersonID, n)
		w.Pass(time.Minute)
	}
	_, err = w.letter(byHR(w.ctx), ulla.PersonID, 5)
	refused(t, err, "reset.often")
	if n := w.count(w.ctx, "audit_events WHERE action = 'reset.letter_made'"); n != 5 {
		t.Errorf("%d letters are written down", n)
	}
}
