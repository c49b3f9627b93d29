package federation

import (
	"context"

	"tilgang/internal/federation/relying"
)

// speaker is a provider in the protocol that it speaks.
type speaker interface {
	// address is where to send somebody; relying.ErrDown when it cannot be asked.
	address(ctx context.Context, k Kept, language string) (string, error)
	// redeem checks what came back. Errors: *relying.Refusal, relying.ErrCancelled,
	// relying.ErrDown.
	redeem(ctx context.Context, k Kept, a relying.Answer) (relying.Identity, error)
}

// openID is a provider that speaks OpenID Connect.
type openID struct {
	relying.Provider

	client *relying.Client
}

func (o openID) address(ctx context.Context, k Kept, language string) (string, error) {
	return o.client.Address(ctx, o.Provider, k.asked(), language) //nolint:wrapcheck // its words are for whoever called us
}

func (o openID) redeem(ctx context.Context, k Kept, a relying.Answer) (relying.Identity, error) {
	return o.client.Redeem(ctx, o.Provider, k.asked(), a) //nolint:wrapcheck // as above
}
