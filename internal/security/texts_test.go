package security_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/factor"
	"tilgang/internal/message/practice"
	"tilgang/internal/phone"
	"tilgang/internal/roster"
	"tilgang/internal/security"
	"tilgang/internal/session"
)

const (
	floorHead = "employee_number;given_name;family_name;phone;language;job_title;org_unit;legal_employer;start_date\n"
	oldPhone  = "+4520123401"
	newPhone  = "+4520123499"
)

// caller is Kaj of Havn's shop floor, who came in by text message and is signed in.
type caller struct {
	*e2e.Stage

	t *testing.T
	b *apptest.Browser
}

func newCaller(t *testing.T) *caller {
	t.Helper()
	c := &caller{Stage: e2e.New(t), t: t}
	c.file("+45 20 12 34 01")
	link := regexp.MustCompile(`http\S+/invite/[A-Za-z0-9_-]{43}`).FindString(c.texts("invite_text", oldPhone)[0].Text)
	c.b = c.Browser("havn")
	c.b.Lang = "en"
	c.b.Get(link)
	c.b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	c.b = c.enters()
	return c
}

// enters is a browser in which Kaj has just signed in.
func (c *caller) enters() *apptest.Browser {
	c.t.Helper()
	b := c.Browser("havn")
	b.Lang = "en"
	b.Get("/signin")
	b.Submit("email", "1401")
	b.Submit("password", e2e.Word)
	if b.Page.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	if b.Page.URL.Path != "/" {
		c.t.Fatalf("on %s\n%s", b.Page.URL, b.Page.Text())
	}
	return b
}

// file is what HR's staff file says of Kaj's phone.
func (c *caller) file(number string) {
	c.t.Helper()
	row := "1401;Kaj;Skov;" + number + ";en;Kasseassistent;Region Nord > Butik Aarhus;havn-retail;2026-01-01\n"
	out, err := c.App.Services.Roster.Run(c.Operator("havn"), "floor.csv", strings.NewReader(floorHead+row), false, func(roster.Import) {})
	if err != nil || out.State != roster.Done {
		c.t.Fatalf("%s %v", out.State, err)
	}
	c.Work()
}

// texts are the text messages of a kind to a number.
func (c *caller) texts(kind, to string) []practice.Entry {
	c.Work()
	return c.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, Kind: kind, To: to})
}

// ask types a number; its answer is the page of the code, or a refusal.
func (c *caller) ask(typed string) *apptest.Page {
	c.t.Helper()
	c.b.Get("/security/texts")
	return c.b.Submit("country", "DK", "phone", typed, "current_password", e2e.Word)
}

// code is the newest that came to a number.
func (c *caller) code(to string) string {
	c.t.Helper()
	list := c.texts(factor.TextCode, to)
	if len(list) == 0 {
		c.t.Fatalf("no code to %s", to)
	}
	return digits.FindString(list[0].Text)
}

func (c *caller) says(p *apptest.Page, status int, words string) {
	c.t.Helper()
	if p.Status != status || !strings.Contains(p.Text(), words) {
		c.t.Fatalf("%d on %s, no %q\n%s", p.Status, p.URL, words, p.Text())
	}
}

