package factor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/limit"
	"tilgang/internal/phone"
)

// Phone is the method of a code sent by text message or spoken in a call.
const Phone = "phone"

// The channels by which a code reaches a phone.
const (
	SMS   = "sms"
	Voice = "voice"
)

// Text is a text message that a phone is to get, or a call.
type Text struct {
	Kind      string    // TextCode, CallCode or TextReplaced
	AccountID uuid.UUID // Nil: somebody who has none yet
	Language  string    // of somebody without an account
	To        string    // E.164
	RefID     uuid.UUID // the code; Nil for none
	Host      string    // where the code is to be typed, without a port
}

// Flow is who asks for a code, and from where.
type Flow struct {
	ID      uuid.UUID // an attempt or a session; a code works in its own flow only
	Host    string    // with or without a port
	Network string    // the asker's, the unit of limits
	Channel string    // how a code is to be sent: SMS or Voice; empty: the first there is
}

// PhoneOptions are what the phones need beside the factors.
type PhoneOptions struct {
	// Text writes a text message or a call in the open transaction; nil where the
	// installation has no carrier, then no phone can be set up or asked for.
	Text func(ctx context.Context, t Text) error
	// Channels are the ways to the phone of an account, the usual one first; nil:
	// text messages alone.
	Channels func(ctx context.Context, accountID uuid.UUID) ([]string, error)
	// Newcomers is Channels for somebody without an account, who reads a language.
	Newcomers func(ctx context.Context, language string) []string
	Limiter   *limit.Limiter // nil: tries are not counted by tenant
	Limits    PhoneLimits    // zero: DefaultPhoneLimits
	Log       *slog.Logger   // hears when a bound of sending is reached
}

// Phones keeps phones as second factors. It is safe for many goroutines.
type Phones struct {
	*Service
	PhoneOptions
}

