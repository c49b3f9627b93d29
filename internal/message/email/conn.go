package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// conn is one connection to the relay, used by one send at a time.
type conn struct {
	wire net.Conn
	smtp *smtp.Client
	used time.Time
	cut  bool // a cancelled send touched the deadline; the line is not used again
}

// dial connects, protects the line and signs in, all before ctx's deadline.
func (s *SMTP) dial(ctx context.Context) (*conn, error) {
	wire, err := new(net.Dialer).DialContext(ctx, "tcp", s.config.address())
	if err != nil {
		return nil, err
	}
	c := &conn{wire: wire}
	defer c.bound(ctx)()
	if err := c.greet(s.config); err != nil {
		c.drop()
		return nil, because(ctx, err)
	}
	return c, nil
}

func (c *conn) greet(config SMTPConfig) error {
	line := c.wire
	if config.Security == TLS {
		line = tls.Client(c.wire, config.TLS)
	}
	var err error
	if c.smtp, err = smtp.NewClient(line, config.Host); err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	if err := c.smtp.Hello(config.Hello); err != nil {
		return fmt.Errorf("hello: %w", err)
	}
	if err := c.protect(config); err != nil {
		return fmt.Errorf("starttls: %w", err)
	}
	return c.signIn(config)
}

func (c *conn) protect(config SMTPConfig) error {
	if config.Security != StartTLS {
		return nil
	}
	if offered, _ := c.smtp.Extension("STARTTLS"); !offered {
		return errors.New("the relay does not offer it")
	}
	return c.smtp.StartTLS(config.TLS)
}

// signIn uses PLAIN, or LOGIN where the relay only has that one.
func (c *conn) signIn(config SMTPConfig) error {
	if config.Username == "" {
		return nil
	}
	_, offered := c.smtp.Extension("AUTH")
	how := smtp.PlainAuth("", config.Username, config.Password, config.Host, false)
	if !lists(offered, "PLAIN") && lists(offered, "LOGIN") {
		how = smtp.LoginAuth(config.Username, config.Password, config.Host, false)
	}
	if err := c.smtp.Auth(how); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return nil
}

// bound gives the line ctx's deadline and ends what is under way when ctx is
// cancelled; the returned function must be called when ctx stops to matter.
func (c *conn) bound(ctx context.Context) func() {
	deadline, _ := ctx.Deadline()
	_ = c.wire.SetDeadline(deadline)
	stop := context.AfterFunc(ctx, func() { _ = c.wire.SetDeadline(time.Unix(1, 0)) })
	return func() { c.cut = c.cut || !stop() }
}

// usable tells whether the next mail may go over this line: after a success, or
// after a plain refusal once the relay has forgotten the refused mail.
func (c *conn) usable(ctx context.Context, err error) bool {
	if c.cut || ctx.Err() != nil {
		return false
	}
	if err == nil {
		return true
	}
	var e *Error
	if !errors.As(err, &e) || e.Code == 0 || e.Code == codeClosing {
		return false
	}
	return c.smtp.Reset() == nil
}

func (c *conn) drop() { _ = c.wire.Close() }

// quit says goodbye for at most two seconds.
func (c *conn) quit() {
	_ = c.wire.SetDeadline(time.Now().Add(2 * time.Second))
	_ = c.smtp.Quit()
	c.drop()
}
