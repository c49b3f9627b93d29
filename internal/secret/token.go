package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// TokenLength is the number of characters in a Token: 256 bits in base64url without padding.
const TokenLength = 43

const tokenBytes = 32

// tokenText refuses a last character with stray bits, so that each token has one spelling.
var tokenText = base64.RawURLEncoding.Strict()

// Token mints a token of 256 random bits for a link or a cookie, with the hash to store.
func Token() (plain string, hash []byte) {
	var raw [tokenBytes]byte
	fill(raw[:])
	plain = tokenText.EncodeToString(raw[:])
	return plain, HashToken(plain)
}

// HashToken is the SHA-256 of a token as stored, 32 bytes; nil when plain does not have the
// shape of a token, so that an empty or cut one never equals anything stored.
func HashToken(plain string) []byte {
	if len(plain) != TokenLength {
		return nil
	}
	if raw, err := tokenText.DecodeString(plain); err != nil || len(raw) != tokenBytes {
		return nil
	}
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}

// Equal compares two hashes in constant time; two empty ones are not equal.
func Equal(a, b []byte) bool {
	return len(a) > 0 && subtle.ConstantTimeCompare(a, b) == 1
}

// fill reads random bytes; crypto/rand ends the program rather than fail (Go 1.24).
func fill(b []byte) { _, _ = rand.Read(b) }
