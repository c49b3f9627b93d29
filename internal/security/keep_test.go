package security_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/security"
	"tilgang/internal/session"
)

// factor is the id of the account's newest factor.
func (w *world) factor(id uuid.UUID) string {
	w.Helper()
	list, err := w.deps.Factors.Confirmed(w.ctx, id)
	if err != nil || len(list) == 0 {
		w.Fatal(list, err)
	}
	return list[len(list)-1].ID.String()
}

// another puts one more app on file and gives its key.
func (w *world) another(id uuid.UUID) string {
	w.Helper()
	e, err := w.deps.Factors.StartTOTP(w.ctx, id)
	if err == nil {
		err = w.deps.Factors.AddTOTP(w.ctx, id, e.ID, w.code(e.Secret))
	}
	if err != nil {
		w.Fatal(err)
	}
	return e.Secret
}

func TestRemovingAFactor(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	key, _ := w.enrol(a.ID)
	w.another(a.ID)
	id := w.factor(a.ID)
	w.clock.Move(2 * time.Minute)
	here, there := w.signIn(a.ID, "pwd", "totp"), w.signIn(a.ID, "pwd", "totp")
	started, _, err := w.deps.Attempts.Start(w.ctx, attempt.New{Purpose: attempt.StepUp, AccountID: a.ID, AMR: []string{"pwd", "totp"}, Host: host})
	if err != nil {
		t.Fatal(err)
	}
	generation := w.account(a.ID).FactorGeneration
	w.clock.Move(10 * time.Minute)
	here.get("/security/factors/"+id+"/remove").shows(200, "It no longer signs you in", "Code from your authenticator app")
	here.post("/security/factors/"+id+"/remove", "current_password", oldWord).shows(422)
	here.post("/security/factors/"+id+"/remove", "code", w.code(key)).shows(422)
	here.post("/security/factors/"+id+"/remove", "current_password", oldWord, "code", w.code(key)).leads("/security/factors")
	if list, _ := w.deps.Factors.Confirmed(w.ctx, a.ID); len(list) != 1 {
		t.Fatalf("%d on file", len(list))
	}
	if !slices.Equal(w.mails, []string{"removed totp"}) {
		t.Errorf("mails %v", w.mails)
	}
	if !here.signedIn() || there.signedIn() {
		t.Error("this session ended, or another did not")
	}
	if now := w.account(a.ID).FactorGeneration; now <= generation {
		t.Errorf("the generation stayed at %d", now)
	}
	if _, err := w.deps.Attempts.Find(w.ctx, started, host); err == nil {
		t.Error("a flow under way by the former factors goes on")
	}
	t.Run("with the last go the recovery codes", func(t *testing.T) {
		w.clock.Move(time.Minute)
		last := w.factor(a.ID)
		here.get("/security/factors/"+last+"/remove").shows(200, "your recovery codes stop working")
		here.post("/security/factors/"+last+"/remove", "current_password", oldWord).leads("/security")
		if _, total, err := w.deps.Factors.Codes(w.ctx, a.ID); err != nil || total != 0 {
			t.Errorf("%d codes, %v", total, err)
		}
		here.get("/security/factors").leads("/security")
	})
}

// Two tabs remove the last two factors of a duty at once.
func TestOfTwoLastOnesRemovedAtOnceOneStays(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	w.enrol(a.ID)
	w.another(a.ID)
	list, err := w.deps.Factors.Confirmed(w.ctx, a.ID)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	may := func(left []string) error {
		if len(left) == 0 {
			return fault.New(fault.Conflict, "security.factors.last")
		}
		return nil
	}
	var all sync.WaitGroup
	for _, f := range list {
		all.Go(func() {
			_ = w.deps.Phones.Remove(w.ctx, a.ID, f.ID, factor.Flow{Host: host}, may, func(context.Context, string) error { return nil })
		})
	}
	all.Wait()
	if list, _ := w.deps.Factors.Confirmed(w.ctx, a.ID); len(list) != 1 {
		t.Fatalf("%d on file", len(list))
	}
}

