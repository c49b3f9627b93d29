package app

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/mailaddr"
	"tilgang/internal/people"
)

// InviteAdmin makes a person without an employment an administrator of the
// context's tenant and sends the invitation.
func (a *App) InviteAdmin(ctx context.Context, address, given, family string) error {
	parsed, err := mailaddr.Parse(address)
	if err != nil {
		return fault.Field("email", "sheet.email.invalid").Because(err)
	}
	return a.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := people.Add(ctx, people.Person{GivenName: given, FamilyName: family, WorkEmail: parsed.Display, WorkEmailKey: parsed.Key})
		if err != nil {
			return err
		}
		if err := people.Grant(ctx, p.ID, authz.RoleAdmin); err != nil {
			return err
		}
		if err := audit.Record(ctx, audit.Event{Action: "people.admin_made", Subject: audit.Subject{Kind: "person", ID: p.ID}}); err != nil {
			return err
		}
		_, err = a.Services.Invite.EnsureFor(ctx, []uuid.UUID{p.ID})
		return err
	})
}
