package security_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/security"
	"tilgang/internal/throttle"
	"tilgang/templates"
)

func TestTemplatesFitTheirPages(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, security.Views()...); err != nil {
		t.Fatal(err)
	}
}

// anyID is nobody's.
const anyID = "0190aaaa-0000-7000-8000-000000000001"

func TestTheOverview(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	t.Run("without a factor offers one", func(t *testing.T) {
		w.signIn(a.ID, "pwd").get("/security").shows(200, "ida@havn.example", "Set up an extra step", "Change password", "Where you are signed in", "You are signed in only here").lacks("Make new recovery codes")
	})
	w.enrol(a.ID)
	t.Run("with one shows it and the codes", func(t *testing.T) {
		w.signIn(a.ID, "pwd", "totp").get("/security").shows(200, "Authenticator app", "Not used since it was added", "10 of 10", "Make new recovery codes").lacks("Set up an extra step")
	})
	t.Run("is for nobody who is not signed in", func(t *testing.T) {
		b := &browser{world: w, cookies: map[string]string{}}
		for _, path := range []string{
			"/security", "/security/password", "/security/codes", "/security/codes/file", "/security/factor", "/stepup/done", "/security/factors", "/security/factors/app",
			"/security/factors/" + anyID, "/security/factors/" + anyID + "/remove", "/security/addresses", "/security/addresses/add", "/security/addresses/code",
			"/security/addresses/" + anyID, "/security/sessions", "/security/sessions/others", "/security/sessions/" + anyID, "/security/activity",
			"/security/devices/" + anyID,
		} {
			b.get(path).leads("/signin")
		}
		for _, path := range []string{
			"/security/password", "/security/codes", "/security/codes/confirm", "/security/factor", "/security/signout", "/security/factors/app", "/security/factors/" + anyID,
			"/security/factors/" + anyID + "/remove", "/security/addresses/add", "/security/addresses/code", "/security/addresses/" + anyID,
			"/security/sessions/others", "/security/sessions/" + anyID, "/security/devices", "/security/devices/" + anyID,
		} {
			b.post(path, "current_password", oldWord).leads("/signin")
		}
	})
}

func TestChangingThePassword(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	here, there := w.signIn(a.ID, "pwd"), w.signIn(a.ID, "pwd")
	here.get("/security/password").shows(200, "At least 15 characters").lacks(`name="code"`)
	for name, c := range map[string]struct {
		fields []string
		says   string
	}{
		"a wrong current one":      {[]string{"current_password", "not it at all, no", "password", newWord, "password_confirm", newWord}, "not your current password"},
		"no current one":           {[]string{"password", newWord, "password_confirm", newWord}, "not your current password"},
		"two that differ":          {[]string{"current_password", oldWord, "password", newWord, "password_confirm", newWord + "x"}, "not the same"},
		"one that is short":        {[]string{"current_password", oldWord, "password", "short", "password_confirm", "short"}, "too short"},
		"the present one":          {[]string{"current_password", oldWord, "password", oldWord, "password_confirm", oldWord}, "the password you have now"},
		"the own address":          {[]string{"current_password", oldWord, "password", "ida@havn.example", "password_confirm", "ida@havn.example"}, "your name"},
		"one that everybody takes": {[]string{"current_password", oldWord, "password", "passwordpassword", "password_confirm", "passwordpassword"}, "Choose another"},
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			here.post("/security/password", c.fields...).shows(422, c.says)
			if !w.right(a.ID, oldWord) || !there.signedIn() || len(w.mails) > 0 {
				t.Fatal("something changed")
			}
		})
	}
	token := here.cookies[sessionCookie]
	here.post("/security/password", "current_password", oldWord, "password", newWord, "password_confirm", newWord).leads("/security")
	t.Run("done", func(t *testing.T) {
		if !w.right(a.ID, newWord) || w.right(a.ID, oldWord) || !slices.Equal(w.mails, []string{"password changed"}) {
			t.Fatalf("mails %v", w.mails)
		}
	})
	t.Run("the session goes on with a new token", func(t *testing.T) {
		if here.cookies[sessionCookie] == token || !here.signedIn() {
			t.Fatal("the same token, or none")
		}
		old := &browser{world: w, cookies: map[string]string{sessionCookie: token}}
		if old.signedIn() {
			t.Fatal("the old token still works")
		}
	})
	t.Run("the others have ended", func(t *testing.T) {
		if there.signedIn() {
			t.Fatal("still signed in elsewhere")
		}
	})
}

