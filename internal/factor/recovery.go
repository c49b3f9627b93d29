package factor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
)

const (
	codesInSet  = 10
	codeLength  = 16 // characters of a typed recovery code, 80 bits
	setLife     = 15 * time.Minute
	tryRecovery = "recovery"
	keyRecovery = "recovery_code"
)

// FewLeft is the number of unused recovery codes from which on a person is
// told to make new ones.
const FewLeft = 3

// CodeSet is ten recovery codes on their way to a person. Nothing of it is
// stored before SaveCodes; until then the browser keeps Sealed.
type CodeSet struct {
	ID     string // tells one set from another on a page; not secret
	Codes  []string
	Sealed string // for a cookie of 15 minutes; opens for the same account only
}

type sealedSet struct {
	ID    string    `json:"id"`
	Codes []string  `json:"codes"`
	Until time.Time `json:"until"`
}

// NewCodes makes a set and stores nothing.
func (s *Service) NewCodes(ctx context.Context, accountID uuid.UUID) (CodeSet, error) {
	place, err := setPlace(ctx, accountID)
	if err != nil {
		return CodeSet{}, err
	}
	set := sealedSet{ID: uuid.NewString(), Codes: secret.RecoveryCodes(codesInSet), Until: s.db.Now().Add(setLife)}
	plain, err := json.Marshal(set)
	if err != nil {
		return CodeSet{}, fmt.Errorf("write codes: %w", err)
	}
	sealed, err := s.box.Seal(plain, place...)
	if err != nil {
		return CodeSet{}, fmt.Errorf("seal codes: %w", err)
	}
	return CodeSet{ID: set.ID, Codes: set.Codes, Sealed: base64.RawURLEncoding.EncodeToString(sealed)}, nil
}

// OpenCodes gives back the set that NewCodes sealed for the account; the
// refusal is CodesGone after 15 minutes or for anything else.
func (s *Service) OpenCodes(ctx context.Context, accountID uuid.UUID, sealed string) (CodeSet, error) {
	gone := fault.New(fault.Conflict, CodesGone)
	place, err := setPlace(ctx, accountID)
	if err != nil {
		return CodeSet{}, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return CodeSet{}, gone.Because(err)
	}
	plain, err := s.box.Open(raw, place...)
	if err != nil {
		return CodeSet{}, gone.Because(err)
	}
	var set sealedSet
	if err := json.Unmarshal(plain, &set); err != nil || !s.db.Now().Before(set.Until) {
		return CodeSet{}, gone
	}
	return CodeSet{ID: set.ID, Codes: set.Codes, Sealed: sealed}, nil
}

// SaveCodes makes a set the account's, once the person said that it is saved,
// and the set before void. Saving the same set twice changes nothing, so a used
// code stays used; also runs only the first time, in the same transaction. It
// may join an open transaction. The Conflict fault is account.CodeFrozen.
func (s *Service) SaveCodes(ctx context.Context, accountID uuid.UUID, set CodeSet, also ...func(context.Context) error) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		hashes, err := s.hashes(ctx, set.Codes)
		if err != nil {
			return err
		}
		// Two at once would both find the set not yet saved, and the second would
		// take the first one's codes for a set before: a used code would count again.
		if err := account.Lock(ctx, accountID); err != nil {
			return err
		}
		if again, err := holdsCode(ctx, accountID, hashes[0]); err != nil || again {
			return err
		}
		if err := account.MayChange(ctx, accountID); err != nil {
			return err
		}
		if err := replaceCodes(ctx, accountID, hashes); err != nil {
			return err
		}
		for _, fn := range also {
			if err := fn(ctx); err != nil {
				return err
			}
		}
		return audit.Record(ctx, event("factor.codes_saved", accountID, map[string]any{"codes": len(hashes)}))
	})
	if errors.Is(err, db.ErrDuplicate) && !db.InTx(ctx) {
		return nil // the other half of a double click saved this very set
	}
	if err != nil {
		return fmt.Errorf("save recovery codes: %w", err)
	}
	return nil
}

// MakeCodes makes a set and saves it at once, where nobody is there to tick:
// the demonstration.
func (s *Service) MakeCodes(ctx context.Context, accountID uuid.UUID) ([]string, error) {
	set, err := s.NewCodes(ctx, accountID)
	if err != nil {
		return nil, err
	}
	return set.Codes, s.SaveCodes(ctx, accountID, set)
}

// Codes tells how many recovery codes of the saved set are unused; total is 0
// when there is no set.
func (s *Service) Codes(ctx context.Context, accountID uuid.UUID) (left, total int, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) (err error) { left, total, err = countCodes(ctx, accountID); return })
	if err != nil {
		return 0, 0, fmt.Errorf("count recovery codes: %w", err)
	}
	return left, total, nil
}

// UseCode takes a recovery code of the account, once, and tells how many are
// left. No device is trusted from then on: something was lost. also runs in the same transaction. Refusals: RecoverShape,
// RecoverWrong, and TooMany.
func (s *Service) UseCode(ctx context.Context, accountID uuid.UUID, typed string, also ...func(context.Context) error) (left int, err error) {
	code := secret.NormaliseCode(typed)
	if len(code) != codeLength {
		return 0, fault.Field("code", RecoverShape)
	}
	err = s.try(ctx, tryRecovery, accountID, func(ctx context.Context) (string, error) {
		hashes, err := s.hashes(ctx, []string{code})
		if err != nil {
			return "", err
		}
		err = useCode(ctx, accountID, hashes[0])
		if errors.Is(err, db.ErrNotFound) {
			return RecoverWrong, nil
		}
		if err != nil {
			return "", err
		}
		if left, _, err = countCodes(ctx, accountID); err != nil {
			return "", err
		}
		if err := s.distrustAll(ctx, accountID); err != nil {
			return "", err
		}
		return "", audit.Record(ctx, event("factor.recovery_used", accountID, map[string]any{"left": left}))
	}, also)
	return left, err
}

// hashes are the stored forms of codes (docs/decisions: 80 random bits under a
// key that is not in the database need no slow hash).
func (s *Service) hashes(ctx context.Context, codes []string) ([][]byte, error) {
	tenantID, ok := db.TenantID(ctx)
	if !ok {
		return nil, db.ErrNoTenant
	}
	hashes := make([][]byte, len(codes))
	for i, c := range codes {
		hashes[i] = s.box.Keyed(keyRecovery, tenantID, secret.NormaliseCode(c))
	}
	return hashes, nil
}

func setPlace(ctx context.Context, accountID uuid.UUID) ([]string, error) {
	tenantID, ok := db.TenantID(ctx)
	if !ok {
		return nil, db.ErrNoTenant
	}
	return []string{tenantID.String(), "recovery_codes", "shown", accountID.String()}, nil
}

// LooksLikeRecovery tells a typed recovery code from a code of an app, by its
// length alone.
func LooksLikeRecovery(typed string) bool { return len(secret.NormaliseCode(typed)) == codeLength }
