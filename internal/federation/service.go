package federation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/federation/relying"
	"tilgang/internal/identity"
	"tilgang/internal/limit"
	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The bounds, ours.
const (
	away       = 10 * time.Minute // how long somebody may be at the provider
	mostVisits = 10               // of one attempt
)

// Limiter bounds what one network sends; limit.Limiter is one.
type Limiter interface {
	Allow(ctx context.Context, r limit.Rule, key string) error
}

// Config is what the service needs.
type Config struct {
	DB       *db.DB
	Box      *secret.Box
	Relying  *relying.Client
	Limiter  Limiter
	Secrets  map[string]secret.Redacted // by "<slug>/<name>"
	Practice string                     // issuer of the practice connectors; empty: there are none
}

// Service is the flow's use cases; it is safe for many goroutines.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// perNetwork bounds the visits that one network begins.
func perNetwork() limit.Rule {
	return limit.Rule{Name: "federation.network", Rate: 60, Per: time.Minute, Burst: 60}
}

// The codes of refusals, each with a page of its own.
const (
	CodeCancelled = "federation.cancelled"
	CodeDown      = "federation.down"
	CodeWeak      = "federation.weak"
	CodeRefused   = "federation.refused"
	CodeOften     = "federation.often"
)

// Kept is what the browser keeps while its owner is at the provider.
type Kept struct {
	Attempt   uuid.UUID `json:"a"`
	Connector string    `json:"c"`
	Purpose   string    `json:"p"`
	State     string    `json:"s"`
	Nonce     string    `json:"n"`
	Verifier  string    `json:"v"`
	Until     int64     `json:"u"` // Unix seconds
}

// parseKept reads the cookie; the zero value is none.
func parseKept(text string) (k Kept) {
	if json.Unmarshal([]byte(text), &k) != nil {
		return Kept{}
	}
	return k
}

func (k Kept) asked() relying.Asked {
	return relying.Asked{State: k.State, Nonce: k.Nonce, Verifier: k.Verifier}
}

// place is where a visit begins and ends.
type place struct {
	tenant   *tenant.Tenant
	origin   string
	network  string
	language string
}

// Start gives the provider's address and what the browser must keep. It writes
// nothing. Faults: NotFound for a connector that there is not, Unavailable
// CodeDown, TooMany.
func (s *Service) Start(ctx context.Context, a attempt.Attempt, connector, purpose string, at place) (address string, k Kept, err error) {
	if err := s.Limiter.Allow(ctx, perNetwork(), at.network); err != nil {
		return "", k, err
	}
	l, err := s.link(at, connector)
	if err != nil {
		return "", k, err
	}
	k = Kept{Attempt: a.ID, Connector: l.Key, Purpose: purpose, Verifier: oauth2.GenerateVerifier(), Until: s.DB.Now().Add(away).Unix()}
	k.State, _ = secret.Token()
	k.Nonce, _ = secret.Token()
	address, err = s.Relying.Address(ctx, l.Provider, k.asked(), at.language)
	if err != nil {
		return "", k, fault.New(fault.Unavailable, CodeDown, "Name", l.Name).Because(err)
	}
	return address, k, nil
}

func (s *Service) link(at place, connector string) (link, error) {
	c, known := at.tenant.Connector(connector)
	if !known {
		return link{}, fault.New(fault.NotFound, "http.not_found")
	}
	l, ok := s.linkOf(at.tenant, c, at.origin)
	if !ok {
		return link{}, fault.New(fault.NotFound, "http.not_found")
	}
	return l, nil
}