// NewPhones makes the service.
func NewPhones(s *Service, o PhoneOptions) *Phones {
	if o.Limits == (PhoneLimits{}) {
		o.Limits = DefaultPhoneLimits()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Phones{Service: s, PhoneOptions: o}
}

// PhoneOnFile is a phone as pages show it.
type PhoneOnFile struct {
	ID     uuid.UUID
	Masked string // XXX-XXX-8215
	Called bool   // whether a call proved it last, so that its owner is not sent a text unasked
}

// OnFile is the account's confirmed phone; db.ErrNotFound when there is none.
func (p *Phones) OnFile(ctx context.Context, accountID uuid.UUID) (PhoneOnFile, error) {
	return p.look(ctx, accountID, confirmedPhone)
}

// PendingPhone is the phone being set up; db.ErrNotFound when there is none or
// it took longer than 15 minutes.
func (p *Phones) PendingPhone(ctx context.Context, accountID uuid.UUID) (PhoneOnFile, error) {
	return p.look(ctx, accountID, pendingPhone)
}

// which finds one phone of an account.
type which func(ctx context.Context, accountID uuid.UUID) (authenticator, error)

func confirmedPhone(ctx context.Context, accountID uuid.UUID) (authenticator, error) {
	return confirmedOf(ctx, accountID, Phone)
}

func pendingPhone(ctx context.Context, accountID uuid.UUID) (authenticator, error) {
	return pending(ctx, accountID, Phone, db.Now(ctx).Add(-enrolLife))
}

func (p *Phones) look(ctx context.Context, accountID uuid.UUID, find which) (on PhoneOnFile, err error) {
	err = p.db.Read(ctx, func(ctx context.Context) error {
		row, err := find(ctx, accountID)
		if err != nil {
			return err
		}
		number, err := p.openSeed(ctx, row)
		on = PhoneOnFile{ID: row.ID, Masked: phone.Mask(string(number)), Called: row.Channel == Voice}
		return err
	})
	if err != nil {
		return PhoneOnFile{}, fmt.Errorf("find phone: %w", err)
	}
	return on, nil
}

// Ways are the channels by which a code can reach the phone of an account now,
// the usual one first; none where nobody carries them.
func (p *Phones) Ways(ctx context.Context, accountID uuid.UUID) (list []string, err error) {
	if p.Text == nil {
		return nil, nil
	}
	if p.Channels == nil {
		return []string{SMS}, nil
	}
	err = p.db.Read(ctx, func(ctx context.Context) (err error) { list, err = p.Channels(ctx, accountID); return })
	if err != nil {
		return nil, fmt.Errorf("see how codes can be sent: %w", err)
	}
	return list, nil
}

// by is the channel for a code of a flow; an Unavailable fault where there is
// none, or not the one asked for.
func (p *Phones) by(ctx context.Context, h holder, f Flow) (string, error) {
	ways, err := p.waysOf(ctx, h)
	switch {
	case err != nil:
		return "", err
	case len(ways) > 0 && f.Channel == "":
		return ways[0], nil
	case has(ways, f.Channel):
		return f.Channel, nil
	case f.Channel == Voice:
		return "", fault.New(fault.Unavailable, CallUnavailable)
	}
	return "", fault.New(fault.Unavailable, PhoneUnavailable)
}

// StartPhone begins the set-up of a number and sends its first code; one under
// way for another number is dropped. Until that code is typed the number is
// nobody's factor. Sent a second time within half a minute it changes nothing.
// Faults: TooMany and Unavailable.
func (p *Phones) StartPhone(ctx context.Context, accountID uuid.UUID, n phone.Number, f Flow) error {
	err := p.db.Tx(ctx, func(ctx context.Context) error {
		if err := notContact(ctx, accountID, n.E164); err != nil {
			return err
		}
		row, err := p.begin(ctx, accountID, n)
		if err != nil {
			return err
		}
		return p.send(ctx, holderOf(row, n.E164, false), f)
	})
	if f, known := fault.As(err); errors.Is(err, db.ErrDuplicate) || known && f.Code == PhoneWait {
		return nil // the other half of a double click
	}
	if err != nil {
		return fmt.Errorf("start phone: %w", err)
	}
	return nil
}

// begin gives the enrolment of a number, the one under way where it is the same.
func (p *Phones) begin(ctx context.Context, accountID uuid.UUID, n phone.Number) (authenticator, error) {
	row, err := pendingPhone(ctx, accountID)
	if err == nil {
		number, err := p.openSeed(ctx, row)
		if err != nil || string(number) == n.E164 {
			return row, err
		}
	} else if !errors.Is(err, db.ErrNotFound) {
		return row, err
	}
	sealed, err := p.sealSeed(ctx, []byte(n.E164))
	if err != nil {
		return row, err
	}
	row = authenticator{ID: uuid.Must(uuid.NewV7()), AccountID: accountID, Kind: Phone, Sealed: sealed, CreatedAt: db.Now(ctx)}
	return row, start(ctx, row)
}

// ConfirmPhone makes the phone being set up the account's factor with the code
// that it was sent; one it had before is replaced and told. also runs in the
// same transaction. Refusals: PhoneShape, PhoneWrong, PhoneNone, PhoneUsed,
// PhoneDay, CodeGone, TooMany and account.CodeFrozen.
func (p *Phones) ConfirmPhone(ctx context.Context, accountID uuid.UUID, f Flow, code string, also ...func(context.Context) error) error {
	digits, ok := sixDigits(code)
	if !ok {
		return fault.Field("code", PhoneShape)
	}
	return p.bounded(ctx, func() error {
		return p.try(ctx, tryConfirm, accountID, func(ctx context.Context) (string, error) {
			if err := account.MayChange(ctx, accountID); err != nil {
				return "", err
			}
			row, err := pendingPhone(ctx, accountID)
			if errors.Is(err, db.ErrNotFound) {
				return PhoneGone, nil
			}
			if err != nil {
				return "", err
			}
			if refusal, err := p.spendText(ctx, row, f, digits); refusal != "" || err != nil {
				return refusal, err
			}
			return p.replace(ctx, row, f)
		}, also)
	})
}

// replace tells the phone on file, if there is one, and puts the new one there.
func (p *Phones) replace(ctx context.Context, row authenticator, f Flow) (string, error) {
	old, err := confirmedPhone(ctx, row.AccountID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return "", err
	}
	if err == nil {
		if err := p.tellOld(ctx, old, row, f); err != nil {
			return "", err
		}
	}
	return p.activate(ctx, row, 0)
}

func (p *Phones) tellOld(ctx context.Context, old, row authenticator, f Flow) error {
	was, err := p.openSeed(ctx, old)
	if err != nil {
		return err
	}
	now, err := p.openSeed(ctx, row)
	if err != nil || string(was) == string(now) || p.Text == nil {
		return err
	}
	return p.Text(ctx, Text{Kind: TextReplaced, AccountID: row.AccountID, To: string(was), Host: bare(f.Host)})
}

// Verify takes a code of whichever of an account's factors made it: of an app,
// or the newest text message of this flow. kinds are those that count here; the
// refusal is worded for the first of them. also runs in the same transaction
// and hears which it was. Refusals: CodeShape, CodeWrong, CodeUsed, those of
// ConfirmPhone, and TooMany.
func (p *Phones) Verify(ctx context.Context, accountID uuid.UUID, kinds []string, f Flow, code string, also func(ctx context.Context, kind string) error) (kind string, err error) {
	if len(kinds) == 0 {
		return "", fault.Field("code", CodeWrong)
	}
	digits, ok := sixDigits(code)
	if !ok {
		return "", fault.Field("code", map[bool]string{true: PhoneShape, false: CodeShape}[kinds[0] == Phone])
	}
	err = p.bounded(ctx, func() error {
		return p.try(ctx, tryTOTP, accountID, func(ctx context.Context) (refusal string, err error) {
			kind, refusal, err = p.spendAny(ctx, accountID, kinds, f, digits)
			return refusal, err
		}, []func(context.Context) error{
			func(ctx context.Context) error { return p.proven(ctx, accountID) },
			func(ctx context.Context) error { return also(ctx, kind) },
		})
	})
	return kind, err
}

// spendAny asks the app first, so that a code of it costs the phone no try.
func (p *Phones) spendAny(ctx context.Context, accountID uuid.UUID, kinds []string, f Flow, digits string) (kind, refusal string, err error) {
	rows, err := confirmed(ctx, accountID)
	if err != nil {
		return "", "", err
	}
	refusals := map[string]string{}
	for _, kind := range []string{TOTP, Phone} {
		row, there := rowOf(rows, kind)
		switch {
		case !has(kinds, kind):
			continue
		case !there:
			refusals[kind] = CodeWrong
			continue
		case kind == TOTP:
			refusals[kind], err = p.spend(ctx, rows, digits)
		default:
			refusals[kind], err = p.spendText(ctx, row, f, digits)
		}
		if err != nil || refusals[kind] == "" {
			return kind, "", err
		}
	}
	return "", refusals[kinds[0]], nil
}

// bounded lets tries through as far as their tenant has tries left; a right one
// is given back.
func (p *Phones) bounded(ctx context.Context, try func() error) error {
	tenantID, ok := db.TenantID(ctx)
	if !ok {
		return db.ErrNoTenant
	}
	if p.Limiter != nil {
		if err := p.Limiter.Allow(ctx, p.Limits.Tries, tenantID.String()); err != nil {
			return err
		}
	}
	err := try()
	if err == nil && p.Limiter != nil {
		p.Limiter.Restore(ctx, p.Limits.Tries, tenantID.String())
	}
	return err
}

// PresetPhone puts a number on file that nobody has proven: for the accounts of
// the demonstration, whose phones are the practice mailbox.
func (p *Phones) PresetPhone(ctx context.Context, accountID uuid.UUID, n phone.Number) error {
	err := p.db.Tx(ctx, func(ctx context.Context) error {
		row, err := p.begin(ctx, accountID, n)
		if err != nil {
			return err
		}
		_, err = p.activate(ctx, row, 0)
		return err
	})
	if err != nil {
		return fmt.Errorf("preset phone: %w", err)
	}
	return nil
}

// SweepCodes deletes codes that no bound counts any more and tells how many.
func (p *Phones) SweepCodes(ctx context.Context) (n int64, err error) {
	err = p.db.Tx(ctx, func(ctx context.Context) (err error) {
		n, err = sweepCodes(ctx, db.Now(ctx).Add(-2*day))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sweep codes: %w", err)
	}
	return n, nil
}

const day = 24 * time.Hour
