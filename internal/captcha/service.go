package captcha

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"tilgang/internal/captcha/siteverify"
	"tilgang/internal/db"
	"tilgang/internal/limit"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Limiter counts signs of trouble and bounds challenges; limit.Limiter is one.
type Limiter interface {
	Allow(ctx context.Context, r limit.Rule, key string) error
	Full(ctx context.Context, r limit.Rule, key string) bool
}

// Config is what the service needs.
type Config struct {
	DB        *db.DB
	Box       *secret.Box
	Limiter   Limiter
	Log       *slog.Logger
	Secrets   map[string]secret.Redacted // of outside verifiers, by the employer's slug
	Endpoints map[string]string          // in place of the providers' own, by provider; may lack any
	Cheap     bool                       // makes challenges quick to solve; tests only
}

// Service makes and judges robot checks; it is safe for many goroutines.
type Service struct {
	Config

	proofs  proofs
	client  *siteverify.Client
	resting resting
}

// New makes the service; it contacts nobody.
func New(c Config) *Service {
	rounds := cost
	if c.Cheap {
		rounds = 1
	}
	return &Service{Config: c, proofs: proofs{box: c.Box, clock: c.DB.Clock(), cost: rounds}, client: siteverify.New()}
}

// Judge tells what came with a form is worth, and uses the answer up, if there is
// one. The error is the database's.
func (s *Service) Judge(ctx context.Context, f Form) (Verdict, error) {
	age, sound := s.age(f)
	proven, err := s.proven(ctx, f, sound)
	switch {
	case err != nil:
		return Nothing, fmt.Errorf("judge the robot check: %w", err)
	case proven:
		return Proven, nil
	case sound && age >= Age:
		return Aged, nil
	}
	return Nothing, nil
}

// proven asks the employer's verifier and lets an answer count once. A verifier
// that tells no form is believed only beside a sound stamp of the form.
func (s *Service) proven(ctx context.Context, f Form, sound bool) (bool, error) {
	if f.Token == "" {
		return false, nil
	}
	a := s.ask(ctx, f)
	if !a.OK || (a.Host != f.Host && a.Host != withoutPort(f.Host)) {
		return false, nil
	}
	if a.Action != f.Action && (a.Action != "" || !sound) {
		return false, nil
	}
	var first bool
	err := s.DB.Tx(ctx, func(ctx context.Context) (err error) { first, err = use(ctx, a.ID, a.Until); return })
	return first, err
}

// ask is the verifier's answer; none, with an alarm in the log, from one that is
// down.
func (s *Service) ask(ctx context.Context, f Form) Answer {
	t := tenant.MustFrom(ctx)
	if s.resting.rests(t.Slug, s.DB.Now()) {
		return Answer{}
	}
	a, err := s.verifier(t).Verify(ctx, f.Token, f.IP)
	if err == nil || ctx.Err() != nil {
		return a
	}
	if s.resting.rest(t.Slug, s.DB.Now()) {
		s.Log.LogAttrs(ctx, slog.LevelError, "robot checks cannot be verified: limits are four times tighter meanwhile",
			slog.String("verifier", t.Captcha.Provider), slog.String("tenant", t.Slug), slog.String("error", err.Error()))
	}
	return Answer{}
}

// verifier is who judges an employer's tokens.
func (s *Service) verifier(t *tenant.Tenant) Verifier {
	p, ok := providerOf(t.Captcha.Provider)
	if !ok {
		return s.proofs
	}
	o := outside{provider: p, endpoint: p.endpoint, siteKey: t.Captcha.SiteKey, secret: s.Secrets[t.Slug], client: s.client, now: s.DB.Now}
	if own := s.Endpoints[t.Captcha.Provider]; own != "" {
		o.endpoint = own
	}
	return o
}

// Note counts a sign of trouble.
func (s *Service) Note(ctx context.Context, sign Sign, network string) {
	_ = s.Limiter.Allow(ctx, sign.network, network) // a full bucket is what is asked for later
	_ = s.Limiter.Allow(ctx, sign.tenant, tenant.MustFrom(ctx).ID.String())
}

// Trouble tells whether there were many signs of one kind from a network or in
// the whole tenant.
func (s *Service) Trouble(ctx context.Context, network string) bool {
	whole := tenant.MustFrom(ctx).ID.String()
	for _, sign := range []Sign{Wishes(), Failures()} {
		if s.Limiter.Full(ctx, sign.network, network) || s.Limiter.Full(ctx, sign.tenant, whole) {
			return true
		}
	}
	return false
}

// asked tells whether a form asks for the check now, by the employer's policy.
func (s *Service) asked(ctx context.Context, network string) bool {
	switch tenant.MustFrom(ctx).Captcha.Mode {
	case tenant.CaptchaAlways:
		return true
	case tenant.CaptchaAdaptive:
		return s.Trouble(ctx, network)
	case tenant.CaptchaOff:
	}
	return false
}

// Sweep deletes answers that could not be used again anyway, and tells how many.
func (s *Service) Sweep(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) { n, err = sweep(ctx, s.DB.Now().Add(-time.Minute)); return })
	if err != nil {
		return 0, fmt.Errorf("sweep robot checks: %w", err)
	}
	return n, nil
}

func withoutPort(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
