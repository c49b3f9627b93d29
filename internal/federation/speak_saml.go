package federation

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/federation/relying"
	"tilgang/internal/federation/saml"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// samlSpeaker is a provider that speaks SAML. Its answer is posted from another
// site, and with such a request no cookie of ours comes: so Consume judges it and
// keeps it under a name that the browser is given, and redeem fetches it when that
// browser is here by a request of its own.
type samlSpeaker struct {
	saml.Provider

	s         *Service
	connector string
	unset     bool // its key is named and not there
}

func (p samlSpeaker) address(_ context.Context, k Kept, _ string) (string, error) {
	if p.unset {
		return "", fmt.Errorf("%w: %w", relying.ErrDown, saml.ErrKey)
	}
	return p.Address(saml.Asked{ID: k.request(), State: k.State}, p.s.DB.Now()) //nolint:wrapcheck // its words are for whoever called us
}

// request is the id of what is asked: an XML name, which may not begin with a digit.
func (k Kept) request() string { return "_" + k.Nonce }

// redeem gives what was posted, once, to the browser that asked for it.
func (p samlSpeaker) redeem(ctx context.Context, k Kept, a relying.Answer) (found relying.Identity, err error) {
	if a.Error != "" {
		return found, p.s.word(ctx, a)
	}
	var kept posted
	err = p.s.DB.Apart(ctx, func(ctx context.Context) error {
		row, err := takeAnswer(ctx, p.connector, secret.HashToken(a.Code))
		if err == nil {
			kept, err = p.s.open(ctx, row)
		}
		return err
	})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return found, &relying.Refusal{Why: relying.WhyCode}
	case err != nil:
		return found, fmt.Errorf("fetch an answer: %w", err)
	case k.Nonce == "" || !secret.Equal([]byte(kept.InResponseTo), []byte(k.request())):
		return found, &relying.Refusal{Why: saml.WhyAnother}
	}
	return relying.Identity{Issuer: kept.Issuer, Subject: kept.Subject, ACR: kept.ACR, Number: relying.NumberOf(kept.Number)}, nil
}

// posted is what is kept of an answer, sealed.
type posted struct {
	Issuer       string `json:"i"`
	Subject      string `json:"s"`
	ACR          string `json:"a"`
	Number       string `json:"n"`
	InResponseTo string `json:"r"`
}

// Consume takes an answer that a browser posts on its way back, and gives the
// query with which it goes on to the callback. Whoever posts, nothing is kept but
// what the provider signed for this connector, and an assertion once. Faults:
// NotFound, TooMany.
func (s *Service) Consume(ctx context.Context, connector, text, state string, at place) (a relying.Answer, err error) {
	if err := s.Limiter.Allow(ctx, perNetwork(), at.network); err != nil {
		return a, err //nolint:wrapcheck // a fault of its own
	}
	l, err := s.link(at, connector)
	if err != nil {
		return a, err
	}
	speaks, ok := l.speaker.(samlSpeaker)
	if !ok {
		return a, fault.New(fault.NotFound, "http.not_found")
	}
	if len(state) <= longestState {
		a.State = state
	}
	said, err := speaks.Read(text, s.DB.Now())
	if err == nil {
		a.Code, err = s.keep(ctx, l.Key, said)
	}
	if err == nil {
		return a, nil
	}
	a.Error, err = s.refusal(ctx, a.State, err)
	return a, err
}

// longestState is the most bytes of a state that are carried on (SAML bindings
// 3.4.3 has 80).
const longestState = 80

// keep writes an answer down under a fresh name; *relying.Refusal when its
// assertion was used before.
func (s *Service) keep(ctx context.Context, connector string, said saml.Said) (code string, err error) {
	code, hash := secret.Token()
	now := s.DB.Now()
	once := sha256.Sum256([]byte(said.Issuer + "\x00" + said.Assertion))
	row := newAnswer(connector, hash, once[:], now)
	plain, err := json.Marshal(posted{Issuer: said.Issuer, Subject: said.Subject, ACR: said.ACR, Number: said.Number.Plain(), InResponseTo: said.InResponseTo})
	if err == nil {
		row.Sealed, err = s.Box.Seal(plain, tenant.MustFrom(ctx).ID.String(), "federation_answers", row.ID.String())
	}
	if err != nil {
		return "", fmt.Errorf("seal an answer: %w", err)
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error { return insertAnswer(ctx, &row) })
	if errors.Is(err, db.ErrDuplicate) {
		return "", &relying.Refusal{Why: saml.WhyReplay}
	}
	if err != nil {
		return "", fmt.Errorf("keep an answer: %w", err)
	}
	return code, nil
}

func (s *Service) open(ctx context.Context, row answer) (p posted, err error) {
	plain, err := s.Box.Open(row.Sealed, tenant.MustFrom(ctx).ID.String(), "federation_answers", row.ID.String())
	if err == nil {
		err = json.Unmarshal(plain, &p)
	}
	if err != nil {
		return posted{}, fmt.Errorf("open an answer: %w", err)
	}
	return p, nil
}

// refusal is a word that travels to the callback, where the attempt is known and
// the refusal is written down. It is sealed with its state: nobody else can have a
// word of theirs stand in the audit.
func (s *Service) refusal(ctx context.Context, state string, cause error) (string, error) {
	why := relying.Why(cause)
	switch {
	case errors.Is(cause, relying.ErrCancelled):
		why = cancelled
	case why == "":
		return "", cause
	}
	sealed, err := s.Box.Seal([]byte(why), tenant.MustFrom(ctx).ID.String(), "federation", "refusal", state)
	if err != nil {
		return "", fmt.Errorf("seal a refusal: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// cancelled is the word for somebody who went back without proving anything.
const cancelled = "cancelled"

// word opens a refusal again.
func (s *Service) word(ctx context.Context, a relying.Answer) error {
	sealed, err := base64.RawURLEncoding.DecodeString(a.Error)
	if err != nil {
		return &relying.Refusal{Why: relying.WhyProvider}
	}
	why, err := s.Box.Open(sealed, tenant.MustFrom(ctx).ID.String(), "federation", "refusal", a.State)
	switch {
	case err != nil:
		return &relying.Refusal{Why: relying.WhyProvider}
	case string(why) == cancelled:
		return relying.ErrCancelled
	}
	return &relying.Refusal{Why: string(why)}
}

// Metadata is what a provider must know of us; the NotFound fault for a connector
// by another protocol.
func (s *Service) Metadata(connector string, at place) ([]byte, error) {
	l, err := s.link(at, connector)
	if err != nil {
		return nil, err
	}
	speaks, ok := l.speaker.(samlSpeaker)
	if !ok {
		return nil, fault.New(fault.NotFound, "http.not_found")
	}
	if speaks.unset {
		return nil, fault.New(fault.Unavailable, CodeDown, "Name", l.Name).Because(saml.ErrKey)
	}
	var posted []string
	for _, origin := range s.Origins(at.tenant) {
		posted = append(posted, origin+"/federation/"+l.Key+"/acs")
	}
	return speaks.Metadata(posted) //nolint:wrapcheck // its words are for whoever called us
}
