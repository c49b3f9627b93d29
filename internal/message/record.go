package message

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

const (
	recordEach  = 25                    // results in one transaction
	recordAfter = 20 * time.Millisecond // that one result waits for others
)

// recorder writes outcomes down in small groups: a crash leaves few sent
// messages unrecorded, and a batch needs few transactions.
type recorder struct {
	service *Service
	failed  map[uuid.UUID]error
	waiting []outcome
}

// collect records outcomes until there are no more, and gives those that must
// be tried again.
func (s *Service) collect(ctx context.Context, done <-chan outcome) map[uuid.UUID]error {
	r := &recorder{service: s, failed: map[uuid.UUID]error{}}
	timer := time.NewTimer(recordAfter)
	defer timer.Stop()
	for {
		select {
		case o, more := <-done:
			if !more {
				r.flush(ctx)
				return r.failed
			}
			if r.take(o); len(r.waiting) >= recordEach {
				r.flush(ctx)
			}
		case <-timer.C:
			r.flush(ctx)
			timer.Reset(recordAfter)
		}
	}
}

func (r *recorder) take(o outcome) {
	if o.err != nil {
		r.failed[o.id] = o.err
	}
	if !o.dead {
		r.waiting = append(r.waiting, o)
	}
}

// flush writes what waits. What cannot be written is tried again: sent twice
// with one Message-ID is better than never known.
func (r *recorder) flush(ctx context.Context) {
	if len(r.waiting) == 0 {
		return
	}
	results := make([]result, len(r.waiting))
	for i, o := range r.waiting {
		results[i] = o.result
	}
	r.waiting = r.waiting[:0]
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	err := r.service.at("recording", results[0].id)
	if err == nil {
		err = r.service.DB.Tx(ctx, func(ctx context.Context) error { return record(ctx, results) })
	}
	for _, o := range results {
		if err != nil {
			r.failed[o.id] = fmt.Errorf("record sent message: %w", err)
			continue
		}
		r.service.Count(o.channel, string(o.state))
	}
}
