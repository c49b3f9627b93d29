package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// rowPlace ties a sealed row to where it lies.
func rowPlace(ctx context.Context, id uuid.UUID, line int64) []string {
	owner, _ := db.TenantID(ctx)
	return []string{owner.String(), "import_rows", id.String(), strconv.FormatInt(line, 10)}
}

func (s *Service) seal(ctx context.Context, id uuid.UUID, line int64, v staged) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write row: %w", err)
	}
	sealed, err := s.box.Seal(body, rowPlace(ctx, id, line)...)
	if err != nil {
		return nil, fmt.Errorf("seal row: %w", err)
	}
	return sealed, nil
}

func (s *Service) unseal(ctx context.Context, row rowRow) (Line, error) {
	body, err := s.box.Open(row.Sealed, rowPlace(ctx, row.ImportID, row.Line)...)
	if err != nil {
		return Line{}, fmt.Errorf("open row %d: %w", row.Line, err)
	}
	var v staged
	if err := json.Unmarshal(body, &v); err != nil {
		return Line{}, fmt.Errorf("read row %d: %w", row.Line, err)
	}
	v.Record.Same, v.Record.Other = row.Answer == "same", row.Answer == "other"
	return Line{Number: row.Line, Action: row.Action, Record: v.Record, Changed: v.Changed, Problems: v.Problems, Twin: v.Twin, Answer: row.Answer, PersonID: row.PersonID}, nil
}
