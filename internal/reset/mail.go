package reset

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// The kinds of mail: the link, named after who asked so that HR can tell them
// apart among a person's mails, the code, and what the asker gets.
const (
	kindSelf    = "reset"
	kindCode    = "reset_code"
	kindManager = "reset_manager"
	kindHR      = "reset_hr"
	kindReceipt = "reset_receipt"
)

// argReset names the wish that a receipt is for.
const argReset = "reset"

func kindOf(r Reset) string {
	if r.Channel == byText {
		return map[bool]string{true: kindTextCode, false: kindText}[r.AttemptID != nil]
	}
	if r.AttemptID != nil {
		return kindCode
	}
	switch r.Cause {
	case Manager:
		return kindManager
	case HR, Admin:
		return kindHR
	case Self:
	}
	return kindSelf
}

// prepare writes the mail with the link or the code inside the claim: it mints
// them, or takes those of an earlier try. What stands no longer is not wanted,
// nor is a code that nobody waits for.
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
	l := letter{Message: m, words: words, t: t, name: o.Person.GivenName, cause: f.Cause}
	token, code, expires, err := s.secrets(ctx, f, t)
	if err != nil {
		return render.Doc{}, err
	}
	if l.expires = expires; f.AttemptID != nil {
		l.used, err = session.LastUsed(ctx, *f.AccountID)
		return l.codeDoc(host, code), err
	}
	if l.asker, err = nameOf(ctx, f.AskerID); err != nil {
		return render.Doc{}, err
	}
	if l.used, err = session.LastUsed(ctx, *f.AccountID); err != nil {
		return render.Doc{}, err
	}
	d := l.doc(host, host+"/reset/"+token)
	err = s.Messages.Deny(ctx, m, words, t, l.say("mail.not_me.suspect"), &d)
	return d, err
}

// secrets gives the link's token, the code where there is one, and the end of
// their life, which counts from the sending.
func (s *Service) secrets(ctx context.Context, f found, t *tenant.Tenant) (token, code string, expires time.Time, err error) {
	if expires, err = s.until(ctx, f, t); err != nil {
		return "", "", expires, err
	}
	if f.TokenHash == nil {
		return s.mint(ctx, f, t, expires)
	}
	if token, code, err = s.open(t.ID, f.Reset); err != nil {
		return "", "", expires, err
	}
	if f.expired(s.DB.Now()) {
		return token, code, expires, wrap("prolong link", prolong(ctx, f.ID, expires))
	}
	return token, code, *f.ExpiresAt, nil
}

// until is when what is sent now ends: a code at the latest with the attempt
// that it is typed in.
func (s *Service) until(ctx context.Context, f found, t *tenant.Tenant) (time.Time, error) {
	now := s.DB.Now()
	if f.AttemptID == nil {
		return now.Add(t.Reset.LinkLife()), nil
	}
	a, err := s.Attempts.ByID(ctx, *f.AttemptID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !now.Before(a.ExpiresAt)) || f.CodeUsedAt != nil {
		return time.Time{}, message.ErrNotWanted
	}
	end := now.Add(t.Reset.Life)
	if a.ExpiresAt.Before(end) {
		end = a.ExpiresAt
	}
	return end, err
}

func (s *Service) mint(ctx context.Context, f found, t *tenant.Tenant, expires time.Time) (token, code string, until time.Time, err error) {
	token, hash := secret.Token()
	var codeHash []byte
	if f.AttemptID != nil {
		code = secret.Code(codeDigits)
		codeHash = s.codeHash(t.ID, f.ID, code)
	}
	sealed, err := s.Box.Seal([]byte(strings.TrimSpace(token+" "+code)), place(t.ID, f.ID)...)
	if err != nil {
		return "", "", expires, fmt.Errorf("seal link: %w", err)
	}
	return token, code, expires, wrap("store link", mint(ctx, f.ID, hash, codeHash, sealed, expires))
}

// open reads what a wish keeps sealed.
func (s *Service) open(tenantID uuid.UUID, r Reset) (token, code string, err error) {
	plain, err := s.Box.Open(r.Sealed, place(tenantID, r.ID)...)
	if err != nil {
		return "", "", fmt.Errorf("open link: %w", err)
	}
	token, code, _ = strings.Cut(string(plain), " ")
	return token, code, nil
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
	used        time.Time // the account, last; zero: never
}

func (l letter) say(key string) string {
	return l.words.T(key, "Employer", l.t.Name, "Name", l.name, "Account", l.To, "Asker", l.asker, "When", l.expires)
}

func (l letter) doc(portal, link string) render.Doc {
	d := message.Letter(l.words, l.t, portal)
	d.Subject, d.Preheader, d.Heading = l.say("mail.reset.subject"), l.say("mail.reset.preheader"), l.say("mail.reset.heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: l.say("mail.greeting")},
		render.Paragraph{Text: l.why()},
		render.Button{Label: l.say("mail.reset.button"), URL: link},
		render.Address{Intro: l.say("mail.link.copy"), URL: link},
		l.facts(),
	}
	d.Expires = l.say("mail.expires") + " " + l.say("mail.reset.once")
	d.NotYou, d.Why = l.say("mail.reset.not_you"), l.say("mail.why.reset")
	if l.cause != Self {
		d.NotYou = l.say("mail.reset.not_you_asked")
	}
	return d
}

// facts name the account, who asked from where, and when the account was last
// used: what the reader does not know of is somebody else's doing.
func (l letter) facts() render.Facts {
	facts := append(render.Facts{{Label: l.words.T("mail.fact.account"), Value: l.To}}, l.Origin(l.words)...)
	if !l.used.IsZero() {
		facts = append(facts, render.Fact{Label: l.words.T("mail.fact.used"), Value: message.When(l.words, l.used)})
	}
	return facts
}

// codeDoc is the mail with a code in place of the link: nothing to press.
func (l letter) codeDoc(portal, code string) render.Doc {
	d := message.Letter(l.words, l.t, portal)
	d.Subject, d.Preheader, d.Heading = l.say("mail.reset_code.subject"), l.say("mail.reset_code.preheader"), l.say("mail.reset_code.heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: l.say("mail.greeting")},
		render.Paragraph{Text: l.say("mail.reset_code.text")},
		render.Code{Label: l.say("mail.reset_code.label"), Value: code},
		l.facts(),
	}
	d.Expires = l.say("mail.reset_code.expires")
	d.NotYou, d.Why = l.say("mail.reset_code.not_you"), l.say("mail.why.reset")
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