func TestTheNameOfAFactor(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	w.enrol(a.ID)
	b, path := w.signIn(a.ID, "pwd", "totp"), "/security/factors/"+w.factor(a.ID)
	b.get(path).shows(200, "Authenticator app", "Added", "Not used since it was added")
	b.post(path, "name", "Tablet \u202e").shows(422, "at most 40 ordinary characters")
	b.post(path, "name", "A name that is far longer than anybody would want").shows(422)
	b.post(path, "name", "  Tablet \t at home ").leads("/security/factors")
	b.get("/security/factors").shows(200, "Tablet at home")
	b.post(path, "name", "").leads("/security/factors")
	b.get("/security/factors").shows(200, "Authenticator app").lacks("Tablet")
}

func TestThereIsRoomForFiveApps(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	w.enrol(a.ID)
	for range factor.MaxApps - 1 {
		w.another(a.ID)
	}
	b := w.signIn(a.ID, "pwd", "totp")
	b.get("/security/factors").shows(200).lacks("/security/factors/app")
	b.post("/security/factors/app", "current_password", oldWord).shows(409, "You already have 5 authenticator apps")
	e, err := w.deps.Factors.StartTOTP(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.deps.Factors.AddTOTP(w.ctx, a.ID, e.ID, w.code(e.Secret)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a sixth: %v", err)
	}
	if !b.signedIn() {
		t.Error("the refusal ended the session")
	}
}

// P25: a set-up that was left half way is nobody's factor, and its key is not
// shown again once it counts.
func TestAnAppHalfWayIsNoFactor(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	key, _ := w.enrol(a.ID)
	b := w.signIn(a.ID, "pwd", "totp")
	w.clock.Move(2 * time.Hour / 3)
	b.post("/security/factors/app", "current_password", oldWord).shows(422, "six digits")
	if b.cookies["tilgang-8080-attempt"] != "" {
		t.Fatal("a set-up without the factor on file")
	}
	b.post("/security/factors/app", "current_password", oldWord, "code", w.code(key)).leads("/mfa/setup/app")
	e, err := w.deps.Factors.StartTOTP(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.get("/security/factors").shows(200).lacks(e.Secret)
	if err := w.deps.Factors.VerifyTOTP(w.ctx, a.ID, w.code(e.Secret)); err == nil {
		t.Error("it counts already")
	}
	if !b.signedIn() || len(w.mails) > 0 {
		t.Errorf("something changed: %v", w.mails)
	}
}

func TestAnothersFactorsSessionsAndAddressesAreNotThere(t *testing.T) {
	w := setUp(t)
	a, c := w.hire("ida@havn.example"), w.hire("bo@havn.example")
	w.enrol(a.ID)
	w.enrol(c.ID)
	b, bo := w.signIn(a.ID, "pwd", "totp"), w.signIn(c.ID, "pwd", "totp")
	_, his, err := w.deps.Sessions.Load(w.ctx, bo.cookies[sessionCookie], host, false)
	if err != nil {
		t.Fatal(err)
	}
	o, err := security.New(w.deps).See(w.ctx, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/security/factors/ID", "/security/factors/ID/remove", "/security/sessions/ID", "/security/addresses/ID"} {
		for _, id := range []string{o.Factors[0].ID.String(), his.ID.String(), o.Addresses[0].ID.String(), anyID, "none"} {
			at := path[:len("/security/")] + replaceID(path[len("/security/"):], id)
			b.get(at).shows(404)
			b.post(at, "current_password", oldWord, "name", "mine").shows(404)
		}
	}
	if !bo.signedIn() || len(w.mails) > 0 {
		t.Errorf("something changed: %v", w.mails)
	}
	t.Run("nor below the pages, nor by another tenant", func(t *testing.T) {
		if err := w.deps.Factors.Rename(w.ctx, a.ID, o.Factors[0].ID, "mine"); err == nil {
			t.Error("renamed")
		}
		if err := w.deps.Sessions.EndOne(w.ctx, a.ID, his.ID); err == nil {
			t.Error("ended")
		}
		if err := w.deps.Sessions.EndOne(w.other, c.ID, his.ID); err == nil {
			t.Error("ended by another tenant")
		}
		if err := w.deps.Factors.Rename(w.other, c.ID, o.Factors[0].ID, "theirs"); err == nil {
			t.Error("renamed by another tenant")
		}
		if list, err := w.deps.Sessions.List(w.other, c.ID); err == nil || len(list) > 0 {
			t.Errorf("listed by another tenant: %v, %v", list, err)
		}
	})
}

func replaceID(path, id string) string {
	for i := range len(path) - 1 {
		if path[i:i+2] == "ID" {
			return path[:i] + id + path[i+2:]
		}
	}
	return path
}

// P33: device, place and times are named; what ended or is over is not listed.
func TestWhereOneIsSignedIn(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	open := func(agent, network string) string {
		cookie, _, err := w.deps.Sessions.Open(w.ctx, session.New{AccountID: a.ID, AMR: []string{"pwd"}, Host: host, UserAgent: agent, Network: network})
		if err != nil {
			t.Fatal(err)
		}
		return cookie
	}
	open("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "198.51.100.3")
	w.clock.Move(59 * time.Minute)
	open("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36", "192.0.2.7")
	b := w.signIn(a.ID, "pwd")
	b.get("/security/sessions").shows(200, "Chrome 138 on Windows", "Denmark, 192.0.2.7", "Firefox 120 on Linux", "198.51.100.3", "This browser", "Unknown browser")
	w.clock.Move(time.Minute)
	b.get("/security/sessions").shows(200, "Chrome 138").lacks("Firefox")
	t.Run("what a stolen session has begun ends with it", func(t *testing.T) {
		began, _, err := w.deps.Attempts.Start(w.ctx, attempt.New{Purpose: attempt.StepUp, AccountID: a.ID, AMR: []string{"pwd"}, Host: host})
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.deps.Sessions.List(w.ctx, a.ID)
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		for _, seen := range list {
			if seen.UserAgent != "" {
				b.post("/security/sessions/" + seen.ID.String()).leads("/security/sessions")
			}
		}
		if _, err := w.deps.Attempts.Find(w.ctx, began, host); err == nil {
			t.Error("it goes on")
		}
		if list, _ := w.deps.Sessions.List(w.ctx, a.ID); len(list) != 1 {
			t.Errorf("%d left", len(list))
		}
	})
}

func TestActivityIsReadByPages(t *testing.T) {
	w := setUp(t)
	a, c := w.hire("ida@havn.example"), w.hire("bo@havn.example")
	for i := range 60 {
		who := []uuid.UUID{a.ID, c.ID}[i%2]
		w.do(w.ctx, func(ctx context.Context) error {
			return audit.Record(ctx, audit.Event{Action: "security.password_changed", Subject: audit.Subject{Kind: "account", ID: who}},
				audit.Event{Action: "people.changed", Subject: audit.Subject{Kind: "account", ID: who}})
		})
		if i%3 == 0 {
			w.clock.Move(time.Second)
		}
	}
	s := security.New(w.deps)
	o, err := s.See(w.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	seen, after := map[uuid.UUID]bool{}, ""
	for range 10 {
		list, more, err := s.Activity(w.ctx, o, after, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range list {
			if seen[h.ID] || *h.SubjectID != a.ID || h.Action != "security.password_changed" {
				t.Fatalf("%+v", h)
			}
			seen[h.ID] = true
		}
		if after = more; more == "" {
			break
		}
	}
	if len(seen) != 30 {
		t.Errorf("%d of 30", len(seen))
	}
	if list, _, err := s.Activity(w.other, o, "", 7); err != nil || len(list) != 0 {
		t.Errorf("another tenant reads %v, %v", list, err)
	}
	w.signIn(a.ID, "pwd").get("/security/activity?after=nonsense").shows(200, "Password changed")
}
