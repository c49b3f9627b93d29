package eid

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"tilgang/internal/clock"
	"tilgang/internal/secret"
)

// Person is somebody to sign in as.
type Person struct {
	Name   string
	Text   string // what sets them apart
	Number string // made up, with right check digits
}

// The levels, as the provider calls them.
const (
	Substantial = "practice-substantial"
	Low         = "practice-low"
)

// NumberClaim is where the token has the national number.
const NumberClaim = "pid"

const (
	codeLife  = time.Minute
	tokenLife = 5 * time.Minute
	mostCodes = 1000 // waiting at once; a demonstration has one person
	keyID     = "practice-1"
)

// Provider is the provider.
type Provider struct {
	Issuer string
	Clock  clock.Clock
	// People are a client's test persons, and Redirects the addresses that it may
	// be sent back to; none for a client that there is not.
	People    func(ctx context.Context, client string) []Person
	Redirects func(ctx context.Context, client string) []string

	mu    sync.Mutex
	key   *ecdsa.PrivateKey
	codes map[string]grant
}

// grant is what a code stands for.
type grant struct {
	Client, Redirect, Challenge, Nonce, Number, ACR string
	At                                              time.Time
}

// signingKey is made when it is first needed.
func (p *Provider) signingKey() (*ecdsa.PrivateKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.key != nil {
		return p.key, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	p.key = key
	return key, nil
}

// keep gives a code for a grant.
func (p *Provider) keep(g grant) string {
	code, _ := secret.Token()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.codes == nil || len(p.codes) >= mostCodes {
		p.codes = map[string]grant{}
	}
	p.codes[code] = g
	return code
}

// redeem gives the grant of a code, once.
func (p *Provider) redeem(code, client, redirect, verifier string) (grant, bool) {
	p.mu.Lock()
	g, known := p.codes[code]
	delete(p.codes, code)
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(verifier))
	right := g.Client == client && g.Redirect == redirect && g.Challenge == base64.RawURLEncoding.EncodeToString(sum[:])
	return g, known && right && p.Clock.Now().Before(g.At.Add(codeLife))
}

// token is the signed statement of who it is.
func (p *Provider) token(g grant) (string, error) {
	key, err := p.signingKey()
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: keyID}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("make a signer: %w", err)
	}
	now := p.Clock.Now()
	sub := sha256.Sum256([]byte("practice " + g.Number))
	body, err := json.Marshal(map[string]any{
		"iss": p.Issuer, "sub": base64.RawURLEncoding.EncodeToString(sub[:16]), "aud": g.Client, "nonce": g.Nonce, "acr": g.ACR,
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "auth_time": g.At.Unix(), NumberClaim: g.Number,
	})
	if err != nil {
		return "", fmt.Errorf("write a token: %w", err)
	}
	signed, err := signer.Sign(body)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed.CompactSerialize() //nolint:wrapcheck // the caller says what it was for
}
