package security_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/account"
	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
	"tilgang/internal/security"
	"tilgang/internal/session"
)

// keeper is somebody of Havn's who looks after the own addresses.
type keeper struct {
	*e2e.Stage

	t   *testing.T
	who app.DemoAccount
	b   *apptest.Browser
}

func newKeeper(t *testing.T) *keeper {
	s := e2e.New(t)
	k := &keeper{Stage: s, t: t, who: s.Who("havn", "employee"), b: s.Browser("havn")}
	s.SignIn(k.b, k.who, "/")
	k.b.Get("/profile")
	k.b.Submit("language", "en")
	return k
}

// ask types an address; its answer is the page of the code, or a refusal.
func (k *keeper) ask(address string) *apptest.Page {
	k.t.Helper()
	k.b.Get("/security/addresses/add")
	return k.b.Submit("email", address, "current_password", k.who.Password)
}

var digits = regexp.MustCompile(`\b\d{6}\b`)

// mailed is the code of the newest mail to an address.
func (k *keeper) mailed(to string) string {
	k.t.Helper()
	k.Work()
	return digits.FindString(k.Mail(to).Text)
}

func (k *keeper) says(p *apptest.Page, status int, words string) {
	k.t.Helper()
	if p.Status != status || !strings.Contains(p.Text(), words) {
		k.t.Fatalf("%d on %s, no %q\n%s", p.Status, p.URL, words, p.Text())
	}
}

