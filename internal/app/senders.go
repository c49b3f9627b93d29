package app

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/alumni"
	"tilgang/internal/config"
	"tilgang/internal/factor"
	"tilgang/internal/invite"
	"tilgang/internal/magiclink"
	"tilgang/internal/message"
	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
	"tilgang/internal/message/pinpoint"
	"tilgang/internal/message/practice"
	"tilgang/internal/message/render"
	"tilgang/internal/message/ses"
	"tilgang/internal/message/sms"
	"tilgang/internal/message/sns"
	"tilgang/internal/message/voice"
	"tilgang/internal/notme"
	"tilgang/internal/people"
	"tilgang/internal/recovery"
	"tilgang/internal/register"
	"tilgang/internal/reset"
	"tilgang/internal/security"
	"tilgang/internal/tenant"
	"tilgang/templates"
)

// openMessages makes what sends: the practice mailbox or a mail server.
func (a *App) openMessages(ctx context.Context) error {
	sender, err := a.sender(ctx)
	if err != nil {
		return err
	}
	a.onClose(sender.Close)
	carrier, err := a.carrier(ctx)
	if err != nil {
		return err
	}
	a.onClose(carrier.Close)
	caller, err := a.caller(ctx)
	if err != nil {
		return err
	}
	a.onClose(caller.Close)
	renderer, err := render.New(templates.FS)
	if err != nil {
		return fmt.Errorf("load mail layout: %w", err)
	}
	s := &a.Services
	s.Messages = message.NewService(message.Config{
		DB: a.DB, Box: a.Box, Sender: sender, Texts: carrier, Calls: caller, Renderer: renderer, Catalog: a.Catalog, Portal: a.Portal, Country: a.Places.Country, Host: a.Config.HostParent(), Log: a.Log,
		Alone: a.Config.RedisURL == "", Count: func(channel, state string) { a.Metrics.Messages.WithLabelValues(channel, state).Inc() },
	})
	for _, k := range s.Phones.MessageKinds() {
		s.Messages.Register(k)
	}
	s.Alumni = alumni.NewService(alumni.Config{DB: a.DB, Messages: s.Messages, Owes: s.Signin.Next, Portal: a.Portal, AlumniPortal: a.AlumniPortal})
	s.Invite = invite.NewService(invite.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Pool: s.Passwords, Limits: s.Limiter, Throttle: s.Throttle,
		Notices: notices{a}, Portal: a.Portal, Texts: a.carries(),
	})
	s.Reset = reset.NewService(reset.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Sessions: s.Sessions, Pool: s.Passwords, Limiter: s.Limiter, Robots: s.Robots,
		Limits: reset.DefaultLimits(), Invitations: s.Invite, Counters: counters{a}, Quotas: s.Throttle, Enrolments: s.Factors, Notices: notices{a},
		Phones: s.Phones, Texts: a.carries(), Portal: a.Portal, AlumniPortal: a.AlumniPortal, Ended: s.Alumni.TellClosed,
	})
	s.NotMe = notme.NewService(notme.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Sessions: s.Sessions, Factors: s.Factors, Throttle: s.Throttle, Limiter: s.Limiter, Portal: a.Portal, Country: a.Places.Country,
		Texts: a.carries(),
	})
	s.Magiclink = magiclink.NewService(magiclink.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Limiter: s.Limiter, Limits: magiclink.DefaultLimits(), Robots: s.Robots,
		Invitations: s.Invite, Portal: a.Portal, AlumniPortal: a.AlumniPortal, Ended: s.Alumni.TellClosed,
	})
	a.openSecurity()
	s.Recovery = recovery.NewService(recovery.Config{
		DB: a.DB, Box: a.Box, Policy: s.Policy, Factors: s.Factors, Phones: s.Phones, Attempts: s.Attempts, Throttle: s.Throttle,
		Limiter: s.Limiter, Messages: s.Messages, Banner: notices{a}, Portal: a.Portal,
	})
	s.Factors.Recoveries, s.Mfa.ByEID = s.Recovery, s.Recovery.MayByEID
	a.openIdentities()
	a.openRegister()
	a.openMyData()
	return nil
}

// openRegister makes the pages by which those who have left come in by
// themselves.
func (a *App) openRegister() {
	s := &a.Services
	s.Register = register.NewService(register.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Sessions: s.Sessions, Factors: s.Factors, Phones: s.Phones, Pool: s.Passwords,
		Limiter: s.Limiter, Robots: s.Robots, Limits: register.DefaultLimits(), Quotas: s.Throttle, Invitations: s.Invite, Counters: counters{a}, Notices: notices{a},
		Portal: a.Portal, AlumniPortal: a.AlumniPortal,
	})
}

// openSecurity makes the pages by which people look after their own way in.
func (a *App) openSecurity() {
	s := &a.Services
	s.Security = security.New(security.Deps{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Factors: s.Factors, Phones: s.Phones, Attempts: s.Attempts, Sessions: s.Sessions,
		Throttle: s.Throttle, Passwords: s.Passwords, Notices: notices{a}, Portal: a.Portal, Country: a.Places.Country, Carries: a.carries(),
	})
}

func (a *App) sender(ctx context.Context) (email.Sender, error) {
	switch a.Config.Mail {
	case config.SMTPMail:
		return a.relay()
	case config.SESMail:
		cfg, err := cloud.Open(ctx, cloud.Options{Endpoint: a.Config.AWS.SESEndpoint})
		if err != nil {
			return nil, fmt.Errorf("prepare SES: %w", err)
		}
		s := ses.New(cfg, ses.Options{ConfigurationSet: a.Config.AWS.SESConfigurationSet, Clock: a.DB.Clock()})
		a.signs["mail can be signed"] = s.Ready
		return s, nil
	case config.Practice:
	}
	return a.practiceBox()
}

