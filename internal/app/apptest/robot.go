package apptest

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
)

// Challenge is a robot check as a page's script gets it.
type Challenge struct {
	Parameters map[string]any `json:"parameters"`
	Signature  string         `json:"signature"`
}

// Solution is what answers it.
type Solution struct {
	Counter    int    `json:"counter"`
	DerivedKey string `json:"derivedKey"`
	Time       int    `json:"time"`
}

// Challenge asks for a robot check of a form.
func (b *Browser) Challenge(action string) Challenge {
	b.T.Helper()
	page := b.Raw(b.request(http.MethodGet, "/captcha/challenge?action="+action, nil))
	var c Challenge
	if err := json.Unmarshal([]byte(page.Body), &c); err != nil || page.Status != http.StatusOK {
		b.T.Fatalf("no challenge: %d %s", page.Status, page.Body)
	}
	return c
}

// Prove does the work of a robot check, as the page's script would, and gives the
// value of the field "altcha".
func (b *Browser) Prove(action string) string {
	b.T.Helper()
	c := b.Challenge(action)
	return c.Token(b.solve(c))
}

// Token is the answer as a form sends it.
func (c Challenge) Token(s Solution) string {
	raw, _ := json.Marshal(map[string]any{"challenge": c, "solution": s}) // of strings and numbers
	return base64.StdEncoding.EncodeToString(raw)
}

func (b *Browser) solve(c Challenge) Solution {
	b.T.Helper()
	word := func(name string) string { s, _ := c.Parameters[name].(string); return s }
	nonce, _ := hex.DecodeString(word("nonce"))
	salt, _ := hex.DecodeString(word("salt"))
	rounds, _ := c.Parameters["cost"].(float64)
	length, _ := c.Parameters["keyLength"].(float64)
	for n := range 2000 {
		key, err := pbkdf2.Key(sha256.New, string(binary.BigEndian.AppendUint32(bytes.Clone(nonce), uint32(n))), salt, int(rounds), int(length)) //nolint:gosec // small
		if err != nil {
			b.T.Fatal(err)
		}
		if found := hex.EncodeToString(key); strings.HasPrefix(found, word("keyPrefix")) {
			return Solution{Counter: n, DerivedKey: found}
		}
	}
	b.T.Fatal("no counter solves the challenge")
	return Solution{}
}
