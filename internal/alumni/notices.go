package alumni

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The kinds of notice.
const (
	ending   = "ending"   // the window closes
	handover = "handover" // the last day of work comes, and there is no private address
)

// Remind writes the mails that are due before a last day, and tells how many. It
// may run at any time, anywhere and as often as one likes: what was told is
// written down with the mail. A day that was missed is made up for, by one mail
// with the day itself in it.
func (s *Service) Remind(ctx context.Context) (n int64, err error) {
	t := tenant.MustFrom(ctx)
	today := people.DateOf(s.DB.Now(), t.Zone)
	for _, e := range t.LegalEmployers {
		for _, w := range []struct {
			span span
			look func(person) []notice
		}{
			{windowEnds(e.Key, today, t.Alumni), func(p person) []notice { return endings(p, today, t.Alumni) }},
			{span{employer: e.Key, ended: today, endedTo: later(today, t.Alumni.Handover)}, func(p person) []notice { return handovers(p, today, t.Alumni) }},
		} {
			some, err := s.each(ctx, w.span, w.look)
			n += some
			if err != nil {
				return n, fmt.Errorf("remind of what ends: %w", err)
			}
		}
	}
	return n, nil
}

// windowEnds is whose window at a legal employer can close within the longest
// of the notices.
func windowEnds(employer string, today people.Date, p tenant.AlumniPolicy) span {
	if len(p.Notices) == 0 {
		return span{employer: employer, ended: "9999", granted: "9999"}
	}
	to := later(today, slices.Max(p.Notices))
	return span{
		employer: employer, granted: today, grantedTo: to,
		ended: later(before(today, p.MonthsOf(employer)), -monthsSlack), endedTo: later(before(to, p.MonthsOf(employer)), monthsSlack),
	}
}

// each looks at the persons of a span, some in one transaction.
func (s *Service) each(ctx context.Context, of span, look func(person) []notice) (n int64, err error) {
	var after uuid.UUID
	for {
		var ids []uuid.UUID
		var some int64
		err := s.DB.Tx(ctx, func(ctx context.Context) (err error) {
			if ids, err = within(ctx, of, after); err != nil || len(ids) == 0 {
				return err
			}
			some, err = s.remind(ctx, ids, look)
			return err
		})
		n += some
		if err != nil || len(ids) < eachStep {
			return n, err
		}
		after = ids[len(ids)-1]
	}
}

// person is what decides about somebody's notices.
type person struct {
	id      uuid.UUID
	terms   []people.Term
	account account.Account // zero: none
}

func (s *Service) remind(ctx context.Context, ids []uuid.UUID, look func(person) []notice) (n int64, err error) {
	terms, err := people.TermsOf(ctx, ids)
	if err != nil {
		return 0, err
	}
	accounts, err := account.ByPersons(ctx, ids)
	if err != nil {
		return 0, err
	}
	known, err := told(ctx, ids)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		for _, due := range look(person{id: id, terms: terms[id], account: accounts[id]}) {
			if slices.ContainsFunc(known, due.same) {
				continue
			}
			sent, err := s.notify(ctx, due)
			if err != nil {
				return n, err
			}
			if sent {
				n++
			}
		}
	}
	return n, nil
}

func (n notice) same(other notice) bool {
	return n.PersonID == other.PersonID && n.Kind == other.Kind && n.Day == other.Day && n.Mark == other.Mark
}

// notify writes one notice and its mail, unless another sweep was first or
// nobody reads it.
func (s *Service) notify(ctx context.Context, n notice) (sent bool, err error) {
	o, err := people.View(ctx, n.PersonID, s.DB.Now(), tenant.MustFrom(ctx))
	if err != nil {
		return false, err
	}
	reach := s.private
	if n.Kind == handover {
		reach = s.atWork
	}
	to, err := reach(ctx, o)
	if err != nil || to == "" {
		return false, err
	}
	first, err := note(ctx, n)
	if err != nil || !first {
		return false, err
	}
	kind := kindEnding
	if n.Kind == handover {
		kind = kindHandover
	}
	mail := message.New{Kind: kind, PersonID: n.PersonID, To: to, Language: o.Person.Language, Args: map[string]string{argDay: string(n.Day)}}
	if err := s.Messages.Send(ctx, mail); err != nil {
		return false, err
	}
	return true, record(ctx, "alumni.reminded", n.PersonID, map[string]any{"kind": n.Kind, "day": string(n.Day), "mark": n.Mark})
}

