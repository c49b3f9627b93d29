package sns

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
	"tilgang/internal/message/sms"
)

// MaxPrice is the most that one part of a text may cost, in US dollars (ours:
// above what ordinary mobile numbers of our countries cost, below premium
// ones).
const MaxPrice = "0.25"

// Options are what the installation decides.
type Options struct{ MaxPrice string } // US dollars a part; empty: MaxPrice

// Sender hands texts to SNS.
type Sender struct {
	client *awssns.Client
	config aws.Config
	price  string
	closed atomic.Bool
}

var _ sms.Sender = (*Sender)(nil)

// New makes a Sender on an opened connection.
func New(cfg aws.Config, opt Options) *Sender {
	if opt.MaxPrice == "" {
		opt.MaxPrice = MaxPrice
	}
	return &Sender{client: awssns.NewFromConfig(cfg), config: cfg, price: opt.MaxPrice}
}

// Send hands one text over, once; the receipt is the id of SNS.
func (s *Sender) Send(ctx context.Context, t sms.Text) (email.Receipt, error) {
	if s.closed.Load() {
		return email.Receipt{}, email.Refuse(email.Retry, "wait", email.ErrClosed)
	}
	if err := t.Check(); err != nil {
		return email.Receipt{}, email.Refuse(email.Permanent, "check", err)
	}
	if err := cloud.Before(ctx); err != nil {
		return email.Receipt{}, err
	}
	answer, err := s.client.Publish(ctx, s.call(t))
	if err != nil {
		return email.Receipt{}, cloud.Refusal(ctx, err)
	}
	if id := aws.ToString(answer.MessageId); id != "" {
		return email.Receipt{ProviderID: id}, nil
	}
	return email.Receipt{}, email.Refuse(email.Unknown, "accept", errors.New("SNS took the text without an id"))
}

func (s *Sender) call(t sms.Text) *awssns.PublishInput {
	with := map[string]types.MessageAttributeValue{
		"AWS.SNS.SMS.SMSType":  text("Transactional"),
		"AWS.SNS.SMS.MaxPrice": {DataType: aws.String("Number"), StringValue: aws.String(s.price)},
		"tilgang.id":           text(t.ID),
	}
	switch {
	case strings.HasPrefix(t.From, "+"):
		with["AWS.MM.SMS.OriginationNumber"] = text(t.From)
	case t.From != "" && takesNames(t.To):
		with["AWS.SNS.SMS.SenderID"] = text(strings.ReplaceAll(t.From, " ", "-"))
	}
	return &awssns.PublishInput{PhoneNumber: aws.String(t.To), Message: aws.String(t.Body), MessageAttributes: with}
}

func text(s string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(s)}
}

// nameless are the calling codes of countries whose networks refuse, or replace,
// a sender that is a name, or take one only once it is registered (AWS's table
// of supported countries).
const nameless = "+1 +7 +20 +27 +32 +33 +36 +40 +51 +52 +54 +55 +56 +57 +58 +60 +62 +63 +64 +66 +81 +82 +84 +86 +90 +91 +92 +94 +420 +852 +886 +962 +965 +966 +971 +974"

// takesNames tells whether a number's country lets a name stand as sender.
func takesNames(to string) bool {
	for _, code := range strings.Fields(nameless) {
		if strings.HasPrefix(to, code) {
			return false
		}
	}
	return true
}

// Ready tells whether calls can be signed.
func (s *Sender) Ready(ctx context.Context) error {
	if err := cloud.Ready(ctx, s.config); err != nil {
		return fmt.Errorf("SNS: %w", err)
	}
	return nil
}

// Close makes the Sender take no further text.
func (s *Sender) Close() error {
	s.closed.Store(true)
	return nil
}
