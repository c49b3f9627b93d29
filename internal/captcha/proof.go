package captcha

import (
	"bytes"
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	"tilgang/internal/clock"
	"tilgang/internal/secret"
)

// The work: one PBKDF2 of cost rounds for each counter that is tried, from 0 to
// one between least and most; about half a second of a laptop, some seconds of
// an old phone. In trouble it is twice as much.
const (
	algorithm = "PBKDF2/SHA-256"
	cost      = 5000
	keyLength = 32
	least     = 250
	most      = 500
	saltBytes = 16
	maxToken  = 4096 // bytes
)

// parameters are a challenge's, in the order in which ALTCHA signs them: by name.
type parameters struct {
	Algorithm    string `json:"algorithm"`
	Cost         int    `json:"cost"`
	Data         place  `json:"data"`
	ExpiresAt    int64  `json:"expiresAt"`
	KeyLength    int    `json:"keyLength"`
	KeyPrefix    string `json:"keyPrefix"`
	KeySignature string `json:"keySignature"`
	Nonce        string `json:"nonce"`
	Salt         string `json:"salt"`
}

// place is where a challenge may be answered.
type place struct {
	Action string `json:"action"`
	Host   string `json:"host"`
}

// challenge is what the browser is given to solve.
type challenge struct {
	Parameters parameters `json:"parameters"`
	Signature  string     `json:"signature"`
}

// payload is what it sends back, as base64 of JSON.
type payload struct {
	Challenge challenge `json:"challenge"`
	Solution  struct {
		Counter    int     `json:"counter"`
		DerivedKey string  `json:"derivedKey"`
		Time       float64 `json:"time"`
	} `json:"solution"`
}

// proofs makes and verifies challenges; it is a Verifier.
type proofs struct {
	box   *secret.Box
	clock clock.Clock
	cost  int // rounds of each derivation
}

// make is a challenge for one form on one host, times as hard as usual.
func (p proofs) make(action, host string, times int) (challenge, error) {
	salt, nonce := make([]byte, saltBytes), make([]byte, saltBytes)
	_, _ = rand.Read(salt) // both end the program rather than fail
	_, _ = rand.Read(nonce)
	spread, err := rand.Int(rand.Reader, big.NewInt(int64((most-least)*times)))
	if err != nil {
		return challenge{}, fmt.Errorf("pick a counter: %w", err)
	}
	key, err := derive(nonce, salt, least*times+int(spread.Int64()), p.cost)
	if err != nil {
		return challenge{}, err
	}
	c := challenge{Parameters: parameters{
		Algorithm: algorithm, Cost: p.cost, Data: place{Action: action, Host: host}, ExpiresAt: p.clock.Now().Add(ChallengeLife).Unix(),
		KeyLength: keyLength, KeyPrefix: hex.EncodeToString(key[:keyLength/2]), KeySignature: hex.EncodeToString(p.box.Sign("captcha key", string(key))),
		Nonce: hex.EncodeToString(nonce), Salt: hex.EncodeToString(salt),
	}}
	signed, err := json.Marshal(c.Parameters)
	if err != nil {
		return challenge{}, fmt.Errorf("write challenge: %w", err)
	}
	c.Signature = hex.EncodeToString(p.box.Sign("captcha", string(signed)))
	return c, nil
}

// Verify looks at an answer to a challenge of ours: signature, end and the one
// key that the counter leads to. It never fails.
func (p proofs) Verify(_ context.Context, token, _ string) (Answer, error) {
	var sent payload
	if !decode(token, &sent) {
		return Answer{}, nil
	}
	of := sent.Challenge.Parameters
	signed, err := json.Marshal(of)
	if err != nil || !p.box.Verify("captcha", string(signed), unhex(sent.Challenge.Signature)) {
		return Answer{}, nil //nolint:nilerr // what cannot be written was not ours
	}
	until := time.Unix(of.ExpiresAt, 0)
	if !p.clock.Now().Before(until) || !p.box.Verify("captcha key", string(unhex(sent.Solution.DerivedKey)), unhex(of.KeySignature)) {
		return Answer{}, nil
	}
	// The signed nonce names the answer: the rest of the token can be written in
	// many ways.
	id := sha256.Sum256([]byte("altcha " + of.Nonce + of.Salt))
	return Answer{OK: true, ID: id[:], Host: of.Data.Host, Action: of.Data.Action, Until: until}, nil
}

// derive is the key that a counter leads to.
func derive(nonce, salt []byte, counter, rounds int) ([]byte, error) {
	word := binary.BigEndian.AppendUint32(bytes.Clone(nonce), uint32(counter)) //nolint:gosec // small and positive
	key, err := pbkdf2.Key(sha256.New, string(word), salt, rounds, keyLength)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return key, nil
}

// decode reads a token strictly: what is not in the protocol is refused.
func decode(token string, into *payload) bool {
	if len(token) > maxToken {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into) == nil && errors.Is(d.Decode(&struct{}{}), io.EOF)
}

func unhex(s string) []byte {
	raw, err := hex.DecodeString(s)
	if err != nil {
		return nil
	}
	return raw
}
