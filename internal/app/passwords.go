package app

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/manager"
	"tilgang/internal/reset"
)

// passwords sends new password mails for those who help others.
type passwords struct{ a *App }

// Plan tells what SendFor would do.
func (p passwords) Plan(ctx context.Context, person uuid.UUID) (manager.Sending, error) {
	out, err := p.a.Services.Reset.Plan(ctx, person)
	return sending(out), err
}

// SendFor has the mail sent.
func (p passwords) SendFor(ctx context.Context, person uuid.UUID) (manager.Sending, error) {
	out, err := p.a.Services.Reset.SendFor(ctx, person)
	return sending(out), err
}

func sending(o reset.Outcome) manager.Sending {
	return manager.Sending{Invited: o.Invited, To: o.To, Repeated: o.Repeated}
}
