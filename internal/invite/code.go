package invite

import (
	"context"
	"fmt"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/limit"
	"tilgang/internal/mailaddr"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// perCode bounds typed codes of a network; each invitation has its own ten.
var perCode = limit.Rule{Name: "invite.code", Rate: 20, Per: 10 * time.Minute, Burst: 20}

// ByCode gives the link's token for an address and the typed code of the mail.
// The try is committed before it is judged; ten wrong ones end the code of an
// invitation until it is sent again. An address that nobody has, a wrong code
// and one too many are the same fault: Invalid "invite.code.wrong".
func (s *Service) ByCode(ctx context.Context, address, code, network string) (token string, err error) {
	t := tenant.MustFrom(ctx)
	if err := s.Limits.Allow(ctx, perCode, network); err != nil {
		return "", err
	}
	a, err := account.ParseName(address, t.Invitation.Letters())
	if err != nil {
		a = mailaddr.Address{}
	}
	typed := s.codeHash(t.ID, code)
	var tried []Invitation
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { tried, err = tryCode(ctx, a.Key); return err })
	if err != nil {
		return "", fmt.Errorf("count code: %w", err)
	}
	for _, i := range tried {
		if !secret.Equal(i.CodeHash, typed) {
			continue
		}
		p, err := s.unseal(t.ID, i)
		if err != nil {
			return "", err
		}
		return p.Token, wrap("forgive code", s.DB.Tx(ctx, func(ctx context.Context) error { return forgive(ctx, i.ID) }))
	}
	return "", errNoMatch()
}
