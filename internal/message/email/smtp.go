package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"tilgang/internal/clock"
)

// Security is how the way to the relay is protected.
type Security string

// The ways. StartTLS asks for it and refuses a relay that does not offer it.
const (
	Plain    Security = "none"
	StartTLS Security = "starttls"
	TLS      Security = "tls"
)

// SMTPConfig says where the relay is and how many lines to keep open to it.
type SMTPConfig struct {
	Host        string
	Port        int
	Security    Security // required; a password is refused with Plain
	Username    string   // empty: no authentication
	Password    string
	Hello       string        // our name in EHLO; default "localhost"
	Connections int           // kept at most; 1 to 200, default 8
	Timeout     time.Duration // of one send; default 30 s
	Idle        time.Duration // a connection unused for longer is closed; default 60 s, relays allow 5 min (RFC 5321 4.5.3.2.7)
	TLS         *tls.Config   // default: the system's roots, the host's name, TLS 1.2 and up
	Clock       clock.Clock   // for the Date header; default the system's
}

// ErrClosed is the cause after Close.
var ErrClosed = errors.New("mail sender is closed")

// SMTP sends through a relay over connections that it keeps.
type SMTP struct {
	config SMTPConfig
	pool   *pool
}

// NewSMTP checks the settings; it dials on the first send.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	c = c.withDefaults()
	switch {
	case c.Host == "" || c.Port < 1 || c.Port > 65535:
		return nil, errors.New("smtp: host and port are required")
	case c.Security != Plain && c.Security != StartTLS && c.Security != TLS:
		return nil, fmt.Errorf("smtp: security %q is none of none, starttls, tls", c.Security)
	case c.Security == Plain && c.Username != "":
		return nil, errors.New("smtp: a password is only sent over tls")
	case c.Connections < 1 || c.Connections > 200:
		return nil, errors.New("smtp: connections must be 1 to 200")
	}
	return &SMTP{config: c, pool: newPool(c.Connections, c.Idle)}, nil
}

func (c SMTPConfig) withDefaults() SMTPConfig {
	if c.Hello == "" {
		c.Hello = "localhost"
	}
	if c.Connections == 0 {
		c.Connections = 8
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Idle <= 0 {
		c.Idle = time.Minute
	}
	if c.TLS == nil {
		c.TLS = &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
	}
	if c.Clock == nil {
		c.Clock = &clock.System{}
	}
	return c
}

func (c SMTPConfig) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Send hands one mail over. It waits for a free connection as long as ctx
// allows and then takes at most the configured timeout.
func (s *SMTP) Send(ctx context.Context, m Mail) (Receipt, error) {
	e, err := s.envelope(m)
	if err != nil {
		return Receipt{}, Refuse(Permanent, "check", err)
	}
	if err := s.pool.enter(ctx); err != nil {
		return Receipt{}, Refuse(Retry, "wait", err)
	}
	defer s.pool.leave()
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	return s.attempt(ctx, e)
}

// attempt tries a kept connection and, when the relay had closed that one
// meanwhile, once more on a new one: the closed one has accepted nothing.
func (s *SMTP) attempt(ctx context.Context, e envelope) (Receipt, error) {
	if kept := s.pool.take(); kept != nil {
		receipt, err := s.deliver(ctx, kept, e)
		if !stale(ctx, err) {
			return receipt, err
		}
	}
	c, err := s.dial(ctx)
	if err != nil {
		return Receipt{}, Refuse(Retry, "connect", err)
	}
	return s.deliver(ctx, c, e)
}

// stale is a connection that ended before the mail was accepted: by a broken
// line, or by 421, with which a relay says that it is closing (RFC 5321 3.8).
func stale(ctx context.Context, err error) bool {
	var e *Error
	if ctx.Err() != nil || !errors.As(err, &e) || e.Outcome != Retry {
		return false
	}
	return e.Code == 0 || e.Code == codeClosing
}

func (s *SMTP) deliver(ctx context.Context, c *conn, e envelope) (Receipt, error) {
	receipt, err := c.deliver(ctx, e)
	if c.usable(ctx, err) {
		s.pool.put(c)
	} else {
		c.drop()
	}
	return receipt, err
}

// Close ends the kept connections; sends under way finish, later ones are
// refused with ErrClosed and the outcome Retry.
func (s *SMTP) Close() error {
	s.pool.close()
	return nil
}
