package app

import (
	"context"
	"fmt"
	"path/filepath"

	"tilgang/internal/config"
	"tilgang/internal/invite"
	"tilgang/internal/message"
	"tilgang/internal/message/email"
	"tilgang/internal/message/practice"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/reset"
	"tilgang/templates"
)

// openMessages makes what sends: the practice mailbox or a mail server.
func (a *App) openMessages(context.Context) error {
	sender, err := a.sender()
	if err != nil {
		return err
	}
	a.onClose(sender.Close)
	renderer, err := render.New(templates.FS)
	if err != nil {
		return fmt.Errorf("load mail layout: %w", err)
	}
	s := &a.Services
	s.Messages = message.NewService(message.Config{
		DB: a.DB, Box: a.Box, Sender: sender, Renderer: renderer, Catalog: a.Catalog, Portal: a.Portal, Host: a.Config.HostParent(), Log: a.Log,
		Alone: a.Config.RedisURL == "", Count: func(channel, state string) { a.Metrics.Messages.WithLabelValues(channel, state).Inc() },
	})
	s.Invite = invite.NewService(invite.Config{DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Pool: s.Passwords, Limits: s.Limiter, Portal: a.Portal})
	s.Reset = reset.NewService(reset.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Attempts: s.Attempts, Sessions: s.Sessions, Pool: s.Passwords, Limiter: s.Limiter,
		Limits: reset.DefaultLimits(), Invitations: s.Invite, Counters: counters{a}, Portal: a.Portal, AlumniPortal: a.AlumniPortal,
	})
	return nil
}

func (a *App) sender() (email.Sender, error) {
	if a.Config.Mail != config.SMTPMail {
		box, err := practice.Open(filepath.Join(a.Config.DataDir, "practice"), practice.WithClock(a.DB.Clock()))
		if err != nil {
			return nil, fmt.Errorf("open the practice mailbox: %w", err)
		}
		a.Services.Mailbox = box
		return box, nil
	}
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

// tell writes one security mail to a person, in the open transaction.
func (a *App) tell(ctx context.Context, p people.Person, to, kind string, args map[string]string) error {
	return a.Services.Messages.Send(ctx, message.New{Kind: kind, PersonID: p.ID, To: to, Language: p.Language, Args: args})
}
