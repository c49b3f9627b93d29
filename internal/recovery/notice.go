package recovery

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
)

// The kinds of message; those that end in _text go to phones.
const (
	kindStarted  = "recovery_started"
	kindApproved = "recovery_approved"
	kindOpen     = "recovery_open"
	kindEnded    = "recovery_ended"
	kindText     = "recovery_text"
	kindPass     = "access_pass"
	kindPassText = "access_pass_text"
)

// argLapse marks a mail of the end that the clock brings about.
const argLapse = "lapse"

// channels are where a person can be reached: every address on file that still is
// theirs, and the numbers that HR has; the phones that prove a sign-in come beside.
type channels struct {
	person    people.Person
	addresses []string
	numbers   []string
	texts     bool // text messages go out
}

// channelsOf collects them. HR's number counts where the employer sends texts; for
// who has no address that is wherever invitations go by text, and the phone that
// its invitation proved counts too.
func channelsOf(ctx context.Context, person, accountID uuid.UUID) (c channels, err error) {
	t := tenant.MustFrom(ctx)
	o, err := people.View(ctx, person, db.Now(ctx), t)
	if err != nil {
		return c, err
	}
	c.person = o.Person
	list, err := account.Identifiers(ctx, accountID)
	if err != nil {
		return c, err
	}
	// HR's own word on the work address counts as the account's does.
	for _, i := range append(list, account.Identifier{Kind: account.Work, Address: o.Person.WorkEmail}) {
		if o.Holds(i) {
			c.add(i.Address)
		}
	}
	c.add(o.Person.PrivateEmail)
	c.texts = texts(t) || t.Invitation.Texts() && len(c.addresses) == 0
	if n, err := phone.Parse(c.person.Phone, "", t.PhoneCountries()); err == nil && c.texts {
		c.numbers = []string{n.E164}
	}
	proven, err := account.PhoneOf(ctx, accountID)
	if proven != "" && c.texts {
		c.numbers = append(c.numbers, proven)
	}
	return c, err
}

func texts(t *tenant.Tenant) bool {
	return t.Mfa.Use(factor.Phone) != tenant.Off
}

func (c *channels) add(address string) {
	known := slices.ContainsFunc(c.addresses, func(a string) bool { return strings.EqualFold(a, address) })
	if address != "" && !known {
		c.addresses = append(c.addresses, address)
	}
}

// tell writes a mail of a kind to every address on file, in the open
// transaction, and without a due time a text message to every phone.
func (s *Service) tell(ctx context.Context, r Recovery, kind string, due time.Time) error {
	c, err := channelsOf(ctx, r.PersonID, r.AccountID)
	if err != nil {
		return err
	}
	args := map[string]string{}
	if kind == kindEnded && !due.IsZero() {
		args[argLapse] = "1"
	}
	if err := s.mail(ctx, c, message.New{Kind: kind, RefID: &r.ID, Args: args, DueAt: due}); err != nil {
		return err
	}
	if !due.IsZero() || !c.texts {
		return nil
	}
	return s.Phones.TellPhones(ctx, r.AccountID, kindText, r.ID, c.numbers...)
}

func (s *Service) mail(ctx context.Context, c channels, n message.New) error {
	if len(c.addresses) == 0 {
		return nil
	}
	list := make([]message.New, len(c.addresses))
	for i, to := range c.addresses {
		list[i] = n
		list[i].PersonID, list[i].Language, list[i].To = c.person.ID, c.person.Language, to
	}
	if err := s.Messages.SendAll(ctx, list); err != nil {
		return fmt.Errorf("write notices: %w", err)
	}
	return nil
}