// Return takes somebody back: the state is used up and the visit counted, then
// the answer is judged, and what it says is left at the attempt. Faults: those of
// the codes above, Expired identity.CodeUsed, NotFound.
func (s *Service) Return(ctx context.Context, a attempt.Attempt, connector string, k Kept, answer relying.Answer, at place) error {
	if err := s.Limiter.Allow(ctx, perNetwork(), at.network); err != nil {
		return err
	}
	l, err := s.link(at, connector)
	if err != nil {
		return err
	}
	fits := k.Attempt == a.ID && k.Connector == l.Key && k.State != "" && s.DB.Now().Unix() < k.Until
	if !fits || !secret.Equal([]byte(answer.State), []byte(k.State)) {
		return s.refused(ctx, l, a, relying.WhyState, nil)
	}
	p, err := s.begin(ctx, a, k)
	if err != nil {
		return err
	}
	found, err := s.Relying.Redeem(ctx, l.Provider, k.asked(), answer)
	if err != nil {
		return s.refused(ctx, l, a, relying.Why(err), err)
	}
	return s.complete(ctx, a, p, l, found)
}

// begin uses the state up, committed whatever comes after.
func (s *Service) begin(ctx context.Context, a attempt.Attempt, k Kept) (p identity.Proof, err error) {
	state := sha256.Sum256([]byte(k.State))
	err = s.DB.Apart(ctx, func(ctx context.Context) error {
		n, err := identity.Tried(ctx, a.ID)
		if err == nil && n >= mostVisits {
			err = fault.New(fault.TooMany, CodeOften, "Count", mostVisits)
		}
		if err != nil {
			return err
		}
		p, err = identity.Begin(ctx, identity.Visit{AttemptID: a.ID, State: state[:], Connector: k.Connector, Purpose: k.Purpose})
		return err
	})
	if err != nil {
		return p, fmt.Errorf("begin a visit: %w", err)
	}
	return p, nil
}

func (s *Service) complete(ctx context.Context, a attempt.Attempt, p identity.Proof, l link, found relying.Identity) error {
	t := tenant.MustFrom(ctx)
	r := identity.Result{
		Subject: identity.SubjectKey(s.Box, t.ID, found.Issuer, found.Subject), National: s.national(t, l, found.Number), Level: l.level(found.ACR),
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := identity.Complete(ctx, p.ID, r); err != nil {
			return err
		}
		return record(ctx, "federation.proven", a, map[string]any{"connector": l.Key, "level": string(r.Level), "number": len(r.National) > 0})
	})
	if err != nil {
		return fmt.Errorf("keep what the provider said: %w", err)
	}
	return nil
}

// national is the number as persons keep it; nil for one that is none of ours.
func (s *Service) national(t *tenant.Tenant, l link, n relying.Number) []byte {
	id, err := sheet.ParseNationalID(n.Plain(), l.Country, s.DB.Now())
	if err != nil {
		return nil
	}
	return people.NationalKey(s.Box, t.ID, id)
}

// refused writes down which check failed, and gives the person's words for it.
func (s *Service) refused(ctx context.Context, l link, a attempt.Attempt, why string, cause error) error {
	kind, code := fault.Conflict, CodeRefused
	switch {
	case errors.Is(cause, relying.ErrCancelled):
		code, why = CodeCancelled, "cancelled"
	case errors.Is(cause, relying.ErrDown):
		kind, code, why = fault.Unavailable, CodeDown, "down"
	case why == relying.WhyLevel:
		code = CodeWeak
	}
	err := s.DB.Apart(ctx, func(ctx context.Context) error {
		return record(ctx, "federation.refused", a, map[string]any{"connector": l.Key, "why": why})
	})
	if err != nil {
		return fmt.Errorf("write a refusal down: %w", err)
	}
	return fault.New(kind, code, "Name", l.Name)
}

func record(ctx context.Context, action string, a attempt.Attempt, detail map[string]any) error {
	e := audit.Event{Action: action, Subject: audit.Subject{Kind: "account", ID: a.AccountID}, Detail: detail}
	if a.AccountID == uuid.Nil {
		e.Subject = audit.Subject{Kind: "attempt", ID: a.ID}
	}
	return audit.Record(ctx, e)
}
