package signin

import (
	"context"

	"tilgang/internal/captcha"
	"tilgang/internal/limit"
	"tilgang/internal/tenant"
)

// room is what a try has taken from buckets, to be given back after the right
// password; the zero rooms are nobody's.
type room struct{ network, tenant limit.Rule }

// room takes a try from the buckets of the network and the tenant. When they are
// empty, others may have emptied them. A browser that has signed in to the
// address before goes on all the same: its failures are counted for itself. And
// so does whoever proves not to be a robot, as far as a further bucket goes; a
// form of a browser without script, as far as a quarter of that. The lock of an
// address is no limit of this kind and stays as it is.
func (s *Service) room(ctx context.Context, try Try) (room, error) {
	all := room{s.Limits.Network, s.Limits.Tenant}
	full := s.take(ctx, try, all)
	if full == nil {
		return all, nil
	}
	if known, err := s.knows(ctx, try); known || err != nil {
		return room{}, err
	}
	if tenant.MustFrom(ctx).Captcha.Mode == tenant.CaptchaOff {
		return room{}, full
	}
	verdict, err := s.Robots.Judge(ctx, try.Robot)
	if err != nil {
		return room{}, err
	}
	switch verdict {
	case captcha.Proven:
		all = all.further()
	case captcha.Aged:
		all = all.further()
		all.network, all.tenant = all.network.Quarter(), all.tenant.Quarter()
	case captcha.Nothing:
		return room{}, full
	}
	return all, s.take(ctx, try, all)
}

// further are buckets of the same size beside those.
func (r room) further() room {
	r.network.Name += ".further"
	r.tenant.Name += ".further"
	return r
}

// take takes a try from both buckets or from none.
func (s *Service) take(ctx context.Context, try Try, r room) error {
	if err := s.Limiter.Allow(ctx, r.network, try.Network); err != nil {
		return err
	}
	err := s.Limiter.Allow(ctx, r.tenant, tenant.MustFrom(ctx).ID.String())
	if err != nil {
		s.Limiter.Restore(ctx, r.network, try.Network)
	}
	return err
}

// giveBack puts back what a try took that turned out well.
func (s *Service) giveBack(ctx context.Context, try Try, r room) {
	s.Limiter.Restore(ctx, r.network, try.Network)
	s.Limiter.Restore(ctx, r.tenant, tenant.MustFrom(ctx).ID.String())
}

// knows tells whether the browser has signed in to the address before.
func (s *Service) knows(ctx context.Context, try Try) (bool, error) {
	if try.Device == "" {
		return false, nil
	}
	return s.Sessions.KnownDevice(ctx, try.Device, try.Attempt.AddressKey)
}
