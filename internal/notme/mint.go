package notme

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// mint gives a mail its link and code, or those of an earlier try. A mail about
// somebody without an account has none: there is nothing to stop.
func (s *Service) mint(ctx context.Context, m message.Message, t *tenant.Tenant) (message.Denial, error) {
	if m.PersonID == uuid.Nil {
		return message.Denial{}, nil
	}
	acc, err := account.ByPerson(ctx, m.PersonID)
	if errors.Is(err, db.ErrNotFound) {
		return message.Denial{}, nil
	}
	if err != nil {
		return message.Denial{}, err
	}
	token, code, err := s.secrets(ctx, m, acc.ID, t.ID)
	if err != nil {
		return message.Denial{}, fmt.Errorf("mint a denial: %w", err)
	}
	return message.Denial{URL: s.Portal(t) + "/notme/" + token, Code: code}, nil
}

func (s *Service) secrets(ctx context.Context, m message.Message, accountID, owner uuid.UUID) (token, code string, err error) {
	expires := s.DB.Now().Add(life)
	n, err := byID(ctx, m.ID)
	if errors.Is(err, db.ErrNotFound) {
		return s.create(ctx, m, accountID, owner, expires)
	}
	if err != nil {
		return "", "", err
	}
	plain, err := s.Box.Open(n.Sealed, place(owner, n.ID)...)
	if err != nil {
		return "", "", err
	}
	token, code, _ = strings.Cut(string(plain), " ")
	return token, code, prolong(ctx, n.ID, expires)
}

func (s *Service) create(ctx context.Context, m message.Message, accountID, owner uuid.UUID, expires time.Time) (token, code string, err error) {
	token, hash := secret.Token()
	code = secret.Code(codeDigits)
	sealed, err := s.Box.Seal([]byte(token+" "+code), place(owner, m.ID)...)
	if err != nil {
		return "", "", fmt.Errorf("seal: %w", err)
	}
	args, err := json.Marshal(m.Args)
	if err != nil {
		return "", "", fmt.Errorf("write arguments: %w", err)
	}
	n := Notice{
		ID: m.ID, AccountID: accountID, Kind: m.Kind, Args: string(args), HappenedAt: m.At(), TokenHash: hash, CodeHash: s.hash(owner, m.ID, code),
		Sealed: sealed, ExpiresAt: expires, CreatedAt: s.DB.Now(),
	}
	return token, code, insert(ctx, &n)
}

// hash ties a code to its notice.
func (s *Service) hash(owner, id uuid.UUID, code string) []byte {
	return s.Box.Keyed("notme_code", owner, id.String()+" "+code)
}

// place is where sealed secrets belong: one row only.
func place(owner, id uuid.UUID) []string {
	return []string{owner.String(), "notices", "sealed", id.String()}
}
