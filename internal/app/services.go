package app

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/alumni"
	"tilgang/internal/attempt"
	"tilgang/internal/authz"
	"tilgang/internal/captcha"
	"tilgang/internal/console"
	"tilgang/internal/document"
	"tilgang/internal/factor"
	"tilgang/internal/federation"
	"tilgang/internal/invite"
	"tilgang/internal/limit"
	"tilgang/internal/magiclink"
	"tilgang/internal/manager"
	"tilgang/internal/message"
	"tilgang/internal/message/practice"
	"tilgang/internal/mfa"
	"tilgang/internal/mydata"
	"tilgang/internal/notme"
	"tilgang/internal/outbox"
	"tilgang/internal/password"
	"tilgang/internal/people"
	"tilgang/internal/practice/eid"
	"tilgang/internal/profile"
	"tilgang/internal/proofing"
	"tilgang/internal/recovery"
	"tilgang/internal/register"
	"tilgang/internal/reset"
	"tilgang/internal/roster"
	"tilgang/internal/security"
	"tilgang/internal/session"
	"tilgang/internal/signin"
	"tilgang/internal/throttle"
)

// Services are the use cases, made once.
type Services struct {
	Policy    *authz.Policy
	Passwords *password.Pool
	Limiter   *limit.Limiter
	Throttle  *throttle.Service
	Robots    *captcha.Service
	Attempts  *attempt.Service
	Sessions  *session.Service
	Factors   *factor.Service
	Phones    *factor.Phones
	Roster    *roster.Service
	Documents *document.Service
	Signin    *signin.Service
	Mfa       *mfa.Service
	Messages  *message.Service
	Invite    *invite.Service
	Security  *security.Service
	Profile   *profile.Service
	People    *people.Service
	Recovery  *recovery.Service
	Register  *register.Service
	Proofing  *proofing.Service
	Providers *federation.Service
	EID       *eid.Provider // the demonstration's electronic identity; nil elsewhere
	Reset     *reset.Service
	Magiclink *magiclink.Service
	Manager   *manager.Service
	MyData    *mydata.Service
	NotMe     *notme.Service
	Alumni    *alumni.Service
	Mailbox   *practice.Mailbox // nil where a mail server sends
}

func (a *App) openServices(ctx context.Context) error {
	policy, err := authz.LoadPolicy()
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	s := &a.Services
	s.Policy = policy
	s.Passwords = password.NewPool(password.PoolConfig{Pepper: a.Box.Pepper(), Params: a.hashParams()})
	s.Limiter = limit.New(a.redis, a.DB.Clock(), a.Log)
	s.Throttle = throttle.New(a.DB)
	s.Robots = captcha.New(captcha.Config{
		DB: a.DB, Box: a.Box, Limiter: s.Limiter, Log: a.Log, Secrets: a.Config.Captcha.Secrets, Endpoints: a.Config.Captcha.Endpoints, Cheap: a.opt.Cheap,
	})
	s.Attempts = attempt.NewService(a.DB, a.Box)
	s.Sessions = session.NewService(a.DB, s.Attempts, a.Log)
	a.onClose(s.Sessions.Close)
	s.Factors = factor.New(a.DB, a.Box, s.Throttle, account.RenewFactors)
	s.Phones = factor.NewPhones(s.Factors, factor.PhoneOptions{Text: a.texts(), Channels: a.channels, Newcomers: a.channelsIn, Limiter: s.Limiter, Log: a.Log})
	s.Roster = roster.New(a.DB, a.Box, a.Log)
	if err := a.openDocuments(ctx); err != nil {
		return err
	}
	s.Signin = signin.New(signin.Deps{
		DB: a.DB, Box: a.Box, Attempts: s.Attempts, Sessions: s.Sessions, Throttle: s.Throttle,
		Limiter: s.Limiter, Passwords: s.Passwords, Factors: s.Factors, Notices: notices{a}, Robots: s.Robots, Limits: signin.DefaultLimits(),
		Returned: func(ctx context.Context, id uuid.UUID, amr []string) error { return s.NotMe.Returned(ctx, id, amr) },
	})
	s.Mfa = mfa.New(a.DB, s.Phones, s.Attempts, notices{a})
	s.People = people.NewService(a.DB, a.Box)
	s.Manager = manager.New(manager.Deps{DB: a.DB, Policy: policy, People: s.People, Passwords: passwords{a}, Locks: locks{a}})
	s.Profile = profile.New(profile.Deps{DB: a.DB, Offers: a.Catalog.Has, SetLanguage: people.SetLanguage})
	a.Kit.Frame = (&console.Frame{Policy: policy, Box: a.Box}).Fill
	return nil
}

// hashParams are argon2id's costs; tests hash cheaply.
func (a *App) hashParams() password.Params {
	if a.opt.Cheap {
		return password.Params{MemoryKiB: 64, Time: 1, Threads: 1}
	}
	return password.DefaultParams()
}

// Worker does what the outbox asks.
func (a *App) Worker() *outbox.Worker {
	kinds := map[string]outbox.Kind{}
	for _, k := range a.outboxKinds() {
		kinds[k.Name] = k
	}
	return &outbox.Worker{DB: a.DB, Kinds: kinds, Enter: a.Directory.EnterID, Log: a.Log}
}
