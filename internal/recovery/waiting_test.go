package recovery_test

import (
	"context"
	"testing"

	"tilgang/internal/authz"
)

func TestHomeCountsWhatWaitsForOnesOwnApproval(t *testing.T) {
	w := setUp(t)
	waits := func(who someone, want int) {
		t.Helper()
		if n, err := w.svc.Waiting(w.as(who)); err != nil || n != want {
			t.Errorf("%d wait for %s, want %d: %v", n, who.name, want, err)
		}
	}
	w.enrol(w.anna)
	w.enrol(w.ada)
	waits(w.hugo, 0)
	r := w.start(w.hanne, w.anna)
	for who, want := range map[*someone]int{&w.hugo: 1, &w.adam: 1, &w.hanne: 0, &w.mette: 0, &w.anna: 0, &w.otto: 0} {
		waits(*who, want)
	}
	privileged := w.start(w.hanne, w.ada) // two administrators, and not herself
	for who, want := range map[*someone]int{&w.hugo: 1, &w.adam: 2, &w.alma: 2, &w.ada: 1} {
		waits(*who, want)
	}
	w.approve(w.adam, privileged)
	waits(w.adam, 1)
	waits(w.alma, 2)
	w.approve(w.hugo, r)
	waits(w.alma, 1)
	w.approve(w.alma, privileged)
	waits(w.alma, 0)
	stranger := authz.With(w.other, authz.Actor{Kind: authz.Person, PersonID: w.hugo.PersonID, Roles: []string{authz.RoleAdmin}})
	w.enrol(w.otto)
	w.start(w.hanne, w.otto)
	if n, err := w.svc.Waiting(stranger); err != nil || n != 0 {
		t.Errorf("another tenant's administrator sees %d: %v", n, err)
	}
	if n, err := w.svc.Waiting(context.WithoutCancel(w.ctx)); err != nil || n != 0 {
		t.Errorf("nobody sees %d: %v", n, err)
	}
	w.Pass(4 * day)
	waits(w.hugo, 0) // what nobody approved in time is over
}

func TestThePersonReadsWhatWasDoneAboutTheExtraStep(t *testing.T) {
	w := setUp(t)
	w.enrol(w.anna)
	r := w.start(w.hanne, w.anna)
	w.approve(w.hugo, r)
	w.pass(w.mette, w.anna)
	if err := w.svc.Cancel(w.as(w.hanne), r.ID); err != nil {
		t.Fatal(err)
	}
	n := w.count("audit_events WHERE subject_kind = 'person' AND action IN ('recovery.started', 'recovery.approved', 'recovery.ended', 'recovery.pass_made') AND subject_id = @id",
		map[string]any{"id": w.anna.PersonID})
	if n != 4 {
		t.Errorf("%d of four events are about her", n)
	}
}