func TestAFactorOnFileIsAskedForToo(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	key, codes := w.enrol(a.ID)
	change := []string{"current_password", oldWord, "password", newWord, "password_confirm", newWord}
	t.Run("not when it was proven within ten minutes", func(t *testing.T) {
		w.signIn(a.ID, "pwd", "totp").get("/security/password").shows(200).lacks(`name="code"`)
	})
	b := w.signIn(a.ID, "pwd", "totp")
	w.clock.Move(10 * time.Minute)
	t.Run("but after that", func(t *testing.T) {
		b.get("/security/password").shows(200, "Code from your authenticator app")
		b.post("/security/password", change...).shows(422, "six digits")
		b.post("/security/password", append(change, "code", "000000")...).shows(422)
		if !w.right(a.ID, oldWord) {
			t.Fatal("changed without the factor")
		}
	})
	t.Run("the code of the app does", func(t *testing.T) {
		b.post("/security/password", append(change, "code", w.code(key))...).leads("/security")
		if !w.right(a.ID, newWord) {
			t.Fatal("not changed")
		}
	})
	t.Run("and so does a recovery code, which is told by mail", func(t *testing.T) {
		w.mails = nil
		w.clock.Move(10 * time.Minute)
		b.post("/security/password", "current_password", newWord, "password", oldWord, "password_confirm", oldWord, "code", codes[0]).leads("/security")
		if !slices.Equal(w.mails, []string{"recovery used", "password changed"}) {
			t.Fatalf("mails %v", w.mails)
		}
	})
}

func TestGuessingTheCurrentPasswordLocks(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	b := w.signIn(a.ID, "pwd")
	for range 20 {
		b.post("/security/factor", "current_password", "guess")
	}
	b.post("/security/factor", "current_password", oldWord).shows(429)
	if b.page.Header.Get("Retry-After") == "" || !slices.Equal(w.mails, []string{"locked"}) {
		t.Fatalf("%v %v", b.page.Header, w.mails)
	}
	w.clock.Move(throttle.FirstWait)
	b.post("/security/factor", "current_password", oldWord).leads("/mfa/setup")
}

func TestMakingNewCodes(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	t.Run("without a factor there are none", func(t *testing.T) {
		b := w.signIn(a.ID, "pwd")
		b.get("/security/codes").leads("/security")
		b.post("/security/codes", "saved", "1").leads("/security")
		b.post("/security/codes/confirm", "current_password", oldWord).leads("/security")
		b.get("/security/codes/file").leads("/security")
	})
	key, old := w.enrol(a.ID)
	b := w.signIn(a.ID, "pwd", "totp")
	w.clock.Move(10 * time.Minute)
	b.get("/security/codes").shows(200, "Confirm that it is you", "Code from your authenticator app")
	b.post("/security/codes", "saved", "1").shows(409, "It has been a while")
	b.get("/security/codes/file").shows(409)
	b.post("/security/codes/confirm", "current_password", "guess", "code", w.code(key)).shows(422, "not your current password")
	b.post("/security/codes/confirm", "current_password", oldWord).shows(422, "six digits")
	b.get("/security/codes").shows(200, "Confirm that it is you")
	b.post("/security/codes/confirm", "current_password", oldWord, "code", w.code(key)).leads("/security/codes")
	b.get("/security/codes").shows(200, "Save your new recovery codes")
	fresh := b.codes()
	if len(fresh) != 10 || !slices.Equal(b.get("/security/codes").codes(), fresh) || slices.Contains(old, fresh[0]) {
		t.Fatalf("codes %v", fresh)
	}
	page := b.page
	if file := b.get("/security/codes/file").shows(200); !strings.Contains(file.page.Body, fresh[9]) || !strings.HasPrefix(file.page.Header.Get("Content-Disposition"), "attachment") {
		t.Fatal("no file")
	}
	b.page = page
	b.post("/security/codes").shows(422, "Save the codes first")
	t.Run("until the tick the old ones count", func(t *testing.T) {
		if _, err := w.deps.Factors.UseCode(w.ctx, a.ID, old[0]); err != nil {
			t.Fatal(err)
		}
	})
	b.post("/security/codes", "saved", "1").leads("/security")
	t.Run("then the new ones do, and the owner is told", func(t *testing.T) {
		if _, err := w.deps.Factors.UseCode(w.ctx, a.ID, old[1]); err == nil {
			t.Fatal("an old one works")
		}
		if _, err := w.deps.Factors.UseCode(w.ctx, a.ID, fresh[1]); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(w.mails, []string{"recovery made"}) {
			t.Fatalf("mails %v", w.mails)
		}
	})
}

