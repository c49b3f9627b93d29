package reset

import (
	"context"
	"errors"
	"net/url"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
)

// How a wish reaches the person.
const (
	byMail   = "email"
	byText   = "sms"
	byLetter = "letter"
)

// The kinds of text message: the link, and the code.
const (
	kindText     = "reset_text"
	kindTextCode = "reset_text_code"
)

// Phones bound text messages and write to phones; factor.Phones is one.
type Phones interface {
	// Count counts a text message to an account's phone within the bounds of
	// codes; a TooMany fault beyond them.
	Count(ctx context.Context, accountID, flow uuid.UUID, to, network string) error
	// IsFactor tells whether a number is the account's second factor.
	IsFactor(ctx context.Context, accountID uuid.UUID, number string) (bool, error)
	// TellPhones writes to every phone on file and to others beside them.
	TellPhones(ctx context.Context, accountID uuid.UUID, kind string, ref uuid.UUID, others ...string) error
}

// reachBy chooses how an account is reached: by the first of its addresses that
// still is the person's, else by the phone that its invitation proved. wanted is
// false where there is neither.
func (s *Service) reachBy(ctx context.Context, p *plan, names []account.Identifier) (wanted bool, err error) {
	for _, i := range names {
		if i.Kind != account.Number && p.o.Holds(i) {
			p.identifier, p.channel, p.to = i, byMail, i.Address
			return true, nil
		}
	}
	for _, i := range names {
		if i.Kind != account.Number {
			continue
		}
		to, err := s.texted(ctx, p, i)
		if err != nil || to == "" {
			return false, err
		}
		p.identifier, p.channel, p.to = i, byText, to
		return true, nil
	}
	return false, nil
}

// texted is the phone that may get the way to a new password: proven by the
// invitation, still the one that HR has, and no second factor of the account. A
// new number in the staff file gets nothing: it is contact data, and whoever
// writes it there must not get into the account by it.
func (s *Service) texted(ctx context.Context, p *plan, i account.Identifier) (string, error) {
	t := tenant.MustFrom(ctx)
	if i.Phone == "" || s.textable(p.o.Person, t) != i.Phone {
		return "", nil
	}
	factor, err := s.Phones.IsFactor(ctx, p.account.ID, i.Phone)
	if err != nil || factor {
		return "", err
	}
	return i.Phone, nil
}

// textable is the staff file's number where the employer sends texts to it.
func (s *Service) textable(p people.Person, t *tenant.Tenant) string {
	if !s.Texts || !t.Invitation.Texts() {
		return ""
	}
	n, err := phone.Parse(p.Phone, "", t.PhoneCountries())
	if err != nil {
		return ""
	}
	return n.E164
}

// bounded counts a text message of a person's own wish. Beyond the bounds nothing
// goes out, and nobody is told.
func (s *Service) bounded(ctx context.Context, p plan, flow uuid.UUID, network string) (bool, error) {
	if p.channel != byText {
		return true, nil
	}
	err := s.Phones.Count(ctx, p.account.ID, flow, p.to, network)
	if fault.KindOf(err) == fault.TooMany {
		return false, nil
	}
	return err == nil, err
}

// text writes the link, or the code, to a phone inside the claim. A code's last
// line offers it on the right host alone.
func (s *Service) text(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	f, err := byID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !f.stands()) {
		return "", message.ErrNotWanted
	}
	if err != nil {
		return "", err
	}
	o, err := people.View(ctx, f.PersonID, s.DB.Now(), t)
	if err != nil {
		return "", err
	}
	host := s.hostOf(o, t)
	if host == "" || s.textable(o.Person, t) != m.To {
		return "", message.ErrNotWanted
	}
	token, code, expires, err := s.secrets(ctx, f, t)
	if err != nil {
		return "", err
	}
	say := func(key string) string {
		return words.T(key, "Employer", t.Name, "Account", f.Address, "Link", host+"/reset/"+token, "Code", code, "When", expires)
	}
	if f.AttemptID == nil {
		return say("reset.text.link"), nil
	}
	return say("reset.text.code") + "\n\n@" + hostName(host) + " #" + code, nil
}

func hostName(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// networkOf is whence a wish came, for the bounds.
func networkOf(a attempt.Attempt) string { return a.Asker.Network }
