package password

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// peppers are the keys that a stolen table of hashes lacks. A hash names its
// key, so that a key can be brought in or changed while old hashes still
// verify.
type peppers struct {
	current string // the id of the key for new hashes; empty: none
	keys    map[string][]byte
}

func newPeppers(current []byte, former [][]byte) peppers {
	p := peppers{current: pepperID(current), keys: map[string][]byte{}}
	for _, key := range append([][]byte{current}, former...) {
		if len(key) > 0 {
			p.keys[pepperID(key)] = key
		}
	}
	return p
}

// pepperID names a key without giving it away; empty for no key.
func pepperID(key []byte) string {
	if len(key) == 0 {
		return ""
	}
	return base64.RawStdEncoding.EncodeToString(mac(key, "password pepper id")[:6])
}

// secret is what goes into argon2id: the password, through HMAC-SHA-256 where
// there is a pepper.
func (p peppers) secret(id, pw string) ([]byte, error) {
	if id == "" {
		return []byte(pw), nil
	}
	key, ok := p.keys[id]
	if !ok {
		return nil, fmt.Errorf("password hash needs the pepper %s, which is not configured", id)
	}
	return mac(key, "password\x00"+pw), nil
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}
