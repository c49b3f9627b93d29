package invite

import (
	"context"
	"errors"
	"fmt"

	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// ConfirmForm is the code of the mail, typed on the page of its link.
type ConfirmForm struct {
	Token   string
	Code    string
	Network string
}

// Confirm consumes an invitation by the code of its mail, while people still
// sign in elsewhere: the account, with the address proven and no password yet.
// It opens no attempt and no session; the password is chosen by a reset, or by
// another day's first sign-in. Faults: those of Look; Invalid with Fields code;
// TooMany; Conflict
// "invite.switched" once the switch has passed, "invite.address_taken".
func (s *Service) Confirm(ctx context.Context, f ConfirmForm) error {
	if !tenant.MustFrom(ctx).Invitation.Preparing(s.DB.Now()) {
		return errSwitched()
	}
	l, err := s.Look(ctx, f.Token)
	if err != nil {
		return err
	}
	token, err := s.ByCode(ctx, l.Invitation.Account(), f.Code, f.Network)
	if known, ok := fault.As(err); ok && known.Code == errCode || err == nil && token != f.Token {
		return fault.Field("code", "invite.prepare.wrong") // of another invitation of that address, too
	}
	if err != nil {
		return err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.become(ctx, l.Invitation, ""); err != nil {
			return err
		}
		return audit.Record(ctx, about("invite.confirmed", l.Invitation))
	})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return s.late(ctx, f.Token)
	case errors.Is(err, db.ErrDuplicate):
		return errTaken()
	case err != nil:
		return fmt.Errorf("confirm address: %w", err)
	}
	return nil
}
