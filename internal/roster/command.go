package roster

import (
	"context"
	"io"
	"time"
)

// Run takes a file in from start to end in this process, for the command line:
// received, read and, unless dry, confirmed and applied. Proposals are left
// out. told hears of progress.
func (s *Service) Run(ctx context.Context, name string, src io.Reader, dry bool, told func(Import)) (Import, error) {
	row, err := s.receive(ctx, name, "command", src, false)
	if err != nil {
		return row, err
	}
	if err := s.Read(ctx, row.ID, told); err != nil {
		return row, err
	}
	if row, err = s.Find(ctx, row.ID); err != nil || row.State != Preview {
		return row, err
	}
	if dry {
		return row, nil
	}
	if err := s.confirm(ctx, row.ID, nil, nil, false); err != nil {
		return row, err
	}
	if err := s.Apply(ctx, row.ID, told); err != nil {
		return row, err
	}
	return s.Find(ctx, row.ID)
}

// Took is how long an import took once it was confirmed.
func (i Import) Took() time.Duration {
	if i.ConfirmedAt == nil || i.FinishedAt == nil {
		return 0
	}
	return i.FinishedAt.Sub(*i.ConfirmedAt)
}
