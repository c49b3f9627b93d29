package attempt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
)

// Service keeps attempts; its methods join the open transaction, if any.
type Service struct {
	db  *db.DB
	box *secret.Box
}

// NewService makes the service.
func NewService(d *db.DB, box *secret.Box) *Service { return &Service{db: d, box: box} }

// errGone tells that there is no such attempt to go on with.
func errGone() error { return fault.New(fault.Expired, "attempt.expired") }

// sealed is what only the flow itself may read.
type sealed struct {
	Address string `json:"a,omitempty"`
	Key     string `json:"k,omitempty"`
	Resume  string `json:"r,omitempty"`
	Asker   Asker  `json:"b,omitzero"`
}

// Start begins an attempt and gives the cookie that finds it again.
func (s *Service) Start(ctx context.Context, n New) (cookie string, a Attempt, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		now := db.Now(ctx)
		a = Attempt{
			ID: uuid.Must(uuid.NewV7()), Purpose: n.Purpose, Address: n.Address, AddressKey: n.AddressKey, AccountID: n.AccountID,
			AMR: n.AMR, Resume: n.Resume, Host: n.Host, Asker: n.Asker, CreatedAt: now, ExpiresAt: now.Add(max(n.Life, Life)),
		}
		r, err := s.row(ctx, a)
		if err != nil {
			return err
		}
		cookie, r.CookieHash = secret.Token()
		return insert(ctx, &r)
	})
	if err != nil {
		return "", Attempt{}, fmt.Errorf("start attempt: %w", err)
	}
	return cookie, a, nil
}

// Find gives the attempt of a cookie on a host; an Expired fault
// "attempt.expired" when it is over, finished, another host's or nobody's.
func (s *Service) Find(ctx context.Context, cookie, host string) (a Attempt, err error) {
	hash := secret.HashToken(cookie)
	if hash == nil {
		return a, errGone()
	}
	err = s.db.Read(ctx, func(ctx context.Context) error {
		r, err := byCookie(ctx, hash)
		if err != nil {
			return gone(err)
		}
		if r.FinishedAt != nil || r.Host != host || !db.Now(ctx).Before(r.ExpiresAt) {
			return errGone()
		}
		a, err = s.open(ctx, r)
		return err
	})
	if err != nil {
		return Attempt{}, fmt.Errorf("find attempt: %w", err)
	}
	return a, nil
}

// ByID gives an attempt whatever became of it, for work that follows a flow;
// db.ErrNotFound when it has been swept.
func (s *Service) ByID(ctx context.Context, id uuid.UUID) (a Attempt, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		r, err := byID(ctx, id)
		if err != nil {
			return err
		}
		a, err = s.open(ctx, r)
		return err
	})
	if err != nil {
		return Attempt{}, fmt.Errorf("read attempt: %w", err)
	}
	return a, nil
}

// Bind says whose attempt it is, by the method that proved it, and gives a new
// cookie in place of the former. An attempt of one account never becomes
// another's.
func (s *Service) Bind(ctx context.Context, id, accountID uuid.UUID, method string) (cookie string, err error) {
	cookie, hash := secret.Token()
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := bind(ctx, id, accountID, hash); err != nil {
			return gone(err)
		}
		return prove(ctx, id, method)
	})
	if err != nil {
		return "", fmt.Errorf("bind attempt: %w", err)
	}
	return cookie, nil
}

// Prove adds a method to what has been proven; a second time changes nothing.
func (s *Service) Prove(ctx context.Context, id uuid.UUID, method string) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return prove(ctx, id, method) })
	if err != nil {
		return fmt.Errorf("prove: %w", err)
	}
	return nil
}

// Prolong lets an attempt that is nobody's yet run anew from now on, since a mail
// was asked for again; what was tried in it stays counted.
func (s *Service) Prolong(ctx context.Context, id uuid.UUID, life time.Duration) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return gone(prolong(ctx, id, max(life, Life))) })
	if err != nil {
		return fmt.Errorf("prolong attempt: %w", err)
	}
	return nil
}

