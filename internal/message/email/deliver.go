package email

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// The stages of one mail on the line, in order.
const (
	stageMail    = "mail"
	stageRcpt    = "rcpt"
	stageData    = "data"
	stageContent = "content"
	stageAccept  = "accept"
)

// Replies that are about the line or about us, not about the mail
// (RFC 5321 3.8, RFC 4954 6).
const (
	codeClosing      = 421
	codeAuthRequired = 530
	codeAuthInvalid  = 535
	codeEncryptFirst = 538
)

var (
	enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)
	queued   = regexp.MustCompile(`(?i)queued (?:mail for delivery )?as ([A-Za-z0-9._-]{1,100})`)
)

// envelope is a mail ready for the line.
type envelope struct {
	from, to string
	id       string
	raw      []byte
	utf8     bool // an address has letters outside ASCII (RFC 6531)
}

func (s *SMTP) envelope(m Mail) (envelope, error) {
	raw, err := m.MIME(s.config.Clock.Now())
	if err != nil {
		return envelope{}, err
	}
	from, _ := wire(m.From) // MIME has refused the ones that fail
	to, _ := wire(m.To)
	utf8 := !ascii(from) || !ascii(to) || !ascii(m.ReplyTo)
	return envelope{from: from, to: to, id: m.MessageID(), raw: raw, utf8: utf8}, nil
}

// deliver speaks one mail. Until the final dot nothing can have been accepted;
// after it only the relay's answer tells.
func (c *conn) deliver(ctx context.Context, e envelope) (Receipt, error) {
	defer c.bound(ctx)()
	if offered, _ := c.smtp.Extension("SMTPUTF8"); e.utf8 && !offered {
		return Receipt{}, Refuse(Permanent, stageMail, errors.New("the relay takes no address outside ASCII"))
	}
	c.smtp.SkipSMTPUTF8(!e.utf8)
	if err := c.smtp.Mail("<" + e.from + ">"); err != nil {
		return Receipt{}, failed(ctx, stageMail, err)
	}
	if err := c.smtp.Rcpt("<" + e.to + ">"); err != nil {
		return Receipt{}, failed(ctx, stageRcpt, err)
	}
	return c.content(ctx, e)
}

func (c *conn) content(ctx context.Context, e envelope) (Receipt, error) {
	body, err := c.smtp.Data()
	if err != nil {
		return Receipt{}, failed(ctx, stageData, err)
	}
	if _, err := body.Write(e.raw); err != nil {
		return Receipt{}, failed(ctx, stageContent, err)
	}
	if err := body.Close(); err != nil {
		return Receipt{}, failed(ctx, stageAccept, err)
	}
	return receipt(body, e.id), nil
}

// receipt takes the relay's queue id out of its answer, for whoever has to ask
// the relay's operator; else our own Message-ID stands for the mail.
func receipt(body any, id string) Receipt {
	if answer, ok := body.(interface{ ServerResponse() string }); ok {
		if found := queued.FindStringSubmatch(answer.ServerResponse()); found != nil {
			return Receipt{ProviderID: found[1]}
		}
	}
	return Receipt{ProviderID: id}
}

// failed turns what happened at a stage into an outcome.
func failed(ctx context.Context, stage string, err error) *Error {
	var reply *textproto.Error
	if !errors.As(err, &reply) || reply.Code < 400 || reply.Code > 599 {
		return Refuse(silent(stage), stage, because(ctx, err))
	}
	e := Refuse(Permanent, stage, errors.New(said(reply)))
	e.Code = reply.Code
	e.Enhanced = enhanced.FindString(reply.Msg)
	if reply.Code < 500 || slices.Contains([]int{codeAuthRequired, codeAuthInvalid, codeEncryptFirst}, reply.Code) {
		e.Outcome = Retry
	}
	return e
}

func silent(stage string) Outcome {
	if stage == stageAccept {
		return Unknown
	}
	return Retry
}

// because puts the context's reason in front: "deadline exceeded" says more
// than the broken line that it made.
func because(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("%w: %w", context.Cause(ctx), err)
}

// said is the relay's answer on one line of at most 300 letters, for a log.
func said(reply *textproto.Error) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, reply.Msg)
	if letters := []rune(line); len(letters) > 300 {
		line = string(letters[:300])
	}
	return fmt.Sprintf("%d %s", reply.Code, line)
}

func lists(offered, mechanism string) bool {
	return slices.Contains(strings.Fields(strings.ToUpper(offered)), mechanism)
}
