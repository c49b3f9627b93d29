package notme

import (
	"context"
	"slices"

	"tilgang/internal/message"
	"tilgang/internal/session"
)

// Opened hears of each new session, in its transaction, and tells the owner of
// a browser or a country that the account has not been signed in from before.
// The very first sign-in is the owner's after the welcome, and tells nothing.
func (s *Service) Opened(ctx context.Context, ses session.Session, n session.New) error {
	if err := s.Returned(ctx, ses.AccountID, n.AMR); err != nil {
		return err
	}
	had, err := sightings(ctx, ses.AccountID)
	if err != nil {
		return wrap("look for earlier sign-ins", err)
	}
	browser, err := sight(ctx, ses.AccountID, byDevice, ses.DeviceID.String())
	if err != nil {
		return wrap("note the browser", err)
	}
	country := ""
	if s.Country != nil {
		country = s.Country(n.Network)
	}
	elsewhere := false
	if country != "" {
		if elsewhere, err = sight(ctx, ses.AccountID, byCountry, country); err != nil {
			return wrap("note the country", err)
		}
	}
	if browser && slices.Contains(had, byDevice) || elsewhere && slices.Contains(had, byCountry) {
		args := message.Facts(n.UserAgent, n.Network)
		args[message.ArgDevice] = ses.DeviceID.String()
		return s.Tell(ctx, Fact{AccountID: ses.AccountID, Kind: message.NewSignin, Args: args})
	}
	return nil
}
