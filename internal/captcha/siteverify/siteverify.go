package siteverify

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tilgang/internal/secret"
)

// Patience bounds a call: a person waits for it.
const Patience = 3 * time.Second

// longest is the most that is read of an answer, in bytes.
const longest = 64 << 10

// Question is a token and whom to ask about it.
type Question struct {
	Endpoint string
	Secret   secret.Redacted
	SiteKey  string // sent along where it is not empty
	Token    string
	IP       string
}

// Found is what the verifier says. Providers leave out what they do not know.
type Found struct {
	Success  bool     `json:"success"`
	Hostname string   `json:"hostname"` // of the page, without a port
	Action   string   `json:"action"`
	Score    float64  `json:"score"` // 0 (a robot) to 1
	Errors   []string `json:"error-codes"`
}

// ours are the errors that speak of our settings or of the verifier itself, not
// of the token.
func ours() []string {
	return []string{"missing-input-secret", "invalid-input-secret", "sitekey-secret-mismatch", "invalid-sitekey", "internal-error"}
}

// Client asks; it is safe for many goroutines.
type Client struct{ http http.Client }

// New makes a client.
func New() *Client {
	return &Client{http.Client{
		Timeout:       Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Ask asks about a token.
func (c *Client) Ask(ctx context.Context, q Question) (f Found, err error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, q.Endpoint, strings.NewReader(q.form().Encode()))
	if err != nil {
		return f, fmt.Errorf("ask the verifier: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.http.Do(req)
	if err != nil {
		return f, fmt.Errorf("ask the verifier: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, longest))
	if err != nil {
		return f, fmt.Errorf("read the verifier's answer: %w", err)
	}
	return read(res.StatusCode, body)
}

func (q Question) form() url.Values {
	form := url.Values{"secret": {q.Secret.Plain()}, "response": {q.Token}, "remoteip": {q.IP}}
	if q.SiteKey != "" {
		form.Set("sitekey", q.SiteKey)
	}
	return form
}

// read takes an answer; some tell a wrong secret by 4xx with its code.
func read(status int, body []byte) (f Found, err error) {
	if json.Unmarshal(body, &f) != nil || (status != http.StatusOK && len(f.Errors) == 0) {
		return Found{}, fmt.Errorf("the verifier answers %d without saying what", status)
	}
	if i := slices.IndexFunc(f.Errors, func(code string) bool { return slices.Contains(ours(), code) }); i >= 0 {
		return Found{}, fmt.Errorf("the verifier answers %s", f.Errors[i])
	}
	return f, nil
}
