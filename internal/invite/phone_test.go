package invite

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/message/email"
	"tilgang/internal/message/sms"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// carrier keeps the text messages that it took.
type carrier struct {
	mu    sync.Mutex
	texts []sms.Text
}

// Send implements sms.Sender.
func (c *carrier) Send(_ context.Context, t sms.Text) (email.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, t)
	return email.Receipt{ProviderID: t.ID}, t.Check()
}

// Close implements sms.Sender.
func (*carrier) Close() error { return nil }

// taken are the texts to a number.
func (c *carrier) taken(to string) (list []mail) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.texts {
		if to == "" || t.To == to {
			list = append(list, opened(email.Mail{To: t.To, Kind: t.Kind, Text: t.Body}))
		}
	}
	return list
}

// withPhones is a bench whose employers send text messages to Danish phones.
func withPhones(t *testing.T) (*bench, *carrier) {
	t.Helper()
	b, c := setUp(t), &carrier{}
	b.service.Texts, b.service.Messages.Texts = true, c
	for _, ctx := range []context.Context{b.ctx, b.other} {
		b.of(ctx).Invitation.WithoutEmail = tenant.ByText
		b.of(ctx).Mfa.SMS.Countries = []string{"DK"}
	}
	return b, c
}

const kajsPhone = "+4520123401"

// unmailed takes an e-mail address away, and gives a phone.
func unmailed(phone string) func(*people.Record) {
	return func(r *people.Record) { r.WorkEmail, r.WorkEmailKey, r.Phone = "", "", phone }
}

func TestAPhoneGetsTheInvitationOfWhoHasNoAddress(t *testing.T) {
	b, c := withPhones(t)
	person := b.hire(b.ctx, unmailed(kajsPhone), "Kaj")[0]
	b.work()
	list := c.taken(kajsPhone)
	if len(list) != 1 || list[0].Token == "" || list[0].Code == "" || !strings.HasSuffix(list[0].Text, "\n\n@havn.example #"+list[0].Code) {
		t.Fatalf("%+v", list)
	}
	if s := b.state(b.ctx, person); s != Sent {
		t.Errorf("state is %s", s)
	}
	if err := b.accept(b.ctx, list[0].Token); err != nil {
		t.Fatal(err)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		acc, err := account.ByAddress(ctx, "#1001")
		if err != nil {
			return err
		}
		mails, err := account.Identifiers(ctx, acc.ID)
		if err != nil || len(mails) != 0 {
			t.Errorf("mail could be sent to %v", mails)
		}
		phone, err := account.PhoneOf(ctx, acc.ID)
		if err == nil && phone != kajsPhone {
			t.Errorf("the proven phone is %q", phone)
		}
		return err
	})
}

func TestWhoGetsNoTextMessage(t *testing.T) {
	for name, change := range map[string]func(*bench, *people.Record){
		"the employer sends none":       func(b *bench, _ *people.Record) { b.of(b.ctx).Invitation.WithoutEmail = tenant.ByLetter },
		"the installation carries none": func(b *bench, _ *people.Record) { b.service.Texts = false },
		"a number of another country":   func(_ *bench, r *people.Record) { r.Phone = "+4740000100" },
		"a number that is none":         func(_ *bench, r *people.Record) { r.Phone = "+4512" },
		"no number":                     func(_ *bench, r *people.Record) { r.Phone = "" },
	} {
		t.Run(name, func(t *testing.T) {
			b, c := withPhones(t)
			person := b.hire(b.ctx, func(r *people.Record) { unmailed(kajsPhone)(r); change(b, r) }, "Kaj")[0]
			b.work()
			if n := len(c.taken("")); n != 0 || b.state(b.ctx, person) != NoAddress {
				t.Errorf("%d texts, state %s", n, b.state(b.ctx, person))
			}
			refused(t, b.service.Resend(b.ctx, person), "invite.no_way")
		})
	}
}

