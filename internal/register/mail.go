package register

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
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// The kinds of message: the code, the word that the address signs in already,
// and the text to phones on file that a password was replaced.
const (
	kindCode  = "register_code"
	kindKnown = "register_known"
	kindText  = "register_text"
)

const keyedCode = "register_code"

// prepareCode writes the mail with the code inside the claim: it mints it, or
// takes that of an earlier try. A code that nobody waits for is not wanted.
func (s *Service) prepareCode(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	r, err := byID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && (r.proven() || r.Known)) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, wrap("find registration", err)
	}
	code, expires, err := s.secret(ctx, r, t)
	if err != nil {
		return render.Doc{}, err
	}
	say := func(key string) string {
		return words.T(key, "Employer", t.Name, "Account", m.To, "When", expires)
	}
	d := message.Letter(words, t, s.AlumniPortal(t))
	d.Subject, d.Preheader, d.Heading = say("mail.register_code.subject"), say("mail.register_code.preheader"), say("mail.register_code.heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: say("mail.register_code.text")},
		render.Code{Label: say("mail.reset_code.label"), Value: code},
		m.Origin(words),
	}
	d.Expires, d.NotYou, d.Why = say("mail.reset_code.expires"), say("mail.register_code.not_you"), say("mail.why.register")
	return d, nil
}

// secret gives the code and the end of its life, which counts from the sending
// and is at the latest that of the attempt it is typed in.
func (s *Service) secret(ctx context.Context, r Registration, t *tenant.Tenant) (code string, expires time.Time, err error) {
	now := s.DB.Now()
	a, err := s.Attempts.ByID(ctx, r.AttemptID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !now.Before(a.ExpiresAt)) {
		return "", expires, message.ErrNotWanted
	}
	if err != nil {
		return "", expires, err
	}
	if expires = now.Add(lifeOf(t)); a.ExpiresAt.Before(expires) {
		expires = a.ExpiresAt
	}
	if r.CodeHash != nil {
		plain, err := s.Box.Open(r.CodeSealed, place(t.ID, r.ID, "code_sealed")...)
		if err != nil {
			return "", expires, fmt.Errorf("open code: %w", err)
		}
		return string(plain), expires, wrap("prolong code", prolong(ctx, r.ID, expires))
	}
	code = secret.Code(codeDigits)
	sealed, err := s.Box.Seal([]byte(code), place(t.ID, r.ID, "code_sealed")...)
	if err != nil {
		return "", expires, fmt.Errorf("seal code: %w", err)
	}
	return code, expires, wrap("store code", mint(ctx, r.ID, s.codeHash(t.ID, r.ID, code), sealed, expires))
}

// codeHash is what is stored of a code; it is worth nothing for another wish.
func (s *Service) codeHash(tenantID, id uuid.UUID, digits string) []byte {
	return s.Box.Keyed(keyedCode, tenantID, id.String()+" "+digits)
}

// place is where something sealed belongs: one column of one row only.
func place(owner, id uuid.UUID, column string) []string {
	return []string{owner.String(), "registrations", column, id.String()}
}

// prepareKnown writes the mail to somebody whose address signs in already.
func (s *Service) prepareKnown(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	o, err := people.View(ctx, m.PersonID, s.DB.Now(), t)
	if errors.Is(err, db.ErrNotFound) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, wrap("find person", err)
	}
	portal := s.AlumniPortal(t)
	if session.Admits(o.Standing, nil, len(o.Roles) > 0, false) {
		portal = s.Portal(t)
	}
	say := func(key string) string {
		return words.T(key, "Employer", t.Name, "Account", m.To, "Name", o.Person.GivenName)
	}
	d := message.Letter(words, t, portal)
	d.Subject, d.Preheader, d.Heading = say("mail.register_known.subject"), say("mail.register_known.preheader"), say("mail.register_known.heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: say("mail.greeting")},
		render.Paragraph{Text: say("mail.register_known.text")},
		render.Button{Label: say("mail.register_known.button"), URL: portal + "/signin"},
		render.Address{Intro: say("mail.register_known.forgot"), URL: portal + "/reset"},
		m.Origin(words),
	}
	d.NotYou, d.Why = say("mail.register_known.not_you"), say("mail.why.account")
	return d, nil
}

// textOfJoined tells a phone on file that the account was widened.
func textOfJoined(_ context.Context, _ message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	return words.T("register.joined_text", "Employer", t.Name), nil
}
