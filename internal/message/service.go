package message

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message/email"
	"tilgang/internal/message/render"
	"tilgang/internal/message/sms"
	"tilgang/internal/message/voice"
	"tilgang/internal/outbox"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Deliver is the event that a message waits.
const Deliver = "message.deliver"

// Config is what the service needs.
type Config struct {
	DB       *db.DB
	Box      *secret.Box
	Sender   email.Sender
	Texts    sms.Sender   // nil: nobody carries text messages
	Calls    voice.Sender // nil: nobody makes calls
	Renderer *render.Renderer
	Catalog  *i18n.Catalog
	Portal   func(*tenant.Tenant) string // origin of a tenant's portal, for links
	Country  func(network string) string // the ISO code of the country a network lies in; nil: nobody knows
	Host     string                      // the installation's host, port allowed; sender of tenants without an address
	Log      *slog.Logger
	// Alone says that no other process sends: what was under way when this one
	// began is nobody's, and need not be waited for.
	Alone bool
	// Count hears of each message that reached a state; may be nil.
	Count func(channel, state string)
}

// Service sends messages; it is safe for many goroutines once its kinds are
// registered.
type Service struct {
	Config
	started time.Time
	kinds   map[string]Kind
	denial  func(ctx context.Context, m Message, t *tenant.Tenant) (Denial, error)
	// probe stands for a crash at a point of the delivery; tests only.
	probe func(point string, id uuid.UUID) error
}

// NewService makes the service with the built-in kinds.
func NewService(c Config) *Service {
	if host, _, err := net.SplitHostPort(c.Host); err == nil {
		c.Host = host
	}
	if c.Country == nil {
		c.Country = func(string) string { return "" }
	}
	if c.Texts == nil {
		c.Texts = sms.Nobody{}
	}
	if c.Calls == nil {
		c.Calls = voice.Nobody{}
	}
	if c.Count == nil {
		c.Count = func(string, string) {}
	}
	s := &Service{Config: c, started: c.DB.Now(), kinds: map[string]Kind{}}
	for _, k := range s.notices() {
		s.Register(k)
	}
	for _, name := range []string{NumberChanged, LetterMade, PasswordByText} {
		s.Register(Kind{Name: name, Lane: outbox.Security, Text: notifyPhone})
	}
	return s
}

// Register makes a kind known; before the worker starts.
func (s *Service) Register(k Kind) {
	if k.Lane == "" {
		k.Lane = outbox.Normal
	}
	s.kinds[k.Name] = k
}

// Send stores a message with the fact that caused it; it fails outside a
// transaction and for a kind that nobody registered.
func (s *Service) Send(ctx context.Context, n New) error { return s.SendAll(ctx, []New{n}) }

// SendAll is Send for many, in two statements a 500.
func (s *Service) SendAll(ctx context.Context, list []New) error {
	if !db.InTx(ctx) {
		return db.ErrNoTx
	}
	rows, events := make([]row, len(list)), make([]outbox.Event, len(list))
	for i, n := range list {
		r, err := s.row(ctx, n)
		if err != nil {
			return err
		}
		rows[i] = r
		events[i] = outbox.Event{Kind: Deliver, Lane: r.Lane, Args: deliverArgs{Message: r.ID}, DueAt: n.DueAt}
	}
	if err := insert(ctx, rows); err != nil {
		return fmt.Errorf("store messages: %w", err)
	}
	return outbox.Put(ctx, events...)
}

// deliverArgs are the arguments of Deliver.
type deliverArgs struct {
	Message uuid.UUID `json:"message"`
}

func (s *Service) row(ctx context.Context, n New) (row, error) {
	kind, known := s.kinds[n.Kind]
	if !known {
		return row{}, fmt.Errorf("send %q: no such kind of message", n.Kind)
	}
	owner, _ := db.TenantID(ctx)
	sealed, err := s.Box.Seal([]byte(n.To), place(owner)...)
	if err != nil {
		return row{}, fmt.Errorf("send %s: %w", n.Kind, err)
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return row{}, fmt.Errorf("send %s: %w", n.Kind, err)
	}
	r := row{
		ID: uuid.Must(uuid.NewV7()), Kind: n.Kind, Channel: kind.channel(), Lane: n.Lane, Language: n.Language, Args: string(args), RefID: n.RefID,
		SealedTo: sealed, State: Queued, CreatedAt: db.Now(ctx), UpdatedAt: db.Now(ctx),
	}
	if r.Lane == "" {
		r.Lane = kind.Lane
	}
	if n.PersonID != uuid.Nil {
		r.PersonID = &n.PersonID
	}
	return r, nil
}

// place is where a sealed address belongs.
func place(owner uuid.UUID) []string { return []string{owner.String(), "messages", "sealed_to"} }

// Withdraw stops what has not been handed over of the messages that belong to
// refs, in the open transaction; even one under way is not tried again.
func (s *Service) Withdraw(ctx context.Context, refs []uuid.UUID) error {
	if err := withdraw(ctx, refs); err != nil {
		return fmt.Errorf("withdraw messages: %w", err)
	}
	return nil
}

// Left tells which refs have a message that left the house, or may have.
func Left(ctx context.Context, refs []uuid.UUID) (map[uuid.UUID]bool, error) {
	found, err := left(ctx, refs)
	if err != nil {
		return nil, fmt.Errorf("look for sent messages: %w", err)
	}
	return found, nil
}

// NewestOf is the newest message that belongs to ref; zero when there is none.
func NewestOf(ctx context.Context, ref uuid.UUID) (Sent, error) {
	r, err := newestOf(ctx, ref)
	if err != nil {
		return Sent{}, fmt.Errorf("look for a message: %w", err)
	}
	return r.sent(), nil
}

// SentSince counts the messages that belong to ref and were asked for since.
func SentSince(ctx context.Context, ref uuid.UUID, since time.Time) (int, error) {
	n, err := countSince(ctx, ref, since)
	if err != nil {
		return 0, fmt.Errorf("count messages: %w", err)
	}
	return int(n), nil
}

// TextsSince counts the text messages of the tenant that were asked for since.
func TextsSince(ctx context.Context, since time.Time) (int, error) {
	n, err := countTexts(ctx, since)
	if err != nil {
		return 0, fmt.Errorf("count text messages: %w", err)
	}
	return int(n), nil
}

// WordsFor speaks a reader's language, or the tenant's first where we do not.
func (s *Service) WordsFor(language string, t *tenant.Tenant) *i18n.Localizer {
	return s.words(Message{Language: language}, t)
}

// OfPerson gives a person's newest messages, at most limit.
func OfPerson(ctx context.Context, personID uuid.UUID, limit int) ([]Sent, error) {
	rows, err := byPerson(ctx, personID, limit)
	if err != nil {
		return nil, fmt.Errorf("list messages of a person: %w", err)
	}
	list := make([]Sent, len(rows))
	for i, r := range rows {
		list[i] = r.sent()
	}
	return list, nil
}

// State in words, for a page or a list.
func (m Sent) StateText(words *i18n.Localizer) string {
	return words.T("message.state." + string(m.State))
}

// KindText names the kind in words, such as "Invitation".
func (m Sent) KindText(words *i18n.Localizer) string { return words.T("message.kind." + m.Kind) }

// Why says in words what went wrong; empty when nothing did.
func (m Sent) Why(words *i18n.Localizer) string {
	if m.Error == "" {
		return ""
	}
	return words.T("message.why." + m.Error)
}
