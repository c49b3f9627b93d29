package app

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/config"
	"tilgang/internal/factor"
	"tilgang/internal/invite"
	"tilgang/internal/message"
	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
	"tilgang/internal/message/practice"
	"tilgang/internal/message/render"
	"tilgang/internal/message/ses"
	"tilgang/internal/message/sms"
	"tilgang/internal/message/sns"
	"tilgang/internal/people"
	"tilgang/internal/reset"
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
	renderer, err := render.New(templates.FS)
	if err != nil {
		return fmt.Errorf("load mail layout: %w", err)
	}
	s := &a.Services
	s.Messages = message.NewService(message.Config{
		DB: a.DB, Box: a.Box, Sender: sender, Texts: carrier, Renderer: renderer, Catalog: a.Catalog, Portal: a.Portal, Country: a.Places.Country, Host: a.Config.HostParent(), Log: a.Log,
		Alone: a.Config.RedisURL == "", Count: func(channel, state string) { a.Metrics.Messages.WithLabelValues(channel, state).Inc() },
	})
	for _, k := range s.Phones.MessageKinds() {
		s.Messages.Register(k)
	}
	s.Invite = invite.NewService(invite.Config{DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Pool: s.Passwords, Limits: s.Limiter, Portal: a.Portal})
	s.Reset = reset.NewService(reset.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Sessions: s.Sessions, Pool: s.Passwords, Limiter: s.Limiter,
		Limits: reset.DefaultLimits(), Invitations: s.Invite, Counters: counters{a}, Portal: a.Portal, AlumniPortal: a.AlumniPortal,
	})
	return nil
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

// carries tells whether text messages go anywhere.
func (a *App) carries() bool { return a.Config.SMS != config.NoSMS }

// texts writes text messages to phones, in the open transaction; nil where
// nobody carries them.
func (a *App) texts() func(ctx context.Context, t factor.Text) error {
	if !a.carries() {
		return nil
	}
	return func(ctx context.Context, t factor.Text) error {
		acc, err := account.ByID(ctx, t.AccountID)
		if err != nil {
			return err
		}
		p, err := people.ByID(ctx, acc.PersonID)
		if err != nil {
			return err
		}
		n := message.New{Kind: t.Kind, PersonID: p.ID, To: t.To, Language: p.Language, Args: map[string]string{factor.ArgHost: t.Host}}
		if t.RefID != uuid.Nil {
			n.RefID = &t.RefID
		}
		return a.Services.Messages.Send(ctx, n)
	}
}

// tell writes one security mail to a person, in the open transaction.
func (a *App) tell(ctx context.Context, p people.Person, to, kind string, args map[string]string) error {
	return a.Services.Messages.Send(ctx, message.New{Kind: kind, PersonID: p.ID, To: to, Language: p.Language, Args: args})
}
