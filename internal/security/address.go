package security

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/mailaddr"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// The bounds of proving an address (ours). The code's life counts from its mail;
// NIST SP 800-63B-4 allows a day for codes by mail.
const (
	proofLife  = 30 * time.Minute
	proofGap   = 30 * time.Second // between two mails of one account
	proofsHour = 5                // of one account
	proofsDay  = 15
	mostTo     = 5 // mails to one address in an hour, whoever asks
	codeDigits = 6
)

// tryAddress is the throttle's word for codes of addresses.
const tryAddress = "address"

const keyAddress = "address_code"

// Pending is an address being proven, as its page shows it.
type Pending struct {
	Address string
	Until   time.Time
}

// proof is a new address on its way to being proven.
type proof struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	AccountID  uuid.UUID
	SessionID  uuid.UUID
	Address    string
	AddressKey string
	CodeHash   []byte
	Sealed     []byte
	CreatedAt  time.Time
	ExpiresAt  time.Time
	UsedAt     *time.Time
}

// TableName implements gorm's Tabler.
func (proof) TableName() string { return "address_proofs" }

// CheckAddress judges a typed address before anything secret is compared, by its
// shape and the account's own addresses alone. Faults are Invalid at email.
func (s *Service) CheckAddress(o Overview, typed string) (mailaddr.Address, error) {
	a, err := mailaddr.Parse(typed)
	switch {
	case errors.Is(err, mailaddr.ErrEmpty):
		return a, fault.Field("email", "signin.email_missing")
	case err != nil:
		return a, fault.Field("email", "signin.email_bad")
	case slices.ContainsFunc(o.Addresses, func(i account.Identifier) bool { return i.AddressKey == a.Key }):
		return a, fault.Field("email", codeOwn)
	}
	return a, nil
}

// AskAddress sends a code to an address that the account is to sign in with. It
// asks nothing about whose the address is. The fault is TooMany.
func (s *Service) AskAddress(ctx context.Context, p Passed, o Overview, a mailaddr.Address) error {
	if err := p.covers(ActAddress); err != nil {
		return err
	}
	return s.send(ctx, o, proof{SessionID: p.Session.ID, Address: a.Display, AddressKey: a.Key}, twice)
}

// AskAgain sends another code to the address being proven in a session. Faults:
// Expired "security.addresses.code.gone", TooMany.
func (s *Service) AskAgain(ctx context.Context, ses session.Session, o Overview) error {
	var former proof
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) { former, err = newestProof(ctx, o.Account.ID, ses.ID); return })
	if errors.Is(err, db.ErrNotFound) || err == nil && former.over(s.DB.Now()) {
		return fault.New(fault.Expired, codeProofGone)
	}
	if err != nil {
		return fmt.Errorf("find proof: %w", err)
	}
	return s.send(ctx, o, proof{SessionID: ses.ID, Address: former.Address, AddressKey: former.AddressKey}, func([]proof, proof) bool { return false })
}

// send stores a proof and its mail, within the bounds of the account, unless
// known tells that it has just been done.
func (s *Service) send(ctx context.Context, o Overview, p proof, known func(list []proof, p proof) bool) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		now := db.Now(ctx)
		p.ID, p.AccountID, p.CreatedAt, p.ExpiresAt = uuid.Must(uuid.NewV7()), o.Account.ID, now, now.Add(proofLife)
		if err := lockAccount(ctx, s.DB.Postgres(), p.AccountID); err != nil {
			return err
		}
		list, err := proofsSince(ctx, p.AccountID, now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if known(list, p) {
			return nil
		}
		if err := room(list, now); err != nil {
			return err
		}
		if err := insertProof(ctx, &p); err != nil {
			return err
		}
		if err := s.Messages.Send(ctx, message.New{Kind: kindProof, PersonID: o.Account.PersonID, To: p.Address, Language: o.Person.Language, RefID: &p.ID}); err != nil {
			return err
		}
		return record(ctx, "security.address_asked", p.AccountID, map[string]any{"proof": p.ID.String()})
	})
	if err != nil {
		return fmt.Errorf("ask for an address: %w", err)
	}
	return nil
}

// twice tells whether p is the other half of a double click.
func twice(list []proof, p proof) bool {
	return len(list) > 0 && p.CreatedAt.Sub(list[0].CreatedAt) < proofGap && list[0].AddressKey == p.AddressKey && list[0].SessionID == p.SessionID
}

// room refuses one mail too many of an account.
func room(list []proof, now time.Time) error {
	wait := func(n int, span time.Duration) time.Duration {
		if len(list) < n {
			return 0
		}
		return list[n-1].CreatedAt.Add(span).Sub(now)
	}
	if left := max(wait(1, proofGap), wait(proofsHour, time.Hour), wait(proofsDay, 24*time.Hour)); left > 0 {
		return fault.New(fault.TooMany, codeProofOften, "Wait", left).After(left)
	}
	return nil
}

// over tells whether nothing can be typed for a proof any more.
func (p proof) over(now time.Time) bool { return p.UsedAt != nil || !now.Before(p.ExpiresAt) }