// mine are the addresses that the account signs in with.
func (k *keeper) mine() (list []account.Identifier) {
	k.t.Helper()
	err := k.DB.Read(k.Operator("havn"), func(ctx context.Context) error {
		a, err := account.ByAddress(ctx, k.who.Email)
		if err == nil {
			list, err = account.Identifiers(ctx, a.ID)
		}
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return list
}

const home = "freja.home@post.example"

func TestTheCodeOfAnAddress(t *testing.T) {
	k := newKeeper(t)
	k.says(k.ask(home), 200, "Check your e-mail")
	first := k.mailed(home)
	t.Run("a double click sends one", func(t *testing.T) {
		k.says(k.ask(home), 200, "Check your e-mail")
		k.Work()
		if n := len(k.App.Services.Mailbox.List(practice.Filter{To: home})); n != 1 {
			t.Fatalf("%d mails", n)
		}
	})
	t.Run("it works in the session that asked alone", func(t *testing.T) {
		other := k.Browser("havn")
		k.SignIn(other, k.who, "/")
		if p := other.Post("/security/addresses/code", url.Values{"code": {first}}); p.URL.Path != "/security/addresses" || len(k.mine()) != 1 {
			t.Fatalf("%s, %d addresses", p.URL, len(k.mine()))
		}
	})
	t.Run("the newest alone", func(t *testing.T) {
		k.b.Get("/security/addresses/code")
		k.says(k.b.Submit("@action", "send"), http.StatusTooManyRequests, "You can ask for another in")
		k.Pass(30 * time.Second)
		k.b.Get("/security/addresses/code")
		k.says(k.b.Submit("@action", "send"), 200, "A new code is on its way")
		second := k.mailed(home)
		k.says(k.b.Submit("code", first), 422, "not the code from the newest e-mail")
		first = second
	})
	t.Run("for half an hour from its mail", func(t *testing.T) {
		k.Pass(16 * time.Minute)
		k.b.Get("/session") // still here
		k.Pass(14 * time.Minute)
		p := k.b.Post("/security/addresses/code", url.Values{"code": {first}})
		if p.URL.Path != "/security/addresses" || len(k.mine()) != 1 {
			t.Fatalf("%s, %d addresses", p.URL, len(k.mine()))
		}
	})
	t.Run("once, of sixteen at once", func(t *testing.T) {
		k.says(k.ask(home), 200, "Check your e-mail")
		code := k.mailed(home)
		ctx := k.Operator("havn")
		svc := k.App.Services.Security
		o, ses := k.seen(ctx)
		var won atomic.Int32
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := svc.ProveAddress(ctx, ses, o, code); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || len(k.mine()) != 2 {
			t.Fatalf("%d won, %d addresses", won.Load(), len(k.mine()))
		}
	})
	t.Run("one that is there already is said at once", func(t *testing.T) {
		k.says(k.ask(home), 422, "You sign in with this address already")
	})
}

// seen is the keeper as the service sees them.
func (k *keeper) seen(ctx context.Context) (o security.Overview, ses session.Session) {
	k.t.Helper()
	who, ses, err := k.App.Services.Sessions.Load(ctx, k.b.Cookie(strings.Split(k.Base, ":")[1]), "havn."+k.Base, false)
	if err == nil {
		o, err = k.App.Services.Security.See(ctx, who.AccountID)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return o, ses
}

func TestGuessingTheCodeOfAnAddressLocks(t *testing.T) {
	k := newKeeper(t)
	k.says(k.ask(home), 200, "Check your e-mail")
	code := k.mailed(home)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range 5 {
		k.b.Submit("code", wrong)
	}
	k.says(k.b.Submit("code", code), http.StatusTooManyRequests, "You can try again in")
	if len(k.mine()) != 1 {
		t.Error("it was taken")
	}
	k.Pass(5 * time.Second)
	k.says(k.b.Submit("code", code), 200, "You can now sign in with")
}

func TestMailsToNewAddressesAreBounded(t *testing.T) {
	k := newKeeper(t)
	for i := range 5 {
		k.says(k.ask("a"+string(rune('a'+i))+"@post.example"), 200, "Check your e-mail")
		k.Pass(time.Minute)
	}
	k.says(k.ask("last@post.example"), http.StatusTooManyRequests, "You can ask for another in")
	k.Work()
	if n := len(k.App.Services.Mailbox.List(practice.Filter{To: "last@post.example"})); n != 0 {
		t.Error("it was mailed")
	}
}

// Somebody else proves the address between the mail and the typing.
func TestAnAddressThatIsTakenMeanwhileIsNotAdded(t *testing.T) {
	k := newKeeper(t)
	k.says(k.ask(home), 200, "Check your e-mail")
	code := k.mailed(home)
	err := k.DB.Tx(k.Operator("havn"), func(ctx context.Context) error {
		a, err := account.ByAddress(ctx, k.Who("havn", "hr").Email)
		if err != nil {
			return err
		}
		return account.AddIdentifier(ctx, a.ID, account.Private, home, home)
	})
	if err != nil {
		t.Fatal(err)
	}
	k.says(k.b.Submit("code", code), http.StatusConflict, "come into use in another account")
	if len(k.mine()) != 1 {
		t.Error("it was added")
	}
}

func TestTheLastAddressStays(t *testing.T) {
	work := account.Identifier{Kind: account.Work, AddressKey: "w"}
	work.ID[0] = 1
	home, other := account.Identifier{Kind: account.Private, AddressKey: "h"}, account.Identifier{Kind: account.Private, AddressKey: "o"}
	home.ID[0], other.ID[0] = 2, 3
	for name, c := range map[string]struct {
		list     []account.Identifier
		standing people.Standing
		of       account.Identifier
		may      bool
	}{
		"the only one":                       {[]account.Identifier{home}, people.Staff, home, false},
		"beside the employer's":              {[]account.Identifier{work, home}, people.Staff, home, true},
		"beside the employer's, having left": {[]account.Identifier{work, home}, people.Alumnus, home, false},
		"one of two, having left":            {[]account.Identifier{work, home, other}, people.Alumnus, home, true},
		"the employer's":                     {[]account.Identifier{work, home}, people.Staff, work, false},
	} {
		if got := (security.Overview{Addresses: c.list, Standing: c.standing}).MayRemoveAddress(c.of); got != c.may {
			t.Errorf("%s: %v", name, got)
		}
	}
	k := newKeeper(t)
	id := k.mine()[0].ID.String()
	if p := k.b.Get("/security/addresses/" + id); p.URL.Path != "/security/addresses" || !strings.Contains(p.Text(), "This address stays") {
		t.Errorf("%s %s", p.URL, p.Text())
	}
	if p := k.b.Post("/security/addresses/"+id, url.Values{"current_password": {k.who.Password}}); len(k.mine()) != 1 {
		t.Errorf("removed: %s", p.URL)
	}
}

// P13: neither asking for an address nor typing a code looks whose it is.
func TestAnAddressIsAskedForByTheSameStatements(t *testing.T) {
	k := newKeeper(t)
	ctx := k.Operator("havn")
	st := dbtest.Watch(t, ctx, k.DB)
	var all [][]string
	for _, address := range []string{k.Who("havn", "hr").Email, "nobody@post.example"} {
		k.Pass(time.Minute)
		k.b.Get("/security/addresses/add")
		st.Take()
		k.says(k.b.Submit("email", address, "current_password", k.who.Password), 200, "Check your e-mail")
		list := st.Take()
		k.Work()
		st.Take()
		k.says(k.b.Submit("code", "000000"), 422, "not the code")
		// When a session was last seen is written down behind the answer, in a
		// transaction of its own, which begins with its tenant.
		all = append(all, slices.DeleteFunc(append(list, st.Take()...), func(text string) bool {
			return strings.Contains(text, "last_seen_at") || strings.Contains(text, "set_config")
		}))
	}
	if diff := cmp.Diff(all[1], all[0]); diff != "" || len(all[0]) < 10 {
		t.Errorf("%d statements; an address in use makes other work: %s", len(all[0]), diff)
	}
	t.Run("another tenant finds none of it", func(t *testing.T) {
		var n int
		err := k.DB.Read(k.Operator("skog"), func(ctx context.Context) error {
			return db.Rows(ctx, &n, "SELECT COUNT(*) FROM address_proofs WHERE tenant_id = @tenant")
		})
		if err != nil || n != 0 {
			t.Error(n, err)
		}
		o, ses := k.seen(ctx)
		if _, there, err := k.App.Services.Security.Proving(k.Operator("skog"), ses, o); there || err != nil {
			t.Error("it is shown", err)
		}
		if _, err := k.App.Services.Security.ProveAddress(k.Operator("skog"), ses, o, "123456"); err == nil {
			t.Error("proven")
		}
	})
}
