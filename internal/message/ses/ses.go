package ses

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"tilgang/internal/clock"
	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
)

// Options are what the installation decides.
type Options struct {
	ConfigurationSet string      // for tenants without one of their own; may be empty
	Clock            clock.Clock // for the Date header
}

// Sender hands mails to SES.
type Sender struct {
	client *sesv2.Client
	config aws.Config
	opt    Options
	closed atomic.Bool
}

var _ email.Sender = (*Sender)(nil)

// Header is the header in which our id of the mail travels.
const Header = "X-Tilgang-Id"

// New makes a Sender on an opened connection.
func New(cfg aws.Config, opt Options) *Sender {
	return &Sender{client: sesv2.NewFromConfig(cfg), config: cfg, opt: opt}
}

// Send hands one mail over, once; the receipt is the id of SES.
func (s *Sender) Send(ctx context.Context, m email.Mail) (email.Receipt, error) {
	if s.closed.Load() {
		return email.Receipt{}, email.Refuse(email.Retry, "wait", email.ErrClosed)
	}
	call, err := s.call(m)
	if err != nil {
		return email.Receipt{}, email.Refuse(email.Permanent, "check", err)
	}
	if err := cloud.Before(ctx); err != nil {
		return email.Receipt{}, err
	}
	answer, err := s.client.SendEmail(ctx, call)
	if err != nil {
		return email.Receipt{}, cloud.Refusal(ctx, err)
	}
	if id := aws.ToString(answer.MessageId); id != "" {
		return email.Receipt{ProviderID: id}, nil
	}
	return email.Receipt{}, email.Refuse(email.Unknown, "accept", errors.New("SES took the mail without an id"))
}

func (s *Sender) call(m email.Mail) (*sesv2.SendEmailInput, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	m.Headers = maps.Clone(m.Headers)
	if m.Headers == nil {
		m.Headers = map[string]string{}
	}
	m.Headers[Header] = m.ID
	raw, err := m.MIME(s.opt.Clock.Now())
	if err != nil {
		return nil, err
	}
	set := m.Stream
	if set == "" {
		set = s.opt.ConfigurationSet
	}
	// Sender and recipient are those of the headers, of which Check allows one
	// each: two places could disagree.
	call := &sesv2.SendEmailInput{Content: &types.EmailContent{Raw: &types.RawMessage{Data: raw}}, EmailTags: tags(m)}
	if set != "" {
		call.ConfigurationSetName = aws.String(set)
	}
	return call, nil
}

// tags are repeated in the reports of SES. None of them is personal.
func tags(m email.Mail) []types.MessageTag {
	list := []types.MessageTag{{Name: aws.String("tilgang-id"), Value: aws.String(m.ID)}}
	for name, value := range map[string]string{"tilgang-tenant": m.Tenant, "tilgang-kind": m.Kind} {
		if value != "" {
			list = append(list, types.MessageTag{Name: aws.String(name), Value: aws.String(value)})
		}
	}
	return list
}

// Ready tells whether calls can be signed.
func (s *Sender) Ready(ctx context.Context) error {
	if err := cloud.Ready(ctx, s.config); err != nil {
		return fmt.Errorf("SES: %w", err)
	}
	return nil
}

// Close makes the Sender take no further mail.
func (s *Sender) Close() error {
	s.closed.Store(true)
	return nil
}