func TestAnotherPhoneOrAnAddressTakesTheInvitationAlong(t *testing.T) {
	b, c := withPhones(t)
	person := b.hire(b.ctx, unmailed(kajsPhone), "Kaj")[0]
	b.work()
	old := c.taken(kajsPhone)[0]
	move := func(change func(*people.Record)) {
		b.do(b.ctx, func(ctx context.Context) error {
			r := people.Record{LegalEmployer: "main", EmployeeNumber: "1001", GivenName: "Kaj", FamilyName: "Berg", Start: "2026-01-01", Language: "en"}
			change(&r)
			_, err := people.Apply(ctx, []people.Record{r}, 3)
			return err
		})
		b.work()
	}
	move(func(r *people.Record) { r.Phone = "+4520123499" })
	if _, err := b.service.Look(b.ctx, old.Token); err == nil {
		t.Error("the old phone's link still works")
	}
	if list := c.taken("+4520123499"); len(list) != 1 || list[0].Kind != kindText {
		t.Errorf("%+v", list)
	}
	if list := c.taken(kajsPhone); len(list) != 2 || list[1].Kind != "number_changed" {
		t.Errorf("the old phone got %+v", list)
	}
	move(func(r *people.Record) { r.WorkEmail, r.WorkEmailKey = "kaj@work.example", "kaj@work.example" })
	if m := b.last("kaj@work.example"); m.Token == "" || b.state(b.ctx, person) != Sent {
		t.Errorf("%+v", m)
	}
}

func TestTextMessagesKeepToTheDaysNumber(t *testing.T) {
	b, c := withPhones(t)
	b.of(b.ctx).Mfa.SMS.PerDay = 2
	b.hire(b.ctx, unmailed(kajsPhone), "Kaj", "Ulla", "Bo", "Ida", "Per")
	b.work()
	for _, want := range []int{2, 4, 5} {
		if n := len(c.taken("")); n != want {
			t.Errorf("%d text messages, want %d", n, want)
		}
		b.clock.Move(24 * time.Hour)
		b.work()
	}
}

// letterOf makes a letter for a person and gives it.
func (b *bench) letterOf(ctx context.Context, person uuid.UUID, made int) (l Letter, err error) {
	_, err = b.service.MakeLetter(ctx, person, made, func(made Letter) ([]byte, error) { l = made; return nil, nil })
	return l, err
}

// hr is a context in which somebody of HR acts.
func hr(ctx context.Context) context.Context {
	return authz.With(ctx, authz.Actor{Kind: authz.Person, PersonID: uuid.Must(uuid.NewV7()), Roles: []string{authz.RoleHR}})
}

func TestALettersCodeStaysNowhere(t *testing.T) {
	b, _ := withPhones(t)
	person := b.hire(b.ctx, unmailed(""), "Ulla")[0]
	b.work()
	l, err := b.letterOf(hr(b.ctx), person, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		i, err := pendingOf(ctx, person)
		if err != nil {
			return err
		}
		p, err := b.service.unseal(i.TenantID, i)
		if err != nil || p.Code != "" || p.Token == "" {
			t.Errorf("kept %+v %v", p, err)
		}
		return err
	})
	if s := b.state(b.ctx, person); s != Lettered {
		t.Errorf("state is %s", s)
	}
	token, err := b.service.ByCode(b.ctx, l.Name, l.Code, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.accept(b.ctx, token); err != nil {
		t.Fatal(err)
	}
	b.do(b.ctx, func(ctx context.Context) error {
		acc, err := account.ByPerson(ctx, person)
		if err != nil {
			return err
		}
		phone, err := account.PhoneOf(ctx, acc.ID)
		if phone != "" {
			t.Errorf("a letter proved the phone %s", phone)
		}
		return err
	})
}

