package invite

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
)

// kindText is an invitation by text message, first or again.
const kindText = "invite_text"

// candidates reads persons on a day of the tenant's zone. Those without an e-mail
// address get the number to sign in with and the phone to write to, as far as
// the employer allows.
func (s *Service) candidates(ctx context.Context, ids []uuid.UUID, today people.Date) (map[uuid.UUID]candidate, error) {
	found, err := candidates(ctx, ids, today)
	t := tenant.MustFrom(ctx)
	if err != nil || !t.Invitation.Letters() {
		return found, err
	}
	var without []uuid.UUID
	for id, c := range found {
		if _, _, kind := c.mail(); kind == "" {
			without = append(without, id)
		}
	}
	jobs, err := jobsOf(ctx, without, today)
	if err != nil {
		return nil, err
	}
	for _, id := range without {
		found[id] = s.unmailed(found[id], jobs[id], t)
	}
	return found, nil
}

// unmailed is somebody without an e-mail address as sending needs them.
func (s *Service) unmailed(c candidate, j job, t *tenant.Tenant) candidate {
	c.Provisional = j.Standing
	if c.Name = j.name(); c.Name == "" || !s.Texts || !t.Invitation.Texts() {
		return c
	}
	if n, err := phone.Parse(c.Phone, "", t.PhoneCountries()); err == nil {
		c.Texted = n.E164
	}
	return c
}

// name is what signs in by a job: its number, with the employer's key where
// somebody else has the same. A number that stands in for the real one is none.
func (j job) name() string {
	switch {
	case j.Standing || account.NumberKey(j.EmployeeNumber) == "":
		return ""
	case j.Shared:
		return j.EmployeeNumber + "/" + j.Employer
	}
	return j.EmployeeNumber
}

// reach gives an invitation the person's address and number of today.
func (i *Invitation) reach(c candidate) {
	i.Address, i.AddressKey, i.AddressKind = c.address()
	i.Name, i.NameKey = "", ""
	if i.byNumber() && c.Name != "" {
		i.Name, i.NameKey = c.Name, account.NumberKey(c.Name)
	}
}

// text writes an invitation to a phone inside the claim, with link, number and
// code. Its last line offers the code on the right host alone.
func (s *Service) text(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	rows, err := byIDs(ctx, []uuid.UUID{m.RefID})
	if err != nil {
		return "", err
	}
	of, err := s.candidates(ctx, []uuid.UUID{m.PersonID}, s.today(t))
	if err != nil {
		return "", err
	}
	c := of[m.PersonID]
	if !wanted(rows[m.RefID], c, m.To) {
		return "", message.ErrNotWanted
	}
	pairs, err := s.pairs(ctx, []message.Task{{Message: m, Words: words}}, rows, t)
	if err != nil {
		return "", err
	}
	i, p, portal := rows[m.RefID], pairs[m.RefID], s.Portal(t)
	text := words.T("invite.text.body", "Name", c.GivenName, "Employer", t.Name, "Link", portal+"/invite/"+p.Token, "Account", i.Name, "Code", p.Code,
		"Address", portal+"/invite/code", "When", *i.ExpiresAt)
	return text + "\n\n@" + hostOf(portal) + " #" + p.Code, nil
}

// hostOf is an origin's host, without a port.
func hostOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// send stores messages. Text messages beyond the employer's number of a day wait
// for the days after.
func (s *Service) send(ctx context.Context, list []message.New) error {
	sent, each := -1, max(1, tenant.MustFrom(ctx).Mfa.SMS.PerDay)
	now := s.DB.Now()
	for i := range list {
		if list[i].Kind != kindText {
			continue
		}
		if sent < 0 {
			n, err := message.TextsSince(ctx, now.Add(-24*time.Hour))
			if err != nil {
				return fmt.Errorf("count text messages: %w", err)
			}
			sent = n
		}
		if days := sent / each; days > 0 {
			list[i].DueAt = later(list[i].DueAt, now.AddDate(0, 0, days))
		}
		sent++
	}
	return s.Messages.SendAll(ctx, list)
}

// provenPhone is the number that an account's text messages go to.
func provenPhone(ctx context.Context, accountID uuid.UUID) (string, error) {
	number, err := account.PhoneOf(ctx, accountID)
	return number, wrap("find the phone", err)
}