// endings are the notices that are due of the windows that close for a person.
func endings(p person, today people.Date, policy tenant.AlumniPolicy) (due []notice) {
	if p.account.ID != uuid.Nil && (p.account.Status != account.Active || p.account.Anew()) {
		return nil
	}
	for _, t := range p.terms {
		door := people.DoorTo(t.Employer, p.terms, today, policy)
		last := people.LastAccess(t.Employer, p.terms, policy)
		if door.Inside(people.Staff, people.Joiner) || !door.Inside(people.Alumnus) {
			continue
		}
		mark := markOf(policy.Notices, days(today, last))
		n := notice{PersonID: p.id, Kind: ending, Day: last, Mark: mark}
		if mark > 0 && !slices.ContainsFunc(due, n.same) {
			due = append(due, n)
		}
	}
	return due
}

// markOf is the notice that is due when so many days are left: the nearest that
// has come; 0 is none.
func markOf(notices []int, left int) (mark int) {
	for _, n := range notices {
		if n >= left && (mark == 0 || n < mark) {
			mark = n
		}
	}
	return mark
}

// handovers is the one notice that is due of a person's last day of work.
func handovers(p person, today people.Date, policy tenant.AlumniPolicy) []notice {
	last := people.LastWork(p.terms, today)
	if p.account.ID == uuid.Nil || p.account.Status != account.Active || p.account.Anew() || last == "" || days(today, last) > policy.Handover {
		return nil
	}
	return []notice{{PersonID: p.id, Kind: handover, Day: last, Mark: policy.Handover}}
}

// private is where somebody reads who has left: a private address of the
// account, else the one that HR has; empty for none.
func (s *Service) private(ctx context.Context, o people.Overview) (string, error) {
	list, err := identifiers(ctx, o.Person.ID)
	for _, i := range list {
		if i.Kind == account.Private {
			return i.Address, err
		}
	}
	return o.Person.PrivateEmail, err
}

// atWork is where a leaver reads who has no private address on the account yet;
// empty for whoever has one.
func (s *Service) atWork(ctx context.Context, o people.Overview) (string, error) {
	list, err := identifiers(ctx, o.Person.ID)
	if len(list) == 0 || slices.ContainsFunc(list, func(i account.Identifier) bool { return i.Kind == account.Private }) {
		return "", err
	}
	return list[0].Address, err
}

// tell writes a mail to where somebody reads who has left; HR sees among the
// person's mails that there was none.
func (s *Service) tell(ctx context.Context, o people.Overview, mail message.New) error {
	to, err := s.private(ctx, o)
	if err != nil || to == "" {
		return err
	}
	mail.PersonID, mail.To, mail.Language = o.Person.ID, to, o.Person.Language
	return s.Messages.Send(ctx, mail)
}

// Sweep deletes what was answered or told long ago and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, db.Now(ctx).Add(-keptWishes)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep wishes: %w", err)
	}
	return n, nil
}

// later is a day some days after another.
func later(d people.Date, days int) people.Date {
	return people.DateOf(d.Time(time.UTC).AddDate(0, 0, days), time.UTC)
}

// before is a day some months before another; the months' last days shift it by
// monthsSlack at most.
func before(d people.Date, months int) people.Date {
	return people.DateOf(d.Time(time.UTC).AddDate(0, -months, 0), time.UTC)
}

// days are how many lie between two days.
func days(from, to people.Date) int {
	return int(to.Time(time.UTC).Sub(from.Time(time.UTC)) / (24 * time.Hour))
}