func TestTheSameNumberAtAnotherEmployerIsAnother(t *testing.T) {
	b, _ := withPhones(t)
	own := b.hire(b.ctx, unmailed(""), "Ulla")[0]
	b.number = 0
	foreign := b.hire(b.other, unmailed(""), "Ulla")[0]
	b.work()
	l, err := b.letterOf(hr(b.ctx), own, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.letterOf(hr(b.other), foreign, 0); err != nil {
		t.Fatal(err)
	}
	_, err = b.service.ByCode(b.other, "1001", l.Code, "192.0.2.1")
	refused(t, err, "invite.code.wrong")
	for _, name := range []string{"", "-", "1002", "ulla@work.example"} {
		_, err = b.service.ByCode(b.ctx, name, l.Code, "192.0.2.1")
		refused(t, err, "invite.code.wrong")
	}
	if _, err := b.letterOf(hr(b.ctx), foreign, 1); err == nil {
		t.Error("a letter was made for somebody of another employer")
	}
	if token, err := b.service.ByCode(b.ctx, "1001", l.Code, "192.0.2.1"); err != nil || token == "" {
		t.Errorf("the foreign tries counted: %v", err)
	}
}

func TestOfManyAtOnceOneLetterIsMade(t *testing.T) {
	b, _ := withPhones(t)
	person := b.hire(b.ctx, unmailed(""), "Ulla")[0]
	b.work()
	var wait sync.WaitGroup
	results := make(chan error, 8)
	for range cap(results) {
		wait.Go(func() { _, err := b.letterOf(hr(b.ctx), person, 0); results <- err })
	}
	wait.Wait()
	close(results)
	made := 0
	for err := range results {
		f, known := fault.As(err)
		switch {
		case err == nil:
			made++
		case !known || f.Code != "invite.letter.made":
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("%d letters", made)
	}
}

func TestWhoCanHaveNoLetter(t *testing.T) {
	b, _ := withPhones(t)
	mailed := b.hire(b.ctx, nil, "Anna")[0]
	left := b.hire(b.ctx, func(r *people.Record) { unmailed("")(r); r.End = "2026-11-21" }, "Gone")[0]
	above := b.hire(b.ctx, func(r *people.Record) { unmailed("")(r); r.Roles = []string{authz.RoleHR} }, "Hanne")[0]
	here := b.hire(b.ctx, unmailed(""), "Ulla")[0]
	b.work()
	manager := authz.With(b.ctx, authz.Actor{Kind: authz.Person, Roles: []string{authz.RoleManager}})
	for _, c := range []struct {
		ctx    context.Context
		person uuid.UUID
		code   string
	}{{hr(b.ctx), mailed, "invite.letter.mailed"}, {hr(b.ctx), left, "invite.ended"}, {manager, above, "invite.letter.above"}} {
		_, err := b.letterOf(c.ctx, c.person, 0)
		refused(t, err, c.code)
	}
	broken := errors.New("the printer is out of ink")
	if _, err := b.service.MakeLetter(hr(b.ctx), here, 0, func(Letter) ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if s := b.state(b.ctx, here); s != NoAddress {
		t.Errorf("a letter that was not set left the state %s", s)
	}
	b.of(b.ctx).Invitation.WithoutEmail = tenant.ByNobody
	_, err := b.letterOf(hr(b.ctx), here, 0)
	refused(t, err, "invite.letter.off")
}

// Somebody who only knows a number must not end a letter by asking for a password.
func TestAWishForAPasswordLeavesALetterAlone(t *testing.T) {
	b, c := withPhones(t)
	person := b.hire(b.ctx, unmailed(kajsPhone), "Kaj")[0]
	b.work()
	l, err := b.letterOf(hr(b.ctx), person, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.work()
	if list := c.taken(kajsPhone); len(list) != 2 || list[1].Kind != "letter_made" {
		t.Errorf("the phone got %+v", list)
	}
	b.clock.Move(time.Hour)
	if err := b.service.ResendTo(b.ctx, "#1001"); err != nil {
		t.Fatal(err)
	}
	b.work()
	if _, err := b.service.ByCode(b.ctx, "1001", l.Code, "192.0.2.1"); err != nil {
		t.Errorf("the letter died: %v", err)
	}
	b.clock.Move(8 * 24 * time.Hour)
	if err := b.service.ResendTo(b.ctx, "#1001"); err != nil {
		t.Fatal(err)
	}
	b.work()
	if list := c.taken(kajsPhone); len(list) != 3 || list[2].Token == "" {
		t.Errorf("once it is over the phone gets a link: %+v", list)
	}
}
