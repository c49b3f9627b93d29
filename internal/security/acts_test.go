package security_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tilgang/internal/fault"
	"tilgang/internal/security"
	"tilgang/internal/session"
)

// every is each act with what proves it: by a password and a factor proven just
// now, is the password asked for again; does a recovery code stand for the
// factor; is there a factor in it at all.
func every() map[security.Act]struct{ typed, recovery, factor bool } {
	return map[security.Act]struct{ typed, recovery, factor bool }{
		security.ActPassword: {typed: true, recovery: true, factor: true},
		security.ActCodes:    {factor: true},
		security.ActFirst:    {typed: true, factor: true},
		security.ActFactor:   {typed: true, factor: true},
		security.ActRemove:   {typed: true, factor: true},
		security.ActAddress:  {typed: true, factor: true},
		security.ActSessions: {},
	}
}

// P36: strength and freshness by act, over everything that a session may have
// proven and however long ago.
func TestWhatEachActAsksFor(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	s := security.New(w.deps)
	see := func() security.Overview {
		o, err := s.See(w.ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	bare := see()
	w.enrol(a.ID)
	enrolled := see()
	for act, want := range every() {
		for _, amr := range []string{"", "pwd", "link", "pwd link", "link recovery", "pwd recovery", "pwd totp", "pwd phone", "totp", "link totp"} {
			for age := range map[time.Duration]bool{0: true, 10*time.Minute - time.Second: true, 10 * time.Minute: true, 2 * time.Hour: true} {
				ses := session.Session{AMR: strings.Fields(amr), StepUps: map[string]time.Time{}}
				for _, m := range ses.AMR {
					ses.StepUps[m] = w.clock.Now().Add(-age)
				}
				holds := func(m string) bool { return slices.Contains(ses.AMR, m) && age < 10*time.Minute }
				owed := security.Owed{Password: want.typed || !holds("pwd"), Code: want.factor && !holds("totp") && !(want.recovery && holds("recovery"))}
				if got := s.Owes(enrolled, ses, act); got != owed {
					t.Errorf("%s by %q of %s ago owes %+v, want %+v", act, amr, age, got, owed)
				}
				owed.Code = false
				if got := s.Owes(bare, ses, act); got != owed {
					t.Errorf("%s without a factor, by %q of %s ago owes %+v, want %+v", act, amr, age, got, owed)
				}
			}
		}
	}
	t.Run("an act that is in no table asks for everything", func(t *testing.T) {
		if got := s.Owes(enrolled, session.Session{StepUps: map[string]time.Time{"pwd": w.clock.Now(), "totp": w.clock.Now()}}, "other"); got != (security.Owed{Password: true, Code: true}) {
			t.Error(got)
		}
	})
}

func TestWhatWasPassedForOneActDoesForNoOther(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	w.enrol(a.ID)
	s := security.New(w.deps)
	b := w.signIn(a.ID, "pwd", "totp")
	o, err := s.See(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, ses, err := w.deps.Sessions.Load(w.ctx, b.cookies[sessionCookie], host, false)
	if err != nil {
		t.Fatal(err)
	}
	id := o.Factors[0].ID
	acts := map[security.Act]func(security.Passed) error{
		security.ActPassword: func(p security.Passed) error { return s.SetPassword(w.ctx, p, o, newWord) },
		security.ActCodes:    func(p security.Passed) error { return s.SaveCodes(w.ctx, p, o, "", "", true) },
		security.ActFirst:    func(p security.Passed) error { _, err := s.StartSetup(w.ctx, p, o); return err },
		security.ActFactor:   func(p security.Passed) error { _, err := s.StartApp(w.ctx, p, o); return err },
		security.ActRemove:   func(p security.Passed) error { return s.RemoveFactor(w.ctx, p, o, id) },
		security.ActAddress:  func(p security.Passed) error { return s.RemoveAddress(w.ctx, p, o, o.Addresses[0].ID) },
		security.ActSessions: func(p security.Passed) error { return s.EndOthers(w.ctx, p, o) },
	}
	if len(acts) != len(every()) {
		t.Fatal("an act is missing here")
	}
	for _, given := range slices.Sorted(maps.Keys(acts)) {
		passed, err := s.StepUp(w.ctx, ses, o, given, security.Proof{Current: oldWord})
		if err != nil {
			t.Fatalf("%s: %v", given, err)
		}
		for act, do := range acts {
			if act == given {
				continue
			}
			if f, known := fault.As(do(passed)); !known || f.Code != "security.stale" {
				t.Errorf("%s was done by what was passed for %s", act, given)
			}
		}
	}
	for act, do := range acts {
		if f, known := fault.As(do(security.Passed{Session: ses})); !known || f.Code != "security.stale" {
			t.Errorf("%s was done without a step-up", act)
		}
	}
	if len(w.mails) > 0 || !w.right(a.ID, oldWord) {
		t.Errorf("something was done: %v", w.mails)
	}
}

// P29, P36: neither adds nor removes a factor, nor an address.
func TestARecoveryCodeStandsForNoFactorHere(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	key, codes := w.enrol(a.ID)
	id := w.factor(a.ID)
	for _, path := range []string{"/security/factors/app", "/security/factors/" + id + "/remove", "/security/addresses/add"} {
		b := w.signIn(a.ID, "pwd", "recovery")
		form := []string{"current_password", oldWord, "email", "ida@home.example"}
		b.get(path).shows(200, "Current password", "A recovery code does not do here")
		b.post(path, form...).shows(422, "six digits")
		b.post(path, append(form, "code", codes[0])...).shows(422, "A recovery code does not do here: this takes the extra step")
	}
	if left, _, err := w.deps.Factors.Codes(w.ctx, a.ID); err != nil || left != 10 {
		t.Errorf("%d codes left, %v", left, err)
	}
	b := w.signIn(a.ID, "pwd", "link")
	b.post("/security/factors/"+id+"/remove", "current_password", oldWord).shows(422, "six digits")
	b.post("/security/factors/"+id+"/remove", "current_password", oldWord, "code", w.code(key)).leads("/security")
}
