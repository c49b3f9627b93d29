package factor

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/db"
)

// Recoveries are the approved recoveries of accounts whose owner lost every
// factor. The methods run in the caller's transaction.
type Recoveries interface {
	// Opened tells whether a new factor may take the place of those on file now, in
	// a flow that has proven amr.
	Opened(ctx context.Context, accountID uuid.UUID, amr []string) (bool, error)
	// Use ends the recovery, once; removed says that no factor takes the place of
	// the former. The Expired fault when it is not open.
	Use(ctx context.Context, accountID uuid.UUID, removed bool) error
	// Proven tells that a factor on file was proven: it was not lost.
	Proven(ctx context.Context, accountID uuid.UUID) error
}

// reopened asks only where it can matter: for a password that stands alone
// before factors on file.
func (s *Service) reopened(ctx context.Context, accountID uuid.UUID, in Situation) (open bool, err error) {
	if s.Recoveries == nil || len(in.Enrolled) == 0 || Proven(in.AMR) || in.Asked || !slices.Contains(in.AMR, "pwd") {
		return false, nil
	}
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { open, err = s.Recoveries.Opened(ctx, accountID, in.AMR); return })
	return open, err
}

func (s *Service) proven(ctx context.Context, accountID uuid.UUID) error {
	if s.Recoveries == nil {
		return nil
	}
	return s.Recoveries.Proven(ctx, accountID)
}

// Supersede ends the factors that a person lost, in the open transaction in
// which the new one of a kind was confirmed: every other authenticator and all
// recovery codes are gone. An empty kind leaves none. It is the one way past a
// factor on file, and holds only while a recovery is open, which it uses up.
func (s *Service) Supersede(ctx context.Context, accountID uuid.UUID, kind string) error {
	if !db.InTx(ctx) {
		return db.ErrNoTx
	}
	if s.Recoveries == nil {
		return errors.New("supersede factors: there are no recoveries here")
	}
	if err := s.Recoveries.Use(ctx, accountID, kind == ""); err != nil {
		return fmt.Errorf("use recovery: %w", err)
	}
	removed, err := dropBeside(ctx, accountID, kind)
	if err != nil {
		return fmt.Errorf("remove lost factors: %w", err)
	}
	if err := s.renew(ctx, accountID); err != nil {
		return err
	}
	return audit.Record(ctx, event("factor.superseded", accountID, map[string]any{"kept": kind, "removed": removed}))
}

// TellPhones writes a text message of a kind to every phone on file of an
// account, and to other numbers beside them, each once, in the open transaction.
// Where the installation has no carrier it does nothing.
func (p *Phones) TellPhones(ctx context.Context, accountID uuid.UUID, kind string, ref uuid.UUID, others ...string) error {
	if p.Text == nil {
		return nil
	}
	rows, err := confirmed(ctx, accountID)
	if err != nil {
		return fmt.Errorf("list phones: %w", err)
	}
	var numbers []string
	for _, row := range rows {
		if row.Kind != Phone {
			continue
		}
		number, err := p.openSeed(ctx, row)
		if err != nil {
			return err
		}
		numbers = append(numbers, string(number))
	}
	numbers = append(numbers, others...)
	slices.Sort(numbers)
	for _, to := range slices.Compact(numbers) {
		if err := p.Text(ctx, Text{Kind: kind, AccountID: accountID, To: to, RefID: ref}); err != nil {
			return err
		}
	}
	return nil
}
