package notme

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/secret"
	"tilgang/internal/throttle"
)

// tryCode is the throttle's word for codes typed here; it counts by notice.
const tryCode = "notme"

// Look finds the notice of a link and changes nothing. Faults: Expired
// "notme.unknown" and "notme.expired".
func (s *Service) Look(ctx context.Context, token string) (l Look, err error) {
	hash := secret.HashToken(token)
	if hash == nil {
		return l, errUnknown()
	}
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) {
		l, err = s.look(ctx, hash)
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return Look{}, errUnknown()
	}
	if err != nil {
		return Look{}, fmt.Errorf("look at the notice: %w", err)
	}
	return l, nil
}

func (s *Service) look(ctx context.Context, hash []byte) (l Look, err error) {
	if l.Notice, err = byToken(ctx, hash); err != nil {
		return l, err
	}
	now := s.DB.Now()
	if l.Notice.ReportedAt == nil && !now.Before(l.Notice.ExpiresAt) {
		return l, errExpired()
	}
	if l.Freeze, err = account.FreezeOf(ctx, l.Notice.ID); err != nil {
		return l, err
	}
	again, err := account.UndoneSince(ctx, l.Notice.AccountID, now.Add(-account.UndoWithin))
	l.Stage, l.Origin = stageOf(l.Notice, l.Freeze, now, again), s.origin(l.Notice)
	return l, err
}

// origin is the mail's part of when and where.
func (s *Service) origin(n Notice) message.Message {
	m := message.Message{ID: n.ID, Kind: n.Kind, CreatedAt: n.HappenedAt}
	if json.Unmarshal([]byte(n.Args), &m.Args) != nil {
		m.Args = map[string]string{}
	}
	if s.Country != nil {
		m.Country = s.Country(m.Args[message.ArgNetwork])
	}
	return m
}

// Report says by a notice's link and code: this was not me. Said a second time
// it changes nothing. Faults: those of Look; Invalid at "code" "notme.code.shape"
// and "notme.code.wrong"; TooMany.
func (s *Service) Report(ctx context.Context, token, code, network string) error {
	l, err := s.prove(ctx, token, code, network)
	if err != nil || l.Stage != Asking {
		return err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error { return s.freeze(ctx, l) })
	return wrap("report", err)
}

// prove counts a try and compares the code.
func (s *Service) prove(ctx context.Context, token, typed, network string) (Look, error) {
	if err := s.Limiter.Allow(ctx, perNetwork(), network); err != nil {
		return Look{}, err
	}
	l, err := s.Look(ctx, token)
	if err != nil {
		return l, err
	}
	code := secret.NormaliseCode(typed)
	if len(code) != codeDigits {
		return l, fault.Field("code", codeShape)
	}
	if _, err := s.Throttle.Try(ctx, tryCode, l.Notice.ID[:]); err != nil {
		return l, throttled(err)
	}
	if !secret.Equal(l.Notice.CodeHash, s.hash(l.Notice.TenantID, l.Notice.ID, code)) {
		return l, fault.Field("code", codeWrong)
	}
	return l, s.Throttle.Clear(ctx, tryCode, l.Notice.ID[:])
}

// throttled puts the throttle's refusal at the field.
func throttled(err error) error {
	f, known := fault.As(err)
	if !known || f.Code != throttle.CodeLocked && f.Code != throttle.CodeStopped {
		return err
	}
	at := *f
	at.Fields = map[string]string{"code": f.Code}
	return &at
}

// freeze is the one transaction of a report.
func (s *Service) freeze(ctx context.Context, l Look) error {
	id := l.Notice.AccountID
	if err := account.Lock(ctx, id); err != nil {
		return err
	}
	first, err := report(ctx, l.Notice)
	if err != nil || !first {
		return err // the other half of a double press
	}
	for _, step := range []func() error{
		func() error { return s.Sessions.EndAll(ctx, id, uuid.Nil) },
		func() error { return account.RenewFactors(ctx, id) }, // ends trusted browsers
		func() error { return account.FreezeFor(ctx, id, l.Notice.ID) },
		func() error { return s.Factors.Abandon(ctx, id) },
		func() error { return s.estrange(ctx, l) },
		func() error { return s.Tell(ctx, Fact{AccountID: id, Kind: message.Frozen}) },
		func() error { return s.record(ctx, "notme.reported", l.Notice) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// estrange makes the browser that a notice told of a new one again.
func (s *Service) estrange(ctx context.Context, l Look) error {
	if device := l.Origin.Args[message.ArgDevice]; device != "" {
		return forget(ctx, l.Notice.AccountID, byDevice, device)
	}
	return nil
}

func (s *Service) record(ctx context.Context, action string, n Notice) error {
	return audit.Record(ctx, audit.Event{
		Action: action, Subject: audit.Subject{Kind: "account", ID: n.AccountID}, Detail: map[string]any{"notice": n.ID.String(), "kind": n.Kind},
	})
}

// until is when a report can no longer be taken back.
func (l Look) until() time.Time { return l.Freeze.FrozenAt.Add(account.UndoWithin) }
