package captcha

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"tilgang/internal/captcha/siteverify"
	"tilgang/internal/secret"
)

// outsideLife is for how long every provider's token is good; tokenLife is longer
// than any lives (Turnstile's five minutes are the longest).
const (
	outsideLife = 2 * time.Minute
	tokenLife   = 10 * time.Minute
)

// outside asks a provider; it is a Verifier.
type outside struct {
	provider provider
	endpoint string
	siteKey  string
	secret   secret.Redacted
	client   *siteverify.Client
	now      func() time.Time
}

// Verify asks the provider whether a token is good. An error tells that it did
// not say: no answer, or our settings are not accepted.
func (o outside) Verify(ctx context.Context, token, ip string) (Answer, error) {
	if len(token) > maxToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return Answer{}, nil
	}
	if o.secret == "" {
		return Answer{}, errors.New("TILGANG_CAPTCHA_SECRETS holds no secret for the employer")
	}
	q := siteverify.Question{Endpoint: o.endpoint, Secret: o.secret, Token: token, IP: ip}
	if !o.provider.actions {
		q.SiteKey = o.siteKey // else a token of another page of the same account would do
	}
	f, err := o.client.Ask(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	if !f.Success || (o.provider.scores && f.Score < leastScore) || (o.provider.actions && f.Action == "") {
		return Answer{}, nil
	}
	id := sha256.Sum256([]byte(o.endpoint + " " + token))
	return Answer{OK: true, ID: id[:], Host: strings.ToLower(f.Hostname), Action: f.Action, Until: o.now().Add(tokenLife)}, nil
}