// Try counts a code typed in an attempt, before it is compared: the count is
// committed whatever comes after. left is how many more may be typed; ok is
// false when all of most had been, and then nothing may be compared.
func (s *Service) Try(ctx context.Context, id uuid.UUID, most int) (left int, ok bool, err error) {
	var tries int
	err = s.db.Apart(ctx, func(ctx context.Context) (err error) { tries, ok, err = try(ctx, id, most); return })
	if err != nil {
		return 0, false, fmt.Errorf("count a code: %w", err)
	}
	return most - tries, ok, nil
}

// Settle notes how the offer of a second factor was answered: Skip or Later.
func (s *Service) Settle(ctx context.Context, id uuid.UUID, answer string) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return gone(settle(ctx, id, answer)) })
	if err != nil {
		return fmt.Errorf("settle attempt: %w", err)
	}
	return nil
}

// Trust notes that the browser is to be trusted at the end.
func (s *Service) Trust(ctx context.Context, id uuid.UUID) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return gone(trusts(ctx, id)) })
	if err != nil {
		return fmt.Errorf("trust the browser of an attempt: %w", err)
	}
	return nil
}

// Finish ends an attempt, once: of several at a time one succeeds, the others
// get the Expired fault "attempt.expired".
func (s *Service) Finish(ctx context.Context, id uuid.UUID) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return gone(finish(ctx, id)) })
	if err != nil {
		return fmt.Errorf("finish attempt: %w", err)
	}
	return nil
}

// EndOf ends all attempts of an account: what was proven under the former
// password is worth nothing.
func (s *Service) EndOf(ctx context.Context, accountID uuid.UUID) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error { return finishOf(ctx, accountID) })
	if err != nil {
		return fmt.Errorf("end attempts of an account: %w", err)
	}
	return nil
}

// Sweep deletes attempts that ended more than two days ago and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx); return })
	if err != nil {
		return 0, fmt.Errorf("sweep attempts: %w", err)
	}
	return n, nil
}

// AddressHash is how an address is counted and compared without being stored;
// what is no address counts as it was typed.
func AddressHash(box *secret.Box, tenantID uuid.UUID, address, key string) []byte {
	if key == "" {
		key = strings.ToLower(address)
	}
	return box.Keyed("address", tenantID, key)
}

func (s *Service) row(ctx context.Context, a Attempt) (row, error) {
	tenantID, _ := db.TenantID(ctx)
	body, err := json.Marshal(sealed{Address: a.Address, Key: a.AddressKey, Resume: a.Resume, Asker: a.Asker})
	if err != nil {
		return row{}, fmt.Errorf("write attempt: %w", err)
	}
	box, err := s.box.Seal(body, place(tenantID)...)
	if err != nil {
		return row{}, fmt.Errorf("seal attempt: %w", err)
	}
	r := row{
		ID: a.ID, Purpose: a.Purpose, AddressHash: AddressHash(s.box, tenantID, a.Address, a.AddressKey), Sealed: box,
		AMR: strings.Join(a.AMR, " "), Host: a.Host, CreatedAt: a.CreatedAt, ExpiresAt: a.ExpiresAt,
	}
	if a.AccountID != uuid.Nil {
		r.AccountID = &a.AccountID
	}
	return r, nil
}

func (s *Service) open(ctx context.Context, r row) (Attempt, error) {
	tenantID, _ := db.TenantID(ctx)
	body, err := s.box.Open(r.Sealed, place(tenantID)...)
	if err != nil {
		return Attempt{}, err
	}
	var in sealed
	if err := json.Unmarshal(body, &in); err != nil {
		return Attempt{}, fmt.Errorf("read sealed attempt: %w", err)
	}
	a := Attempt{
		ID: r.ID, Purpose: r.Purpose, Address: in.Address, AddressKey: in.Key, Resume: in.Resume, Asker: in.Asker,
		AMR: strings.Fields(r.AMR), Settled: r.Settled, Trusts: r.Trusts, Host: r.Host, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
	}
	if r.AccountID != nil {
		a.AccountID = *r.AccountID
	}
	return a, nil
}

func place(tenantID uuid.UUID) []string { return []string{tenantID.String(), "attempts", "sealed"} }

// gone turns "no such row to change" into the refusal.
func gone(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errGone()
	}
	return err
}