// Proving is the address being proven in a session; ok is false when there is
// none.
func (s *Service) Proving(ctx context.Context, ses session.Session, o Overview) (p Pending, ok bool, err error) {
	var row proof
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { row, err = newestProof(ctx, o.Account.ID, ses.ID); return })
	if errors.Is(err, db.ErrNotFound) || err == nil && row.over(s.DB.Now()) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("look for a proof: %w", err)
	}
	return Pending{Address: row.Address, Until: row.ExpiresAt}, true, nil
}

// ProveAddress takes the code that was sent to the address, once, in the session
// that asked; the address then signs the account in, and the addresses before
// are told. The try is counted before anything is compared. Faults: Invalid at
// code, Expired "security.addresses.code.gone", Conflict "security.addresses.taken",
// TooMany.
func (s *Service) ProveAddress(ctx context.Context, ses session.Session, o Overview, typed string) (address string, err error) {
	code := secret.NormaliseCode(typed)
	if len(code) != codeDigits {
		return "", fault.Field("code", codeProofShape)
	}
	lock, err := s.Throttle.Try(ctx, tryAddress, o.Account.ID[:])
	if err != nil {
		return "", err
	}
	refusal := error(nil)
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		address, refusal, err = s.prove(ctx, ses, o, code)
		if err != nil || refusal != nil {
			return err
		}
		return s.Throttle.Clear(ctx, tryAddress, o.Account.ID[:])
	})
	switch {
	case errors.Is(err, db.ErrDuplicate):
		return "", fault.New(fault.Conflict, codeTaken)
	case err != nil:
		return "", errors.Join(fmt.Errorf("prove address: %w", err), s.Throttle.Forgive(ctx, tryAddress, o.Account.ID[:], lock))
	}
	return address, refusal
}

// prove uses the newest code of the session and puts its address on file.
func (s *Service) prove(ctx context.Context, ses session.Session, o Overview, code string) (address string, refusal, err error) {
	p, err := newestProof(ctx, o.Account.ID, ses.ID)
	if errors.Is(err, db.ErrNotFound) || err == nil && p.over(db.Now(ctx)) {
		return "", fault.New(fault.Expired, codeProofGone), nil
	}
	if err != nil {
		return "", nil, err
	}
	err = useProof(ctx, p.ID, s.hashProof(p, code))
	if errors.Is(err, db.ErrNotFound) {
		return "", fault.Field("code", codeProofWrong), nil
	}
	if err != nil {
		return "", nil, err
	}
	added := account.Identifier{Kind: account.Private, Address: p.Address, AddressKey: p.AddressKey}
	if o.Person.WorkEmailKey == p.AddressKey {
		added.Kind = account.Work
	}
	if err := account.AddIdentifier(ctx, p.AccountID, added.Kind, added.Address, added.AddressKey); err != nil {
		return "", nil, err
	}
	if err := s.Notices.AddressAdded(ctx, p.AccountID, added); err != nil {
		return "", nil, err
	}
	return p.Address, nil, record(ctx, "security.address_added", p.AccountID, map[string]any{"kind": string(added.Kind)})
}

func (s *Service) hashProof(p proof, code string) []byte {
	return s.Box.Keyed(keyAddress, p.TenantID, p.ID.String()+" "+code)
}

// MayRemoveAddress tells whether an address may go: one of the person's own, as
// long as another is left that signs in where the person stands.
func (o Overview) MayRemoveAddress(i account.Identifier) bool {
	return i.Kind == account.Private && (o.Number != "" || slices.ContainsFunc(o.Addresses, func(other account.Identifier) bool {
		return other.ID != i.ID && (other.Kind != account.Work || o.Standing != people.Alumnus)
	}))
}

// AddressOf is one of the account's addresses; the NotFound fault for any other
// id.
func (o Overview) AddressOf(id string) (account.Identifier, error) {
	for _, i := range o.Addresses {
		if i.ID.String() == id {
			return i, nil
		}
	}
	return account.Identifier{}, errNoSuch()
}

// RemoveAddress takes an address from the account and tells it and those that
// stay. Open links that were sent to it die with it. The Conflict fault
// "security.addresses.last" keeps the last.
func (s *Service) RemoveAddress(ctx context.Context, p Passed, o Overview, id uuid.UUID) error {
	if err := p.covers(ActAddress); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if err := lockAccount(ctx, s.DB.Postgres(), o.Account.ID); err != nil {
			return err
		}
		if err = o.named(ctx, o.Account.ID); err != nil {
			return err
		}
		i, err := o.AddressOf(id.String())
		switch {
		case err != nil:
			return err
		case !o.MayRemoveAddress(i):
			return fault.New(fault.Conflict, codeLastAddress, "Employer", tenant.MustFrom(ctx).Name)
		}
		if err := account.RemoveIdentifier(ctx, o.Account.ID, i.ID); err != nil {
			return err
		}
		if err := s.Notices.AddressRemoved(ctx, o.Account.ID, i); err != nil {
			return err
		}
		return record(ctx, "security.address_removed", o.Account.ID, map[string]any{"kind": string(i.Kind)})
	})
	if err != nil {
		return fmt.Errorf("remove address: %w", err)
	}
	return nil
}

// SweepProofs deletes what was asked for more than two days ago and tells how
// many.
func (s *Service) SweepProofs(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		n, err = sweepProofs(ctx, db.Now(ctx).Add(-48*time.Hour))
		return
	})
	if err != nil {
		return 0, fmt.Errorf("sweep proofs: %w", err)
	}
	return n, nil
}
