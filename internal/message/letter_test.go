package message

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/message/render"
	"tilgang/internal/tenant"
)

// untold is a key that stands where its text should.
var untold = regexp.MustCompile(`mail\.[a-z_]+\.`)

func TestTheNoticesSayWhatHappened(t *testing.T) {
	b := setUp(t)
	const chrome = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36"
	facts := func(more ...string) map[string]string {
		args := Facts(chrome, "192.0.2.17")
		for i := 0; i+1 < len(more); i += 2 {
			args[more[i]] = more[i+1]
		}
		return args
	}
	for kind, c := range map[string]struct {
		args map[string]string
		says []string
	}{
		PasswordChanged: {facts(), []string{"a@work.example", "Chrome 138", "Pixel 8", "192.0.2.17", "12:00 UTC", "https://havn.example/security"}},
		FactorAdded:     {facts(ArgFactor, "totp"), []string{"An authenticator app", "Chrome 138"}},
		RecoveryUsed:    {facts(ArgLeft, "1"), []string{"You have 1 code left"}},
		RecoveryMade:    {facts(), []string{"old codes no longer work"}},
		NewSignin:       {facts(), []string{"a browser or a country where we have not seen you before", "Pixel 8"}},
		FactorReplaced:  {facts(ArgFactor, "phone"), []string{"A phone number", "took the place of the one before"}},
		Frozen:          {facts(), []string{"everyone was signed out", "somebody reads your mail", "https://havn.example/reset"}},
		Unfrozen:        {facts(ArgWhy, "undone"), []string{"took back", "Everyone stays signed out"}},
		Locked:          {facts(ArgCount, "12", ArgUntil, "2026-11-22T13:00:00Z"), []string{"12 times", "22 November 2026 at 13:00"}},
		AddressChanged:  {nil, []string{"another address"}},
		ContactChanged:  {nil, []string{"registered another e-mail address", "a@work.example still works"}},
	} {
		t.Run(kind, func(t *testing.T) {
			for _, lang := range b.catalog.Languages() {
				b.post.mails = nil
				err := b.db.Tx(b.ctx, func(ctx context.Context) error {
					return b.service.Send(ctx, New{Kind: kind, To: "a@work.example", Language: lang, Args: c.args})
				})
				if err != nil {
					t.Fatal(err)
				}
				b.work()
				mails := b.post.taken()
				if len(mails) != 1 {
					t.Fatalf("%d mails", len(mails))
				}
				if err := render.Check(mails[0].HTML, mails[0].Text); err != nil {
					t.Error(err)
				}
				text := strings.Join(strings.Fields(mails[0].Subject+" "+mails[0].Text), " ")
				for _, want := range c.says {
					if lang == "en" && !strings.Contains(text, want) {
						t.Errorf("no %q in %s", want, text)
					}
				}
				if untold.MatchString(text) || strings.Contains(text, "<no value>") {
					t.Errorf("%s: %s", lang, text)
				}
			}
		})
	}
}

func TestHoursOfAWeekInWords(t *testing.T) {
	b := setUp(t)
	h := b.of(b.ctx)
	for day := 1; day <= 5; day++ {
		h.Support.Hours[day].Open, h.Support.Hours[day].Close = 8*60, 18*60
	}
	h.Support.Hours[6].Open, h.Support.Hours[6].Close = 9*60, 16*60+30
	got := map[string]string{}
	for _, lang := range b.catalog.Languages() {
		got[lang] = Hours(b.service.Catalog.Localizer(lang, h.Zone, nil), h)
	}
	want := map[string]string{
		"en": "Monday–Friday 08:00–18:00, Saturday 09:00–16:30", "da": "mandag–fredag 08.00–18.00, lørdag 09.00–16.30",
		"nb": "mandag–fredag 08.00–18.00, lørdag 09.00–16.30", "sv": "måndag–fredag 08:00–18:00, lördag 09:00–16:30",
		"nn": "måndag–fredag 08.00–18.00, laurdag 09.00–16.30",
		"de": "Montag–Freitag 08:00–18:00, Samstag 09:00–16:30",
		"fi": "maanantai–perjantai 08.00–18.00, lauantai 09.00–16.30",
		"pl": "poniedziałek–piątek 08:00–18:00, sobota 09:00–16:30",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryStateAndReasonHasWords(t *testing.T) {
	b := setUp(t)
	for _, lang := range b.catalog.Languages() {
		words := b.service.Catalog.Localizer(lang, nil, nil)
		for _, s := range []State{Queued, Sending, HandedOver, Delivered, Delayed, Bounced, Complained, Suppressed, Failed} {
			if m := (Sent{State: s}); m.StateText(words) == "message.state."+string(s) {
				t.Errorf("%s: no words for %s", lang, s)
			}
		}
		for _, why := range []string{whyWithdrawn, whyUnreadable, whyUnknown, whyLater, whyGivenUp, whyRefused, whyAddress, whyNumber, whyFull, whyPolicy, whyMail} {
			if m := (Sent{Error: why}); m.Why(words) == "message.why."+why {
				t.Errorf("%s: no words for %s", lang, why)
			}
		}
	}
}

func TestAMailNamesTheCountryWhereItIsKnown(t *testing.T) {
	b := setUp(t)
	words := b.service.Catalog.Localizer("nb", nil, nil)
	for code, want := range map[string]string{"SE": "Sverige", "": ""} {
		m := Message{Args: Facts("Mozilla/5.0", "198.51.100.7"), Country: code}
		got := ""
		for _, f := range m.Origin(words) {
			if f.Label == words.T("mail.fact.country") {
				got = f.Value
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

func TestAMailThatCanBeDeniedSaysHowAndNotWhatElse(t *testing.T) {
	b := setUp(t)
	b.service.LetDeny(func(_ context.Context, m Message, _ *tenant.Tenant) (Denial, error) {
		if m.PersonID == uuid.Nil {
			return Denial{}, nil
		}
		return Denial{URL: "https://havn.example/notme/x", Code: "123456"}, nil
	})
	person := uuid.Must(uuid.NewV7())
	for kind, denied := range map[string]bool{PasswordChanged: true, Locked: true, ContactChanged: true, Unfrozen: true, Frozen: false, AddressChanged: false} {
		for _, known := range []bool{true, false} {
			b.post.mails = nil
			n := New{Kind: kind, To: "a@work.example", Language: "en"}
			if known {
				n.PersonID = person
			}
			if err := b.db.Tx(b.ctx, func(ctx context.Context) error { return b.service.Send(ctx, n) }); err != nil {
				t.Fatal(err)
			}
			b.work()
			m := b.post.taken()[0]
			for _, form := range []string{m.Text, m.HTML} {
				if got := strings.Contains(form, "123456") && strings.Contains(form, "https://havn.example/notme/x"); got != (denied && known) {
					t.Errorf("%s, known %t: %s", kind, known, form)
				}
			}
			if err := render.Check(m.HTML, m.Text); err != nil {
				t.Error(err)
			}
		}
	}
}