// practiceBox is the practice mailbox, opened once: mails and texts share it.
func (a *App) practiceBox() (*practice.Mailbox, error) {
	if a.Services.Mailbox != nil {
		return a.Services.Mailbox, nil
	}
	box, err := practice.Open(filepath.Join(a.Config.DataDir, "practice"), practice.WithClock(a.DB.Clock()))
	if err != nil {
		return nil, fmt.Errorf("open the practice mailbox: %w", err)
	}
	a.Services.Mailbox = box
	return box, nil
}

func (a *App) relay() (email.Sender, error) {
	c := a.Config.SMTP
	security := map[config.TLS]email.Security{config.StartTLS: email.StartTLS, config.ImplicitTLS: email.TLS, config.NoTLS: email.Plain}
	sender, err := email.NewSMTP(email.SMTPConfig{
		Host: c.Host, Port: c.Port, Security: security[c.TLS], Username: c.User, Password: c.Password.Plain(),
		Connections: c.Connections, Timeout: c.Timeout, Clock: a.DB.Clock(),
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the mail server: %w", err)
	}
	return sender, nil
}

// textTimeout is how long SNS may take: a person waits for the code, and so does
// the security mail behind it.
const textTimeout = 10 * time.Second

// carrier is what text messages go by.
func (a *App) carrier(ctx context.Context) (sms.Sender, error) {
	switch {
	case a.Config.SMS == config.SNS:
		cfg, err := cloud.Open(ctx, cloud.Options{Endpoint: a.Config.AWS.SNSEndpoint, Timeout: textTimeout})
		if err != nil {
			return nil, fmt.Errorf("prepare SNS: %w", err)
		}
		s := sns.New(cfg, sns.Options{MaxPrice: a.Config.AWS.SMSMaxPrice})
		a.signs["text messages can be signed"] = s.Ready
		return s, nil
	case a.carries():
		box, err := a.practiceBox()
		if err != nil {
			return nil, err
		}
		return box.Texts(), nil
	}
	return sms.Nobody{}, nil
}

// caller is who makes calls.
func (a *App) caller(ctx context.Context) (voice.Sender, error) {
	switch a.Config.Voice {
	case config.AWSVoice:
		cfg, err := cloud.Open(ctx, cloud.Options{Endpoint: a.Config.AWS.VoiceEndpoint, Timeout: textTimeout})
		if err != nil {
			return nil, fmt.Errorf("prepare calls: %w", err)
		}
		s := pinpoint.New(cfg, pinpoint.Options{Origin: a.Config.AWS.VoiceOrigin, MaxPrice: a.Config.AWS.VoiceMaxPrice})
		a.signs["calls can be signed"] = s.Ready
		return s, nil
	case config.PracticeVoice:
		box, err := a.practiceBox()
		if err != nil {
			return nil, err
		}
		return box.Calls(), nil
	case config.NoVoice:
	}
	return voice.Nobody{}, nil
}

// carries tells whether text messages go anywhere.
func (a *App) carries() bool { return a.Config.SMS != config.NoSMS }

// channels are the ways by which a code can reach the phone of an account.
func (a *App) channels(ctx context.Context, accountID uuid.UUID) ([]string, error) {
	if a.Config.Voice == config.NoVoice {
		return a.channelsIn(ctx, ""), nil
	}
	p, err := personOf(ctx, accountID)
	if err != nil {
		return nil, err
	}
	return a.channelsIn(ctx, p.Language), nil
}

// channelsIn are the ways by which a code can reach whoever reads a language: no
// call where nobody makes them, or the language of its words has no voice.
func (a *App) channelsIn(ctx context.Context, language string) (list []string) {
	if a.carries() {
		list = append(list, factor.SMS)
	}
	if a.Config.Voice == config.NoVoice {
		return list
	}
	t := tenant.MustFrom(ctx)
	if a.speaks(a.Catalog.MatchIn(t.Languages, language, t.Languages[0])) {
		list = append(list, factor.Voice)
	}
	return list
}

// speaks tells whether this installation calls people, and has a voice in a
// language.
func (a *App) speaks(lang string) bool {
	_, spoken := voice.For(lang)
	return spoken && a.Config.Voice != config.NoVoice
}

func personOf(ctx context.Context, accountID uuid.UUID) (people.Person, error) {
	acc, err := account.ByID(ctx, accountID)
	if err != nil {
		return people.Person{}, err
	}
	return people.ByID(ctx, acc.PersonID)
}

// texts writes text messages and calls to phones, in the open transaction; nil
// where nobody carries either.
func (a *App) texts() func(ctx context.Context, t factor.Text) error {
	if !a.carries() && a.Config.Voice == config.NoVoice {
		return nil
	}
	return func(ctx context.Context, t factor.Text) error {
		p := people.Person{Language: t.Language}
		if t.AccountID != uuid.Nil {
			var err error
			if p, err = personOf(ctx, t.AccountID); err != nil {
				return err
			}
		}
		n := message.New{Kind: t.Kind, PersonID: p.ID, To: t.To, Language: p.Language, Args: map[string]string{factor.ArgHost: t.Host}}
		if t.RefID != uuid.Nil {
			n.RefID = &t.RefID
		}
		return a.Services.Messages.Send(ctx, n)
	}
}
