package mydata

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Correct asks HR to correct a field. The same words again, as of a double
// click, are the same request; other words about a field that waits for an
// answer are the Invalid fault "mydata.correction.there" at the field.
func (s *Service) Correct(ctx context.Context, a authz.Actor, field, words string) error {
	return s.ask(ctx, a, Correction, field, words)
}

// Erase asks HR to delete what may be deleted; words may be empty.
func (s *Service) Erase(ctx context.Context, a authz.Actor, words string) error {
	return s.ask(ctx, a, Erasure, "", words)
}

func (s *Service) ask(ctx context.Context, a authz.Actor, kind Kind, field, words string) error {
	row := Request{ID: uuid.Must(uuid.NewV7()), PersonID: a.PersonID, Kind: kind, Field: field, State: Open}
	sealed, err := s.Box.Seal([]byte(words), wordsPlace(tenant.MustFrom(ctx).ID, row.ID, "words")...)
	if err != nil {
		return fmt.Errorf("seal request: %w", err)
	}
	row.Words = sealed
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		row.AskedAt = db.Now(ctx)
		held, err := insertRequest(ctx, row)
		if err != nil {
			return err
		}
		if held.ID != row.ID {
			return s.again(held, words)
		}
		return audit.Record(ctx, event("mydata."+string(kind)+"_asked", a.PersonID, map[string]any{"request": row.ID.String(), "field": field}))
	})
	if err != nil {
		return fmt.Errorf("ask HR: %w", err)
	}
	return nil
}

// again judges a request that stands beside an open one.
func (s *Service) again(held Request, words string) error {
	said, err := s.read(held)
	if err != nil || said.Text == words || held.Kind == Erasure {
		return err
	}
	return fault.Field("field", "mydata.correction.there")
}

func wordsPlace(owner, id uuid.UUID, column string) []string {
	return []string{owner.String(), "mydata_requests", column, id.String()}
}

// read opens a request's words.
func (s *Service) read(r Request) (said Said, err error) {
	said.Request = r
	if len(r.Words) == 0 {
		return said, nil // its person was erased
	}
	words, err := s.Box.Open(r.Words, wordsPlace(r.TenantID, r.ID, "words")...)
	if err != nil {
		return said, fmt.Errorf("open request: %w", err)
	}
	said.Text = string(words)
	if len(r.Answer) == 0 {
		return said, nil
	}
	reply, err := s.Box.Open(r.Answer, wordsPlace(r.TenantID, r.ID, "answer")...)
	if err != nil {
		return said, fmt.Errorf("open answer: %w", err)
	}
	said.Reply = string(reply)
	return said, nil
}

// Board gives HR the requests: those of one person, or, with uuid.Nil, all that
// are open, the oldest first, and then the newest of the answered.
func (s *Service) Board(ctx context.Context, person uuid.UUID) (list []Said, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		rows, err := boardRows(ctx, person)
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, r := range rows {
			ids[i] = r.PersonID
		}
		names, err := people.Names(ctx, ids)
		for _, r := range rows {
			list = append(list, Said{Request: r, Name: names[r.PersonID]})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	return list, nil
}

func boardRows(ctx context.Context, person uuid.UUID) ([]Request, error) {
	if person != uuid.Nil {
		return requestsOf(ctx, person)
	}
	open, err := requestsBy(ctx, true)
	if err != nil {
		return nil, err
	}
	ended, err := requestsBy(ctx, false)
	return append(open, ended...), err
}

// Case gives HR one request with its words; db.ErrNotFound when this tenant has
// none such.
func (s *Service) Case(ctx context.Context, id uuid.UUID) (said Said, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { said, err = s.caseOf(ctx, id); return })
	return said, err
}

func (s *Service) caseOf(ctx context.Context, id uuid.UUID) (said Said, err error) {
	row, err := requestByID(ctx, id)
	if err != nil {
		return said, err
	}
	if said, err = s.read(row); err != nil {
		return said, err
	}
	ids := []uuid.UUID{row.PersonID}
	if row.AnsweredBy != nil {
		ids = append(ids, *row.AnsweredBy)
	}
	names, err := people.Names(ctx, ids)
	said.Name = names[row.PersonID]
	if row.AnsweredBy != nil {
		said.Answerer = names[*row.AnsweredBy]
	}
	return said, err
}

// Answer ends a request in words, once, and writes to its person; a deletion is
// declined here, and done by CarryOut. Faults: Invalid at "state" or "words",
// Conflict "mydata.case.own" for the own one, Conflict "mydata.case.answered" for one that is answered; db.ErrNotFound for
// one that this tenant has not.
func (s *Service) Answer(ctx context.Context, a authz.Actor, id uuid.UUID, to State, words string) error {
	if err := wellAnswered(to, words); err != nil {
		return err
	}
	sealed, err := s.Box.Seal([]byte(words), wordsPlace(tenant.MustFrom(ctx).ID, id, "answer")...)
	if err != nil {
		return fmt.Errorf("seal answer: %w", err)
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		row, err := requestByID(ctx, id)
		if err != nil {
			return err
		}
		if row.PersonID == a.PersonID {
			return fault.New(fault.Conflict, codeOwn)
		}
		if row.Kind == Erasure && to == Done {
			return fault.Field("state", "mydata.case.choose") // done is what CarryOut does
		}
		err = answerRequest(ctx, id, to, sealed, a.PersonID)
		if errors.Is(err, db.ErrNotFound) {
			return fault.New(fault.Conflict, codeAnswered)
		}
		if err != nil {
			return err
		}
		err = audit.Record(ctx, event("mydata.answered", row.PersonID, map[string]any{"request": id.String(), "kind": string(row.Kind), "field": row.Field, "state": string(to)}))
		return errors.Join(err, s.tell(ctx, row.PersonID, kindAnswered, id))
	})
}

func wellAnswered(to State, words string) error {
	if to != Done && to != Declined {
		return fault.Field("state", "mydata.case.choose")
	}
	if strings.TrimSpace(words) == "" {
		return fault.Field("words", "mydata.case.words_missing")
	}
	return fits(words)
}
