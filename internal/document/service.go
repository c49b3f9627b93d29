package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/document/files"
	"tilgang/internal/document/parcel"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Service is the use cases.
type Service struct {
	db     *db.DB
	box    *secret.Box
	vault  *files.Vault
	policy *authz.Policy
	log    *slog.Logger
}

// New makes the service.
func New(d *db.DB, box *secret.Box, vault *files.Vault, policy *authz.Policy, log *slog.Logger) *Service {
	return &Service{db: d, box: box, vault: vault, policy: policy, log: log}
}

// Own are the documents that a person may read today, the newest first, and
// their standing.
type Own struct {
	List     []Held
	Standing people.Standing
}

// List gives the asker's documents: one statement, whatever their number.
func (s *Service) List(ctx context.Context, a authz.Actor, now time.Time) (o Own, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		doors, standing, err := s.doors(ctx, a.PersonID, now)
		if err != nil || len(doors) == 0 {
			o.Standing = standing
			return err
		}
		rows, err := currentOf(ctx, a.PersonID)
		if err != nil {
			return err
		}
		o.Standing = standing
		for _, row := range rows {
			if name, open := doors.opens(row); open {
				o.List = append(o.List, Held{Document: row, Employer: name})
			}
		}
		return nil
	})
	if err != nil {
		return Own{}, fmt.Errorf("list documents: %w", err)
	}
	return o, nil
}

// Newest is the asker's newest payslip that is open today, by their employments
// as people.View gives them; ok is false where there is none.
func (s *Service) Newest(ctx context.Context, a authz.Actor, jobs []people.Job) (h Held, ok bool, err error) {
	doors := doorsOf(jobs, tenant.MustFrom(ctx).Alumni.Classes)
	if len(doors) == 0 {
		return h, false, nil
	}
	err = s.db.Read(ctx, func(ctx context.Context) error {
		rows, err := newestPayslips(ctx, a.PersonID)
		for _, row := range rows {
			if name, open := doors.opens(row); open && !ok {
				h, ok = Held{Document: row, Employer: name}, true
			}
		}
		return err
	})
	return h, ok, err
}

// Find gives one of the asker's documents with its lines; db.ErrNotFound when
// there is none that the asker may read today.
func (s *Service) Find(ctx context.Context, a authz.Actor, id uuid.UUID, now time.Time) (h Held, seen []Opening, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		if h.Document, err = ofPerson(ctx, a.PersonID, id); err != nil {
			return err
		}
		doors, _, err := s.doors(ctx, a.PersonID, now)
		if err != nil {
			return err
		}
		name, open := doors.opens(h.Document)
		if !open {
			return db.ErrNotFound
		}
		h.Employer = name
		if h.Pay, err = s.pay(h.Document); err != nil {
			return err
		}
		seen, err = openingsOf(ctx, id)
		return err
	})
	return h, seen, err
}

// Year gives the asker's payslips of a year that have lines, the oldest first.
func (s *Service) Year(ctx context.Context, a authz.Actor, year string, now time.Time) (list []Held, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		doors, _, err := s.doors(ctx, a.PersonID, now)
		if err != nil || len(doors) == 0 {
			return err
		}
		rows, err := paidIn(ctx, a.PersonID, year)
		if err != nil {
			return err
		}
		for _, row := range rows {
			name, open := doors.opens(row)
			if !open || row.Year() != year {
				continue
			}
			pay, err := s.pay(row)
			if err != nil {
				return err
			}
			list = append(list, Held{Document: row, Employer: name, Pay: pay})
		}
		return nil
	})
	return list, err
}

// doors says, for each legal employer of a person's by id, which classes are
// open.
type doors map[uuid.UUID]door

type door struct {
	name    string
	staff   bool
	classes []string
}

// opens tells whether a document may be read, and its employer's name.
func (d doors) opens(row Document) (string, bool) {
	one, there := d[row.LegalEmployerID]
	return one.name, there && (one.staff || slices.Contains(one.classes, row.Kind.Class()))
}

// doors asks each employment of its own employer; a joiner's opens nothing.
func (s *Service) doors(ctx context.Context, person uuid.UUID, now time.Time) (doors, people.Standing, error) {
	t := tenant.MustFrom(ctx)
	o, err := people.View(ctx, person, now, t)
	if err != nil {
		return nil, people.NoOne, fmt.Errorf("look at the employments: %w", err)
	}
	return doorsOf(o.Jobs, t.Alumni.Classes), o.Standing, nil
}

// doorsOf are the doors of employments; classes are those open to who has left.
func doorsOf(jobs []people.Job, classes []string) doors {
	d := doors{}
	for _, j := range jobs {
		one := d[j.LegalEmployerID]
		one.name = j.Employer.Name
		switch j.Standing {
		case people.Staff:
			one.staff = true
		case people.Alumnus:
			one.classes = classes
		case people.Joiner, people.NoOne:
			if !one.staff && one.classes == nil {
				continue
			}
		}
		d[j.LegalEmployerID] = one
	}
	return d
}

// linesPlace ties sealed lines to their document.
func linesPlace(owner, id uuid.UUID) []string {
	return []string{owner.String(), "documents", "lines", id.String()}
}

func (s *Service) pay(d Document) (*parcel.Pay, error) {
	if d.Lines == nil {
		return nil, nil
	}
	plain, err := s.box.Open(d.Lines, linesPlace(d.TenantID, d.ID)...)
	if err != nil {
		return nil, fmt.Errorf("open lines: %w", err)
	}
	p := &parcel.Pay{}
	if err := json.Unmarshal(plain, p); err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	return p, nil
}

// Content opens a document's file. A store that does not answer is the
// Unavailable fault "document.store".
func (s *Service) Content(ctx context.Context, d Document) (io.ReadCloser, error) {
	in, err := s.vault.Open(ctx, d.TenantID, d.Place)
	if err != nil {
		return nil, s.blame(ctx, err)
	}
	return in, nil
}

// blame turns the store's trouble into words; a file that is gone or damaged is
// no less trouble, and louder in the log.
func (s *Service) blame(ctx context.Context, err error) error {
	if errors.Is(err, files.ErrNotFound) || errors.Is(err, files.ErrDamaged) {
		s.log.LogAttrs(ctx, slog.LevelError, "a document's file is gone or damaged", slog.String("error", err.Error()))
	}
	return fault.New(fault.Unavailable, "document.store").After(time.Minute).Because(err)
}
