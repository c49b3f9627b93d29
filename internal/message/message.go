package message

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/i18n"
	"tilgang/internal/message/render"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// New is a message to be sent.
type New struct {
	Kind     string
	PersonID uuid.UUID         // whom it is about; Nil for nobody we know
	To       string            // one bare e-mail address; a number in E.164 for a text message
	Language string            // BCP 47; empty: the tenant's first
	Args     map[string]string // for the kind; never a secret, a name or an address
	RefID    *uuid.UUID        // what it belongs to, such as an invitation
	Lane     outbox.Lane       // empty: the kind's own
	DueAt    time.Time         // not before; zero: at once
}

// State is how far a message has come.
type State string

// The states. HandedOver means that the carrier took it; those after it come
// from the carrier's own reports.
const (
	Queued     State = "queued"
	Sending    State = "sending"
	HandedOver State = "handed_over"
	Delivered  State = "delivered"
	Delayed    State = "delayed"
	Bounced    State = "bounced"
	Complained State = "complained"
	Suppressed State = "suppressed"
	Failed     State = "failed"
)

// Message is a message as its kind sees it.
type Message struct {
	ID        uuid.UUID
	PersonID  uuid.UUID // Nil for nobody we know
	Kind      string
	Lane      outbox.Lane
	Language  string // what was asked for; the words given are in one that we speak
	Args      map[string]string
	RefID     uuid.UUID // Nil for none
	To        string
	Country   string // in which ArgNetwork lies, ISO 3166-1 alpha-2; empty when it is not known
	Tries     int    // this one included
	CreatedAt time.Time
}

// Task is a message to be written, with the words of its reader.
type Task struct {
	Message
	Words *i18n.Localizer
}

// Kind is a sort of message and who writes it; one of Prepare, PrepareAll and
// Text is set. All run in the transaction that claims the message.
type Kind struct {
	Name string
	Lane outbox.Lane // Normal when empty
	// Prepare writes one message; ErrNotWanted when there is no longer a reason
	// to send it.
	Prepare func(ctx context.Context, m Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error)
	// PrepareAll writes up to 100 messages at once; those it leaves out are no
	// longer wanted.
	PrepareAll func(ctx context.Context, tasks []Task, t *tenant.Tenant) (map[uuid.UUID]render.Doc, error)
	// Text writes one text message, plain; the kind's messages go to phones.
	// ErrNotWanted as for Prepare.
	Text func(ctx context.Context, m Message, words *i18n.Localizer, t *tenant.Tenant) (string, error)
}

// The channels.
const (
	byMail = "email"
	byText = "sms"
)

func (k Kind) channel() string {
	if k.Text != nil {
		return byText
	}
	return byMail
}

// ErrNotWanted says that there is no longer a reason to send a message.
var ErrNotWanted = errors.New("message: no longer wanted")

// Sent is a message as HR sees it.
type Sent struct {
	ID        uuid.UUID
	RefID     uuid.UUID // Nil for none
	Kind      string
	State     State
	At        time.Time // of the state
	CreatedAt time.Time
	Tries     int
	Error     string // a code of ours; Why says it in words
}
