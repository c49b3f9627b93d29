package invite

import (
	"context"
	"fmt"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/limit"
	"tilgang/internal/mailaddr"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// perCode bounds typed codes of a network; each invitation has its own ten.
var perCode = limit.Rule{Name: "invite.code", Rate: 20, Per: 10 * time.Minute, Burst: 20}

// least is how long a refusal takes: some five times what it costs, so that what a
// row more or less costs does not show.
const least = 15 * time.Millisecond

// ByCode gives the link's token for an address and the typed code of the mail.
// The try is committed before it is judged; ten wrong ones end the code of an
// invitation until it is sent again. An address that nobody has, a wrong code
// and one too many are the same fault, Invalid "invite.code.wrong", after the same
// statements, each of which writes as much, and not before the time that any
// refusal takes.
func (s *Service) ByCode(ctx context.Context, address, code, network string) (token string, err error) {
	over := time.NewTimer(least)
	defer over.Stop()
	if token, err = s.byCode(ctx, address, code, network); err == nil {
		return token, nil
	}
	select {
	case <-over.C:
	case <-ctx.Done():
	}
	return "", err
}

func (s *Service) byCode(ctx context.Context, address, code, network string) (token string, err error) {
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
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		if tried, err = tryCode(ctx, a.Key); err != nil {
			return err
		}
		return s.Throttle.Even(ctx, "invite.code", attempt.AddressHash(s.Box, t.ID, address, a.Key), len(tried) > 0)
	})
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
