package pinpoint

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"tilgang/internal/message/cloud"
	"tilgang/internal/message/email"
	"tilgang/internal/message/voice"
)

// MaxPrice is the most that one minute of a call may cost, in US dollars (ours:
// above what ordinary mobile numbers of our countries cost, below premium
// ones).
const MaxPrice = "0.50"

// wait is how long AWS may try to get through: a person sits before the page.
const wait = 2 * time.Minute

// Options are what the installation decides.
type Options struct {
	Origin   string // phone number, pool or ARN that calls come from
	MaxPrice string // US dollars a minute; empty: MaxPrice
}

// Sender gives calls to AWS.
type Sender struct {
	client *api.Client
	config aws.Config
	opt    Options
	closed atomic.Bool
}

var _ voice.Sender = (*Sender)(nil)

// New makes a Sender on an opened connection.
func New(cfg aws.Config, opt Options) *Sender {
	if opt.MaxPrice == "" {
		opt.MaxPrice = MaxPrice
	}
	return &Sender{client: api.NewFromConfig(cfg), config: cfg, opt: opt}
}

// Send hands one call over, once; the receipt is AWS's id.
func (s *Sender) Send(ctx context.Context, c voice.Call) (email.Receipt, error) {
	if s.closed.Load() {
		return email.Receipt{}, email.Refuse(email.Retry, "wait", email.ErrClosed)
	}
	if err := c.Check(); err != nil {
		return email.Receipt{}, email.Refuse(email.Permanent, "check", err)
	}
	if err := cloud.Before(ctx); err != nil {
		return email.Receipt{}, err
	}
	answer, err := s.client.SendVoiceMessage(ctx, s.call(c))
	if err != nil {
		return email.Receipt{}, cloud.Refusal(ctx, err)
	}
	if id := aws.ToString(answer.MessageId); id != "" {
		return email.Receipt{ProviderID: id}, nil
	}
	return email.Receipt{}, email.Refuse(email.Unknown, "accept", errors.New("AWS took the call without an id"))
}

func (s *Sender) call(c voice.Call) *api.SendVoiceMessageInput {
	speaker, _ := voice.For(c.Language) // Check asked
	return &api.SendVoiceMessageInput{
		DestinationPhoneNumber: aws.String(c.To),
		OriginationIdentity:    aws.String(s.opt.Origin),
		MessageBody:            aws.String(c.SSML()),
		MessageBodyTextType:    types.VoiceMessageBodyTextTypeSsml,
		VoiceId:                types.VoiceId(speaker),
		MaxPricePerMinute:      aws.String(s.opt.MaxPrice),
		TimeToLive:             aws.Int32(int32(wait / time.Second)),
		Context:                map[string]string{"tilgang-id": c.ID},
	}
}

// Ready tells whether calls can be signed.
func (s *Sender) Ready(ctx context.Context) error {
	if err := cloud.Ready(ctx, s.config); err != nil {
		return fmt.Errorf("voice: %w", err)
	}
	return nil
}

// Close makes the Sender make no further call.
func (s *Sender) Close() error {
	s.closed.Store(true)
	return nil
}