func TestSigningOutEverywhere(t *testing.T) {
	w := setUp(t)
	a, c := w.hire("ida@havn.example"), w.hire("bo@havn.example")
	here, there, bo := w.signIn(a.ID, "pwd"), w.signIn(a.ID, "pwd"), w.signIn(c.ID, "pwd")
	token := here.cookies[sessionCookie]
	here.post("/security/signout").leads("/signin")
	here.cookies[sessionCookie] = token
	if here.signedIn() || there.signedIn() {
		t.Fatal("still signed in")
	}
	if !bo.signedIn() {
		t.Fatal("somebody else was signed out")
	}
}

// setUpFactor does what the pages of the flow do between the two ends.
func (b *browser) setUpFactor() {
	b.Helper()
	a, err := b.deps.Attempts.Find(b.ctx, b.cookies["tilgang-8080-attempt"], host)
	if err != nil {
		b.Fatal(err)
	}
	e, err := b.deps.Factors.StartTOTP(b.ctx, b.id)
	if err == nil {
		err = b.deps.Factors.ConfirmTOTP(b.ctx, b.id, e.ID, b.code(e.Secret), func(ctx context.Context) error {
			return b.deps.Attempts.Prove(ctx, a.ID, attempt.TOTP)
		})
	}
	if err != nil {
		b.Fatal(err)
	}
}

func TestSettingUpAFirstFactor(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	b, elsewhere := w.signIn(a.ID, "pwd"), w.signIn(a.ID, "pwd")
	w.clock.Move(2 * time.Minute)
	b.get("/security/factor").shows(200, "Confirm that it is you").lacks(`name="code"`)
	b.post("/security/factor").shows(422, "not your current password")
	if b.cookies["tilgang-8080-attempt"] != "" {
		t.Fatal("an attempt without the password")
	}
	b.post("/security/factor", "current_password", oldWord).leads("/mfa/setup")
	t.Run("it does not end before a factor is confirmed and codes are saved", func(t *testing.T) {
		b.get("/stepup/done").leads("/mfa/setup")
		b.setUpFactor()
		b.get("/stepup/done").leads("/mfa/setup/recovery")
	})
	t.Run("every session without it has ended", func(t *testing.T) {
		if elsewhere.signedIn() {
			t.Fatal("still signed in elsewhere")
		}
	})
	if _, err := w.deps.Factors.MakeCodes(w.ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	b.get("/stepup/done").leads("/security")
	t.Run("the new session holds both", func(t *testing.T) {
		who, _, err := w.deps.Sessions.Load(w.ctx, b.cookies[sessionCookie], host, false)
		if err != nil || who.AAL != 2 || strings.Join(who.AMR, " ") != "pwd totp" {
			t.Fatalf("%+v, %v", who, err)
		}
		b.get("/security").shows(200, "Your extra step is set up", "Authenticator app")
	})
	t.Run("and a second factor is not begun this way", func(t *testing.T) {
		b.get("/security/factor").leads("/security")
		b.post("/security/factor", "current_password", oldWord).leads("/security")
	})
}

func TestOneSetupEndsOnce(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	b := w.signIn(a.ID, "pwd")
	b.post("/security/factor", "current_password", oldWord).leads("/mfa/setup")
	cookie := b.cookies["tilgang-8080-attempt"]
	b.setUpFactor()
	if _, err := w.deps.Factors.MakeCodes(w.ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	b.get("/stepup/done").leads("/security")
	thief := &browser{world: w, cookies: map[string]string{"tilgang-8080-attempt": cookie}}
	thief.get("/stepup/done").leads("/signin")
	if thief.cookies[sessionCookie] != "" {
		t.Fatal("a second session")
	}
}

func TestAnotherTenantsAccountIsNotThere(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	s := security.New(w.deps)
	if _, err := s.See(w.other, a.ID); !errors.Is(err, db.ErrNotFound) {
		t.Fatalf("seen: %v", err)
	}
	if _, err := s.See(w.ctx, uuid.New()); !errors.Is(err, db.ErrNotFound) {
		t.Fatalf("an account that is nobody's: %v", err)
	}
	if err := s.EndEverywhere(w.other, a.ID); err == nil {
		t.Fatal("signed out by another tenant")
	}
	if b := w.signIn(a.ID, "pwd"); !b.signedIn() {
		t.Fatal("the session ended")
	}
	if got := w.account(a.ID); got.Status != account.Active || got.SessionEpoch != a.SessionEpoch {
		t.Fatalf("%+v", got)
	}
}
