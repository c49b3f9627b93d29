package mydata

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Plan is what carrying a deletion out would do.
type Plan struct {
	Asked  Said
	Counts map[sort]int // rows that go or are blanked
	Rest   Remains
	Whole  bool   // nothing is kept by law: name and employments go as well
	Number string // the employee number, which HR types
	Mails  int    // how many addresses are told
}

// Rows is how many rows go or are blanked.
func (p Plan) Rows() (n int) {
	for _, some := range p.Counts {
		n += some
	}
	return n
}

// subject is whom an erasure is about, as the open transaction sees them.
type subject struct {
	who

	view      people.Overview
	rest      Remains
	addresses []string
}

// today is the day in the tenant's zone.
func today(ctx context.Context) people.Date {
	return people.DateOf(db.Now(ctx), tenant.MustFrom(ctx).Zone)
}

// changes are what is done to the subject, and whether name and employments go.
func (s subject) changes(ctx context.Context) (list []change, whole bool) {
	list, whole = changes(s.rest.Left), !s.rest.Record(today(ctx))
	if whole {
		list = append(list, lastChanges()...)
	}
	return list, whole
}

// number is what HR types: the employee number of the last employment.
func (s subject) number() string {
	if len(s.view.Jobs) == 0 {
		return ""
	}
	return s.view.Jobs[0].EmployeeNumber
}

// subjectOf loads whom a request is about, with every address that is to be told.
func (s *Service) subjectOf(ctx context.Context, person uuid.UUID) (sub subject, err error) {
	sub.Person = person
	if sub.view, err = people.View(ctx, person, db.Now(ctx), tenant.MustFrom(ctx)); err != nil {
		return sub, err
	}
	if sub.rest, err = s.remains(ctx, sub.view); err != nil {
		return sub, err
	}
	acc, err := account.ByPerson(ctx, person)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return sub, err
	}
	sub.Account = acc.ID
	identifiers, err := account.Identifiers(ctx, acc.ID)
	if err != nil {
		return sub, err
	}
	for _, i := range identifiers {
		if strings.Contains(i.Address, "@") && sub.view.Holds(i) {
			sub.addresses = append(sub.addresses, i.Address)
		}
	}
	p := sub.view.Person
	if len(sub.addresses) == 0 && sub.rest.Left {
		sub.addresses = []string{p.PrivateEmail} // the work address ended with the work
	} else if len(sub.addresses) == 0 {
		address, _, _ := p.Address()
		sub.addresses = []string{address}
	}
	sub.addresses = slices.DeleteFunc(sub.addresses, func(a string) bool { return a == "" })
	return sub, nil
}

// Preview says what carrying out a request for deletion would do; db.ErrNotFound
// when this tenant has no such request, or its kind is another.
func (s *Service) Preview(ctx context.Context, id uuid.UUID) (p Plan, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if p.Asked, err = s.caseOf(ctx, id); err != nil {
			return err
		}
		if p.Asked.Kind != Erasure {
			return db.ErrNotFound
		}
		sub, err := s.subjectOf(ctx, p.Asked.PersonID)
		if err != nil {
			return err
		}
		list, whole := sub.changes(ctx)
		p.Counts, err = counts(ctx, list, sub.who)
		p.Rest, p.Whole, p.Number, p.Mails = sub.rest, whole, sub.number(), len(sub.addresses)
		return err
	})
	return p, err
}

// CarryOut deletes what a person asked for and no law keeps, once, in one
// transaction, and writes to every address that goes with it. Faults: Invalid at
// "number" when it is not the person's; Conflict "mydata.case.own" for the own
// request, "mydata.case.answered" for one that is answered, "mydata.erase.done_before"
// for somebody erased already, "mydata.erase.frozen" while their account is;
// Forbidden "mydata.erase.outranked" for somebody with a higher role;
// db.ErrNotFound for a request that this tenant has not.
func (s *Service) CarryOut(ctx context.Context, a authz.Actor, id uuid.UUID, number string) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		row, err := requestByID(ctx, id)
		if err != nil {
			return err
		}
		if row.Kind != Erasure {
			return db.ErrNotFound
		}
		if row.PersonID == a.PersonID {
			return fault.New(fault.Conflict, codeOwn)
		}
		if err := lock(ctx, row.PersonID); err != nil {
			return err
		}
		err = answerRequest(ctx, id, Done, nil, a.PersonID)
		if errors.Is(err, db.ErrNotFound) {
			return fault.New(fault.Conflict, codeAnswered)
		}
		if err != nil {
			return err
		}
		sub, err := s.subjectOf(ctx, row.PersonID)
		if err != nil {
			return err
		}
		if err := may(ctx, a, sub, number); err != nil {
			return err
		}
		return s.carryOut(ctx, id, sub)
	})
	if err != nil {
		return fmt.Errorf("carry a deletion out: %w", err)
	}
	return nil
}

