package register

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
)

// Asking is from where, and by which channel, a code is asked for.
type Asking struct {
	Network string
	Channel string // factor.SMS or factor.Voice; empty: the usual one
}

// Dialled is the phone being proven, and how its codes stand.
type Dialled struct {
	Masked string
	Sent   factor.Sent
	Ways   []string // channels by which a code can reach it, the usual one first
}

func flow(a attempt.Attempt, by Asking) factor.Flow {
	return factor.Flow{ID: a.ID, Host: a.Host, Network: by.Network, Channel: by.Channel}
}

// StartPhone keeps a typed number, sealed, and sends its code; one typed before
// is dropped with its code. Faults: those of phone.Parse; Conflict
// "register.step"; TooMany and Unavailable.
func (s *Service) StartPhone(ctx context.Context, a attempt.Attempt, typed, country string, by Asking) error {
	t := tenant.MustFrom(ctx)
	n, err := phone.Parse(typed, country, t.PhoneCountries())
	if err != nil {
		return err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		r, err := s.owing(ctx, a, toPhone)
		if err != nil {
			return err
		}
		if former, err := s.number(ctx, r); err != nil || former != n.E164 {
			if err != nil {
				return err
			}
			if r, err = s.keep(ctx, r, n.E164); err != nil {
				return err
			}
		}
		return s.Phones.SendNewcomer(ctx, s.newcomer(a, r, n.E164), flow(a, by))
	})
	if f, known := fault.As(err); errors.Is(err, db.ErrDuplicate) || known && f.Code == factor.PhoneWait {
		return nil // the other half of a double click
	}
	return wrap("start phone", err)
}

// owing is the registration of an attempt that owes a step; the Conflict fault
// "register.step" when it owes another.
func (s *Service) owing(ctx context.Context, a attempt.Attempt, step string) (Registration, error) {
	r, err := ofAttempt(ctx, a.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return r, err
	}
	if s.step(ctx, a, r) != step {
		return r, errStep()
	}
	return r, nil
}

func (s *Service) keep(ctx context.Context, r Registration, number string) (Registration, error) {
	id := uuid.Must(uuid.NewV7())
	sealed, err := s.Box.Seal([]byte(number), place(tenant.MustFrom(ctx).ID, r.ID, "phone_sealed")...)
	if err != nil {
		return r, fmt.Errorf("seal phone: %w", err)
	}
	r.PhoneID, r.PhoneSealed = &id, sealed
	return r, setPhone(ctx, r.ID, id, sealed)
}

// number is the phone that a registration keeps; empty for none.
func (s *Service) number(ctx context.Context, r Registration) (string, error) {
	if r.PhoneID == nil {
		return "", nil
	}
	plain, err := s.Box.Open(r.PhoneSealed, place(tenant.MustFrom(ctx).ID, r.ID, "phone_sealed")...)
	return string(plain), wrap("open phone", err)
}

func (s *Service) newcomer(a attempt.Attempt, r Registration, number string) factor.Newcomer {
	return factor.Newcomer{
		ID: r.ID, PhoneID: *r.PhoneID, Number: number, Language: a.Asker.Language,
		Touch: func(ctx context.Context) error { return touch(ctx, r.ID) },
	}
}

// dialled is the newcomer of an attempt that owes the code of a phone; the
// Conflict fault factor.PhoneGone when no number was typed.
func (s *Service) dialled(ctx context.Context, a attempt.Attempt) (r Registration, n factor.Newcomer, err error) {
	number := ""
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if r, err = s.owing(ctx, a, toPhone); err != nil {
			return err
		}
		number, err = s.number(ctx, r)
		return err
	})
	if err == nil && number == "" {
		err = fault.New(fault.Conflict, factor.PhoneGone)
	}
	if err != nil {
		return r, n, wrap("find phone", err)
	}
	return r, s.newcomer(a, r, number), nil
}

// Dialling is the phone being proven.
func (s *Service) Dialling(ctx context.Context, a attempt.Attempt) (d Dialled, err error) {
	_, n, err := s.dialled(ctx, a)
	if err != nil {
		return d, err
	}
	d = Dialled{Masked: phone.Mask(n.Number), Ways: s.Phones.WaysTo(ctx, n.Language)}
	d.Sent, err = s.Phones.SentTo(ctx, n.ID, n.PhoneID, flow(a, Asking{}))
	return d, err
}

// SendAgain sends the phone being proven another code; the one before is void.
func (s *Service) SendAgain(ctx context.Context, a attempt.Attempt, by Asking) error {
	_, n, err := s.dialled(ctx, a)
	if err != nil {
		return err
	}
	return s.Phones.SendNewcomer(ctx, n, flow(a, by))
}

// ProvePhone takes the code that the phone was sent, once.
func (s *Service) ProvePhone(ctx context.Context, a attempt.Attempt, code, network string) error {
	r, n, err := s.dialled(ctx, a)
	if err != nil {
		return err
	}
	return s.Phones.ProveNewcomer(ctx, n, flow(a, Asking{Network: network}), code, func(ctx context.Context, channel string) error {
		if err := provePhone(ctx, r.ID, n.PhoneID, channel); err != nil {
			return err
		}
		return audit.Record(ctx, about("register.phone_proven", r, map[string]any{"channel": channel}))
	})
}
