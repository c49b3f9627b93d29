package document

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/tenant"
)

// troubles are the rows of a chunk that give no document, sealed: they name
// people and files.
func (r *run) troubles(items []*item) (rows []problemRow, err error) {
	for _, it := range items {
		if it.ok {
			continue
		}
		plain, err := json.Marshal(Trouble{File: it.File, Number: it.Number, Problems: it.Problems})
		if err != nil {
			return nil, fmt.Errorf("write problem: %w", err)
		}
		row := problemRow{DeliveryID: r.row.ID, Line: int64(it.Line)}
		if row.Sealed, err = r.s.box.Seal(plain, problemPlace(r.t.ID, row)...); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func problemPlace(owner uuid.UUID, row problemRow) []string {
	return []string{owner.String(), "document_problems", row.DeliveryID.String(), fmt.Sprint(row.Line)}
}

// Troubles gives rows that gave no document, after a line.
func (s *Service) Troubles(ctx context.Context, id uuid.UUID, after int64, limit int) (list []Trouble, err error) {
	owner := tenant.MustFrom(ctx).ID
	err = s.db.Read(ctx, func(ctx context.Context) error {
		rows, err := problemsOf(ctx, id, after, limit)
		if err != nil {
			return err
		}
		for _, row := range rows {
			plain, err := s.box.Open(row.Sealed, problemPlace(owner, row)...)
			if err != nil {
				return fmt.Errorf("open problem: %w", err)
			}
			t := Trouble{Line: row.Line}
			if err := json.Unmarshal(plain, &t); err != nil {
				return fmt.Errorf("read problem: %w", err)
			}
			list = append(list, t)
		}
		return nil
	})
	return list, err
}
