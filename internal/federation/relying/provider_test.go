package relying

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"tilgang/internal/clock"
)

const issuer = "https://id.example"

var start = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)

// world is a provider of the test's own, on no network.
type world struct {
	*testing.T

	clock    *clock.Fake
	key      *ecdsa.PrivateKey
	client   *Client
	us       Provider
	asked    Asked
	claims   map[string]any // of the next token
	raw      func() string  // in place of a token; nil: one of claims
	metadata map[string]any
	dead     bool
	asks     int // how often the token endpoint was asked
	status   int
}

func setUp(t *testing.T) *world {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, clock: clock.NewFake(start), key: key, status: 200}
	w.us = Provider{Issuer: issuer, ClientID: "tilgang", Secret: "s3cret", RedirectURL: "https://havn.example/federation/x/callback", ACR: []string{"substantial", "high"}, Number: "pid"}
	w.asked = Asked{State: strings.Repeat("s", 43), Nonce: "n-of-this-visit", Verifier: strings.Repeat("v", 43)}
	w.claims = map[string]any{
		"iss": issuer, "sub": "sub-1", "aud": "tilgang", "nonce": w.asked.Nonce, "acr": "substantial", "iat": start.Unix(), "exp": start.Add(5 * time.Minute).Unix(), "pid": "13897248098",
	}
	w.metadata = map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/jwks",
		"id_token_signing_alg_values_supported": []string{"ES256", "RS256", "HS256", "none"}, "authorization_response_iss_parameter_supported": true,
	}
	w.client = New(w, w.clock.Now)
	return w
}

// RoundTrip implements http.RoundTripper.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.dead {
		return nil, http.ErrServerClosed
	}
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		_ = json.NewEncoder(rec).Encode(w.metadata)
	case "/jwks":
		_ = json.NewEncoder(rec).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: w.key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
	case "/token":
		w.answer(rec, r)
	default:
		rec.WriteHeader(404)
	}
	return rec.Result(), nil
}

// answer is the token endpoint: a code with another verifier, or another secret,
// gets nothing.
func (w *world) answer(rec *httptest.ResponseRecorder, r *http.Request) {
	w.asks++
	_ = r.ParseForm()
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	want := sha256.Sum256([]byte(w.asked.Verifier))
	_, secret, _ := r.BasicAuth()
	if sum != want || r.PostForm.Get("code") != "c0de" || secret != "s3cret" || w.status != 200 {
		rec.WriteHeader(max(w.status, 400))
		_, _ = rec.WriteString(`{"error":"invalid_grant"}`)
		return
	}
	token := ""
	if w.raw != nil {
		token = w.raw()
	} else {
		token = w.sign(w.key, jose.ES256, w.claims)
	}
	_ = json.NewEncoder(rec).Encode(map[string]any{"access_token": "at", "token_type": "Bearer", "id_token": token})
}

func (w *world) sign(key any, alg jose.SignatureAlgorithm, claims map[string]any) string {
	w.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
	if err != nil {
		w.Fatal(err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		w.Fatal(err)
	}
	signed, err := signer.Sign(body)
	if err != nil {
		w.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		w.Fatal(err)
	}
	return text
}

// unsigned is a token of alg none.
func (w *world) unsigned() string {
	body, err := json.Marshal(w.claims)
	if err != nil {
		w.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + enc(body) + "."
}

// public is our key as an attacker would feed it to HMAC.
func (w *world) public() []byte {
	der, err := x509.MarshalPKIXPublicKey(w.key.Public())
	if err != nil {
		w.Fatal(err)
	}
	return der
}

func (w *world) redeem(a Answer) (Identity, error) {
	return w.client.Redeem(w.Context(), w.us, w.asked, a)
}

func (w *world) good() Answer { return Answer{Code: "c0de", State: w.asked.State, Issuer: issuer} }

// address is the query of where somebody is sent.
func (w *world) address() url.Values {
	w.Helper()
	text, err := w.client.Address(w.Context(), w.us, w.asked, "nb")
	if err != nil {
		w.Fatal(err)
	}
	u, err := url.Parse(text)
	if err != nil {
		w.Fatal(err)
	}
	return u.Query()
}
