package document

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/org"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The bounds of a reason, in characters (ours).
const (
	minReason = 5
	maxReason = 200
)

// File is what HR sees of a person's documents.
type File struct {
	Person people.Person
	List   []Held
	Hold   *Hold  // open; nil: none
	SetBy  string // who holds
}

// PersonFile gives a person's documents to HR, without what is in them;
// db.ErrNotFound when this tenant has no such person.
func (s *Service) PersonFile(ctx context.Context, person uuid.UUID) (f File, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		o, err := people.View(ctx, person, db.Now(ctx), tenant.MustFrom(ctx))
		if err != nil {
			return err
		}
		f.Person = o.Person
		rows, err := currentOf(ctx, person)
		if err != nil {
			return err
		}
		if f.List, err = named(ctx, rows); err != nil {
			return err
		}
		hold, err := openHold(ctx, person)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		f.Hold = &hold
		names, err := people.Names(ctx, []uuid.UUID{hold.SetBy})
		f.SetBy = names[hold.SetBy]
		return err
	})
	return f, err
}

// named adds the legal employers' names.
func named(ctx context.Context, rows []Document) (list []Held, err error) {
	employers, err := org.Employers(ctx)
	if err != nil {
		return nil, err
	}
	names := map[uuid.UUID]string{}
	for _, e := range employers {
		names[e.ID] = e.Name
	}
	for _, row := range rows {
		list = append(list, Held{Document: row, Employer: names[row.LegalEmployerID]})
	}
	return list, nil
}

// Whose finds the person of an employee number; db.ErrNotFound when nobody has
// it.
func (s *Service) Whose(ctx context.Context, number string) (id uuid.UUID, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		p, err := people.ByNumber(ctx, strings.TrimSpace(number))
		id = p.ID
		return err
	})
	return id, err
}

// One gives any document of the tenant's, with its owner's name, to whoever may
// open it; what it holds stays closed until Open.
func (s *Service) One(ctx context.Context, id uuid.UUID) (h Held, owner people.Person, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		row, err := byID(ctx, id)
		if err != nil {
			return err
		}
		list, err := named(ctx, []Document{row})
		if err != nil {
			return err
		}
		h = list[0]
		o, err := people.View(ctx, row.PersonID, db.Now(ctx), tenant.MustFrom(ctx))
		owner = o.Person
		return err
	})
	return h, owner, err
}

// reason is a reason as it is kept; Invalid at the field "reason".
func reason(said string) (string, error) {
	said = strings.Join(strings.Fields(said), " ")
	if n := utf8.RuneCountInString(said); n < minReason || n > maxReason {
		return "", fault.Field("reason", "document.reason.length", "Min", minReason, "Max", maxReason)
	}
	return said, nil
}

// Open notes that the asker opens somebody's document, and why, where its owner
// and the audit see it. Only then is there an address for the file.
func (s *Service) Open(ctx context.Context, a authz.Actor, id uuid.UUID, why string) error {
	why, err := reason(why)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := byID(ctx, id)
		if err != nil {
			return err
		}
		if err := insertOpening(ctx, Opening{ID: uuid.Must(uuid.NewV7()), DocumentID: id, ReaderID: a.PersonID, Reason: why, OpenedAt: db.Now(ctx)}); err != nil {
			return fmt.Errorf("note the opening: %w", err)
		}
		return audit.Record(ctx, audit.Event{
			Action: "document.opened", Subject: audit.Subject{Kind: "person", ID: row.PersonID}, Detail: map[string]any{"document": id.String(), "kind": string(row.Kind)},
		})
	})
}

// Keep holds all documents of a person from deletion; a second hold is no other.
func (s *Service) Keep(ctx context.Context, a authz.Actor, person uuid.UUID, why string) error {
	why, err := reason(why)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := people.View(ctx, person, db.Now(ctx), tenant.MustFrom(ctx)); err != nil {
			return err
		}
		if err := insertHold(ctx, Hold{ID: uuid.Must(uuid.NewV7()), PersonID: person, Reason: why, SetBy: a.PersonID, SetAt: db.Now(ctx)}); err != nil {
			return err
		}
		return audit.Record(ctx, audit.Event{Action: "document.held", Subject: audit.Subject{Kind: "person", ID: person}})
	})
	if errors.Is(err, db.ErrDuplicate) {
		return nil
	}
	return err
}

// Release lifts the hold; one that is lifted already stays so. db.ErrNotFound for
// nobody of the employer's.
func (s *Service) Release(ctx context.Context, a authz.Actor, person uuid.UUID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := people.ByID(ctx, person); err != nil {
			return err
		}
		err := liftHold(ctx, person, a.PersonID)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, audit.Event{Action: "document.released", Subject: audit.Subject{Kind: "person", ID: person}})
	})
}