// may refuses what must not be carried out.
func may(ctx context.Context, a authz.Actor, sub subject, number string) error {
	if people.FoldNumber(strings.TrimSpace(number)) != people.FoldNumber(sub.number()) {
		return fault.Field("number", "mydata.erase.number_wrong")
	}
	granted, err := people.Granted(ctx, sub.Person)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(granted, func(role string) bool { return !people.MayGrant(a, role) }) {
		return fault.New(fault.Forbidden, "mydata.erase.outranked")
	}
	if sub.Account == uuid.Nil {
		return nil
	}
	err = account.MayChange(ctx, sub.Account)
	if f, known := fault.As(err); known && f.Code == account.CodeFrozen {
		return fault.New(fault.Conflict, "mydata.erase.frozen") // whoever asked may not be the owner
	}
	return err
}

// carryOut makes the changes, then writes the mails: what was sent before goes.
func (s *Service) carryOut(ctx context.Context, request uuid.UUID, sub subject) error {
	if sub.rest.Left {
		err := markErased(ctx, sub.Person)
		if errors.Is(err, db.ErrNotFound) {
			return fault.New(fault.Conflict, "mydata.erase.done_before")
		}
		if err != nil {
			return err
		}
	}
	list, whole := sub.changes(ctx)
	rows, err := erase(ctx, list, sub.who)
	if err != nil {
		return err
	}
	if !sub.rest.Left {
		if err := people.RefreshTokens(ctx, sub.Person); err != nil {
			return err
		}
	}
	var mails []message.New
	for _, address := range sub.addresses {
		mails = append(mails, message.New{Kind: kindErased, PersonID: sub.Person, To: address, Language: sub.view.Person.Language})
	}
	if err := s.Messages.SendAll(ctx, mails); err != nil {
		return fmt.Errorf("write mails: %w", err)
	}
	return audit.Record(ctx, event("mydata.erased", sub.Person, map[string]any{
		"request": request.String(), "rows": rows, "left": sub.rest.Left, "whole": whole, "documents": sub.rest.Documents(), "until": string(sub.rest.Last),
	}))
}

// Note writes a request for deletion down that reached HR by other ways than the
// page, and gives its id; of two presses one counts. Conflict "mydata.case.own"
// for oneself, "mydata.erase.done_before" for somebody erased already;
// db.ErrNotFound.
func (s *Service) Note(ctx context.Context, a authz.Actor, person uuid.UUID) (id uuid.UUID, err error) {
	if person == a.PersonID {
		return id, fault.New(fault.Conflict, codeOwn)
	}
	row := Request{ID: uuid.Must(uuid.NewV7()), PersonID: person, Kind: Erasure, State: Open}
	if row.Words, err = s.Box.Seal(nil, wordsPlace(tenant.MustFrom(ctx).ID, row.ID, "words")...); err != nil {
		return id, fmt.Errorf("seal request: %w", err)
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := people.ByID(ctx, person)
		if err != nil {
			return err
		}
		if p.ErasedAt != nil {
			return fault.New(fault.Conflict, "mydata.erase.done_before")
		}
		row.AskedAt = db.Now(ctx)
		open, err := insertRequest(ctx, row)
		if id = open.ID; err != nil || id != row.ID {
			return err
		}
		return audit.Record(ctx, event("mydata.erasure_noted", person, map[string]any{"request": id.String()}))
	})
	return id, err
}

// Finish takes name and employments from those who were erased once nothing is
// kept of them any more, deletes the mails that told them of it, and gives how
// many were finished.
func (s *Service) Finish(ctx context.Context) (n int64, err error) {
	if err := s.DB.Tx(ctx, dropLastMails); err != nil {
		return 0, err
	}
	after := uuid.Nil
	for {
		var ids []uuid.UUID
		err := s.DB.Read(ctx, func(ctx context.Context) (err error) { ids, err = unfinished(ctx, after, 100); return })
		if err != nil || len(ids) == 0 {
			return n, err
		}
		for _, id := range ids {
			done, err := s.finish(ctx, id)
			if err != nil {
				return n, fmt.Errorf("finish an erasure: %w", err)
			}
			n += done
		}
		after = ids[len(ids)-1]
	}
}

func (s *Service) finish(ctx context.Context, person uuid.UUID) (done int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := lock(ctx, person); err != nil {
			return err
		}
		sub, err := s.subjectOf(ctx, person)
		if err != nil || sub.view.Person.ErasedAt == nil || sub.rest.Record(today(ctx)) {
			return err // hired anew, or kept still
		}
		done = 1
		rows, err := erase(ctx, lastChanges(), sub.who)
		return errors.Join(err, audit.Record(ctx, event("mydata.erasure_finished", person, map[string]any{"rows": rows})))
	})
	return done, err
}
