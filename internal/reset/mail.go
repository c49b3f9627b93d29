package reset

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The kinds of mail: the link, named after who asked so that HR can tell them
// apart among a person's mails, and what the asker gets.
const (
	kindSelf    = "reset"
	kindManager = "reset_manager"
	kindHR      = "reset_hr"
	kindReceipt = "reset_receipt"
)

// argReset names the wish that a receipt is for.
const argReset = "reset"

func kindOf(c Cause) string {
	switch c {
	case Manager:
		return kindManager
	case HR, Admin:
		return kindHR
	case Self:
	}
	return kindSelf
}

// prepare writes the mail with the link inside the claim: it mints the link, or
// takes the one of an earlier try. What stands no longer is not wanted.
func (s *Service) prepare(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	f, err := byID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !f.stands()) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, err
	}
	o, err := people.View(ctx, f.PersonID, s.DB.Now(), t)
	if err != nil {
		return render.Doc{}, err
	}
	host := s.hostOf(o, t)
	if host == "" {
		return render.Doc{}, message.ErrNotWanted
	}
	token, expires, err := s.token(ctx, f, t)
	if err != nil {
		return render.Doc{}, err
	}
	asker, err := nameOf(ctx, f.AskerID)
	if err != nil {
		return render.Doc{}, err
	}
	l := letter{Message: m, words: words, t: t, name: o.Person.GivenName, asker: asker, cause: f.Cause, expires: expires}
	d := l.doc(host, host+"/reset/"+token)
	err = s.Messages.Deny(ctx, m, words, t, l.say("mail.not_me.suspect"), &d)
	return d, err
}

// token gives the link's token and the end of its life, which counts from the
// sending.
func (s *Service) token(ctx context.Context, f found, t *tenant.Tenant) (token string, expires time.Time, err error) {
	expires = s.DB.Now().Add(t.Reset.Life)
	if f.TokenHash == nil {
		plain, hash := secret.Token()
		sealed, err := s.Box.Seal([]byte(plain), place(t.ID, f.ID)...)
		if err != nil {
			return "", expires, fmt.Errorf("seal link: %w", err)
		}
		return plain, expires, wrap("store link", mint(ctx, f.ID, hash, sealed, expires))
	}
	plain, err := s.Box.Open(f.Sealed, place(t.ID, f.ID)...)
	if err != nil {
		return "", expires, fmt.Errorf("open link: %w", err)
	}
	if f.expired(s.DB.Now()) {
		return string(plain), expires, wrap("prolong link", prolong(ctx, f.ID, expires))
	}
	return string(plain), *f.ExpiresAt, nil
}

// place is where a sealed token belongs: one row only.
func place(owner, id uuid.UUID) []string {
	return []string{owner.String(), "resets", "sealed", id.String()}
}

func nameOf(ctx context.Context, person *uuid.UUID) (string, error) {
	if person == nil {
		return "", nil
	}
	p, err := people.ByID(ctx, *person)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return p.Name(), err
}

// letter is the mail with the link in the making.
type letter struct {
	message.Message
	words       *i18n.Localizer
	t           *tenant.Tenant
	name, asker string
	cause       Cause
	expires     time.Time
}

func (l letter) say(key string) string {
	return l.words.T(key, "Employer", l.t.Name, "Name", l.name, "Account", l.To, "Asker", l.asker, "When", l.expires)
}

func (l letter) doc(portal, link string) render.Doc {
	d := message.Letter(l.words, l.t, portal)
	d.Subject, d.Preheader, d.Heading = l.say("mail.reset.subject"), l.say("mail.reset.preheader"), l.say("mail.reset.heading")
	facts := append(render.Facts{{Label: l.words.T("mail.fact.account"), Value: l.To}}, l.Origin(l.words)...)
	d.Blocks = []render.Block{
		render.Paragraph{Text: l.say("mail.greeting")},
		render.Paragraph{Text: l.why()},
		render.Button{Label: l.say("mail.reset.button"), URL: link},
		render.Address{Intro: l.say("mail.link.copy"), URL: link},
		facts,
	}
	d.Expires = l.say("mail.expires") + " " + l.say("mail.reset.once")
	d.NotYou, d.Why = l.say("mail.reset.not_you"), l.say("mail.why.reset")
	if l.cause != Self {
		d.NotYou = l.say("mail.reset.not_you_asked")
	}
	return d
}

// why says who asked, by name and part.
func (l letter) why() string {
	switch {
	case l.cause == Self:
		return l.say("mail.reset.text")
	case l.asker == "":
		return l.say("mail.reset.by_employer")
	case l.cause == Manager:
		return l.say("mail.reset.by_manager")
	case l.cause == Admin:
		return l.say("mail.reset.by_admin")
	}
	return l.say("mail.reset.by_hr")
}

// prepareReceipt writes what the asker gets.
func (s *Service) prepareReceipt(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	id, err := uuid.Parse(m.Args[argReset])
	if err != nil {
		return render.Doc{}, fmt.Errorf("read receipt: %w", err)
	}
	f, err := byID(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, err
	}
	name, err := nameOf(ctx, &f.PersonID)
	if err != nil {
		return render.Doc{}, err
	}
	d := receiptDoc(m, words, t, s.Portal(t), name, f.AccountID == nil)
	if err := s.Messages.Deny(ctx, m, words, t, words.T("mail.not_me.open"), &d); err != nil {
		return render.Doc{}, err
	}
	if len(d.After) > 0 {
		d.NotYou = ""
	}
	return d, nil
}

func receiptDoc(m message.Message, words *i18n.Localizer, t *tenant.Tenant, portal, name string, invited bool) render.Doc {
	say := func(key string) string {
		return words.T(key, "Employer", t.Name, "Name", name, "Address", portal+"/reset")
	}
	text := say("mail.reset_receipt.text")
	if invited {
		text = say("mail.reset_receipt.invited")
	}
	d := message.Letter(words, t, portal)
	d.Subject, d.Preheader, d.Heading = say("mail.reset_receipt.subject"), say("mail.reset_receipt.preheader"), say("mail.reset_receipt.heading")
	d.Blocks = []render.Block{render.Paragraph{Text: text}, m.Origin(words)}
	d.NotYou, d.Why = say("mail.not_you.act"), say("mail.why.account")
	return d
}
