package relying

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Client asks providers; it is safe for many goroutines.
type Client struct {
	http *http.Client
	now  func() time.Time

	mu    sync.Mutex
	known map[string]*metadata
}

// metadata is what discovery said.
type metadata struct {
	*oidc.Provider
	at         time.Time
	namesSelf  bool // RFC 9207: the response says who answers
	postSecret bool // the secret goes in the form, not in a header
}

// New makes a client. via carries the requests; nil is the network as it is.
func New(via http.RoundTripper, now func() time.Time) *Client {
	if via == nil {
		via = http.DefaultTransport
	}
	return &Client{
		http: &http.Client{
			Timeout: Patience, Transport: bounded{via},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		now: now, known: map[string]*metadata{},
	}
}

// bounded reads no more of an answer than a bound.
type bounded struct{ via http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.via.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, longest), res.Body}
	return res, nil
}

// discover reads what a provider says of itself, or what it said within the last
// hour; while it does not answer, an older word stands.
func (c *Client) discover(ctx context.Context, issuer string) (*metadata, error) {
	c.mu.Lock()
	former := c.known[issuer]
	c.mu.Unlock()
	if former != nil && c.now().Sub(former.at) < keep {
		return former, nil
	}
	m, err := c.read(ctx, issuer)
	if err != nil && former != nil {
		return former, nil
	}
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.known[issuer] = m
	c.mu.Unlock()
	return m, nil
}

func (c *Client) read(ctx context.Context, issuer string) (*metadata, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, c.http), issuer)
	if err != nil {
		return nil, ErrDown
	}
	var doc struct {
		Names   bool     `json:"authorization_response_iss_parameter_supported"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
		Keys    string   `json:"jwks_uri"`
	}
	if err := p.Claims(&doc); err != nil {
		return nil, ErrDown
	}
	for _, address := range []string{p.Endpoint().AuthURL, p.Endpoint().TokenURL, doc.Keys} {
		if !sameScheme(issuer, address) {
			return nil, fmt.Errorf("%w: an address of it is not encrypted", ErrDown)
		}
	}
	post := !slices.Contains(doc.Methods, "client_secret_basic") && slices.Contains(doc.Methods, "client_secret_post")
	return &metadata{Provider: p, at: c.now(), namesSelf: doc.Names, postSecret: post}, nil
}

// sameScheme tells whether an address is as well encrypted as its issuer.
func sameScheme(issuer, address string) bool {
	i, err := url.Parse(issuer)
	if err != nil {
		return false
	}
	a, err := url.Parse(address)
	return err == nil && a.Host != "" && (a.Scheme == "https" || a.Scheme == i.Scheme)
}

func (m *metadata) config(p Provider) *oauth2.Config {
	end := m.Endpoint()
	end.AuthStyle = oauth2.AuthStyleInHeader // never tried out: a code is used once
	if m.postSecret || p.Secret == "" {
		end.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret.Plain(), Endpoint: end, RedirectURL: p.RedirectURL,
		Scopes: append([]string{oidc.ScopeOpenID}, p.Scopes...),
	}
}

// Address is where to send a person; ErrDown when the provider does not answer.
func (c *Client) Address(ctx context.Context, p Provider, asked Asked, language string) (string, error) {
	m, err := c.discover(ctx, p.Issuer)
	if err != nil {
		return "", err
	}
	opts := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(asked.Verifier), oidc.Nonce(asked.Nonce),
		oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("ui_locales", language),
	}
	if len(p.ACR) > 0 {
		opts = append(opts, oauth2.SetAuthURLParam("acr_values", strings.Join(p.ACR, " ")))
	}
	return m.config(p).AuthCodeURL(asked.State, opts...), nil
}