// account is Kaj's, and proven the phone of it.
func (c *caller) account() (acc account.Account, proven string) {
	c.t.Helper()
	err := c.DB.Read(c.Operator("havn"), func(ctx context.Context) (err error) {
		if acc, err = account.ByAddress(ctx, "#1401"); err == nil {
			proven, err = account.PhoneOf(ctx, acc.ID)
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return acc, proven
}

func (c *caller) proven() string { _, number := c.account(); return number }

// seen is Kaj as the service sees him.
func (c *caller) seen(ctx context.Context) (o security.Overview, ses session.Session) {
	c.t.Helper()
	who, ses, err := c.App.Services.Sessions.Load(ctx, c.b.Cookie(strings.Split(c.Base, ":")[1]), "havn."+c.Base, false)
	if err == nil {
		o, err = c.App.Services.Security.See(ctx, who.AccountID)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return o, ses
}

func TestAChangedPhoneIsProvenByACode(t *testing.T) {
	c := newCaller(t)
	c.says(c.b.Get("/security"), 200, "Text messages go to XXX-XXX-3401")
	c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
	if c.proven() != oldPhone {
		t.Fatal("it counts before it is proven")
	}
	c.says(c.b.Submit("code", c.code(newPhone)), 200, "Text messages now go to XXX-XXX-3499")
	if c.proven() != newPhone {
		t.Fatalf("%s is on file", c.proven())
	}
	if n := len(c.texts("texts_moved", oldPhone)); n != 1 {
		t.Errorf("the old phone was told %d times", n)
	}
	if n := len(c.texts("texts_moved", newPhone)); n != 0 {
		t.Error("the new phone was told of itself")
	}
	c.says(c.b.Get("/security/activity"), 200, "The phone for text messages was changed")
	c.says(c.ask("20 12 34 99"), 422, "Text messages go to this phone already")
}

func TestTheCodeOfAPhone(t *testing.T) {
	c := newCaller(t)
	c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
	code := c.code(newPhone)
	t.Run("a double click sends one", func(t *testing.T) {
		c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
		if n := len(c.texts(factor.TextCode, newPhone)); n != 1 {
			t.Fatalf("%d text messages", n)
		}
	})
	t.Run("it works in the session that asked alone", func(t *testing.T) {
		other := c.enters()
		if p := other.Post("/security/texts/code", url.Values{"code": {code}}); p.URL.Path != "/security/texts" || c.proven() != oldPhone {
			t.Fatalf("%s, %s", p.URL, c.proven())
		}
	})
	t.Run("the newest alone", func(t *testing.T) {
		c.Pass(time.Minute)
		c.b.Get("/security/texts/code")
		c.says(c.b.Submit("@action", "send"), 200, "A new code is on its way")
		c.says(c.b.Submit("code", code), 422, "The code is not right")
		code = c.code(newPhone)
	})
	t.Run("another number takes the place of the one before", func(t *testing.T) {
		c.says(c.ask("20 12 34 98"), 200, "code to XXX-XXX-3498")
		c.says(c.b.Submit("code", code), 422, "The code is not right")
		code = c.code("+4520123498")
	})
	t.Run("for ten minutes", func(t *testing.T) {
		c.Pass(10 * time.Minute)
		c.says(c.b.Post("/security/texts/code", url.Values{"code": {code}}), 422, "There is no code to type right now")
	})
	t.Run("once, of sixteen at once", func(t *testing.T) {
		c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
		code = c.code(newPhone)
		ctx := c.Operator("havn")
		o, ses := c.seen(ctx)
		var won atomic.Int32
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := c.App.Services.Security.ProveNumber(ctx, ses, o, code, "192.0.2.1"); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || c.proven() != newPhone || len(c.texts("texts_moved", oldPhone)) != 1 {
			t.Fatalf("%d won, %s", won.Load(), c.proven())
		}
	})
}

// Ten wrong codes in a day, however slowly, and the phone rests.
func TestGuessingTheCodeOfAPhoneIsCounted(t *testing.T) {
	c := newCaller(t)
	c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
	code := c.code(newPhone)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range 5 {
		c.b.Submit("code", wrong)
	}
	c.says(c.b.Submit("code", code), http.StatusTooManyRequests, "You can try again in")
	if c.proven() != oldPhone {
		t.Error("it was taken")
	}
}

// P36: neither an open session nor a factor's recovery code changes the phone.
func TestThePhoneAsksForThePassword(t *testing.T) {
	c := newCaller(t)
	c.b.Get("/security/texts")
	c.says(c.b.Submit("country", "DK", "phone", "20 12 34 99"), 422, "current password")
	c.b.Get("/security/texts")
	c.says(c.b.Submit("country", "DK", "phone", "20 12 34 99", "current_password", "a wrong and long one"), 422, "current password")
	c.b.Get("/security/texts")
	c.says(c.b.Submit("country", "DK", "phone", "12", "current_password", e2e.Word), 422, "number")
	if n := len(c.texts(factor.TextCode, "")); n != 0 {
		t.Errorf("%d codes were sent", n)
	}
}

func TestWhileChangesAreStoppedThePhoneStays(t *testing.T) {
	c := newCaller(t)
	c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
	code := c.code(newPhone)
	acc, _ := c.account()
	if err := c.DB.Tx(c.Operator("havn"), func(ctx context.Context) error { return account.FreezeFor(ctx, acc.ID, uuid.New()) }); err != nil {
		t.Fatal(err)
	}
	c.says(c.b.Submit("code", code), http.StatusConflict, "this was not me")
	c.says(c.ask("20 12 34 98"), http.StatusConflict, "this was not me")
	c.b.Get("/security/texts/code")
	if p := c.b.Submit("@action", "send"); p.Status != http.StatusConflict {
		t.Errorf("another code: %d", p.Status)
	}
	if c.proven() != oldPhone || len(c.texts(factor.TextCode, "+4520123498")) != 0 {
		t.Errorf("%s is on file", c.proven())
	}
}

// One phone is never both steps, whichever comes first.
func TestThePhoneOfTheExtraStepBringsNoPassword(t *testing.T) {
	c := newCaller(t)
	c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
	code := c.code(newPhone)
	acc, _ := c.account()
	ctx := c.Operator("havn")
	flow := factor.Flow{ID: uuid.New(), Host: "havn." + c.Base, Network: "192.0.2.9"}
	if err := c.App.Services.Phones.StartPhone(ctx, acc.ID, phone.Number{E164: newPhone}, flow); err != nil {
		t.Fatal(err)
	}
	c.says(c.b.Submit("code", code), http.StatusConflict, "Codes for your extra step go to this phone")
	if c.proven() != oldPhone {
		t.Fatal("it is both")
	}
	c.says(c.ask("20 12 34 99"), 422, "Codes for your extra step go to this phone")
}

func TestThePhoneOfAnotherEmployersPersonIsNobodys(t *testing.T) {
	c := newCaller(t)
	c.says(c.ask("20 12 34 99"), 200, "code to XXX-XXX-3499")
	code := c.code(newPhone)
	o, ses := c.seen(c.Operator("havn"))
	if _, err := c.App.Services.Security.ProveNumber(c.Operator("skog"), ses, o, code, "192.0.2.1"); err == nil {
		t.Error("proven from another employer")
	}
	var n int
	err := c.DB.Read(c.Operator("skog"), func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM phone_proofs WHERE tenant_id = @tenant")
	})
	if err != nil || n != 0 || c.proven() != oldPhone {
		t.Error(n, err, c.proven())
	}
}

// Whoever reads mail gets back in by mail, and has no such phone.
func TestWhoHasAnAddressHasNoPhoneForTextMessages(t *testing.T) {
	k := newKeeper(t)
	if p := k.b.Get("/security"); p.Has("Phone for text messages") {
		t.Error("it is offered")
	}
	for _, path := range []string{"/security/texts", "/security/texts/code"} {
		if p := k.b.Get(path); p.URL.Path != "/security" {
			t.Errorf("%s leads to %s", path, p.URL)
		}
	}
	if p := k.b.Post("/security/texts", url.Values{"country": {"DK"}, "phone": {"20 12 34 99"}, "current_password": {k.who.Password}}); p.URL.Path != "/security" {
		t.Errorf("asked: %s", p.URL)
	}
}
