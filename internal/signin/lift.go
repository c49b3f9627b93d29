package signin

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/tenant"
)

// Lift forgets the wrong passwords counted for an account, on every address and
// every browser that it has signed in on, in the open transaction: the owner has
// proven the mailbox and chosen a new password. It opens an account that a
// hundred failures had stopped (NIST SP 800-63B-4 3.2.2).
func (s *Service) Lift(ctx context.Context, accountID uuid.UUID) error {
	t := tenant.MustFrom(ctx)
	list, err := account.Names(ctx, accountID)
	if err != nil {
		return err
	}
	devices, err := devicesOf(ctx, accountID)
	if err != nil {
		return fmt.Errorf("list devices: %w", err)
	}
	lifted := [][]byte{s.behind(t.ID, accountID.String())}
	for _, i := range list {
		address := attempt.AddressHash(s.Box, t.ID, i.Address, i.AddressKey)
		lifted = append(lifted, address)
		for _, device := range devices {
			lifted = append(lifted, s.onDevice(t.ID, address, device))
		}
	}
	return s.Throttle.Clear(ctx, purpose, lifted...)
}

// onDevice is what failures on a known browser are counted on; device is the
// hash of its cookie.
func (s *Service) onDevice(tenantID uuid.UUID, address, device []byte) []byte {
	return s.Box.Keyed("signin device", tenantID, string(address)+string(device))
}
