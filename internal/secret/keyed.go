package secret

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"

	"github.com/google/uuid"
)

// The first part of each derivation keeps the uses of the root key apart.
const (
	useKeyed   = "tilgang/keyed/1"
	useSign    = "tilgang/sign/1"
	usePepper  = "tilgang/pepper/1"
	useEd25519 = "tilgang/ed25519/1"
)

// Keyed is the HMAC-SHA256 of value, 32 bytes, under a key of its own for each purpose and
// tenant: for looking up addresses, national ids and typed codes without storing them. The
// caller normalises value. It stays the same when the sealing keys rotate.
func (b *Box) Keyed(purpose string, tenant uuid.UUID, value string) []byte {
	return tag(b.derive(useKeyed, purpose, string(tenant[:])), value)
}

// Pepper is the 32-byte key that is mixed into passwords before they are hashed.
func (b *Box) Pepper() []byte { return b.derive(usePepper) }

// Sign is the 32-byte signature of msg for one purpose; msg must hold what bounds its use,
// such as a time and a host.
func (b *Box) Sign(purpose, msg string) []byte { return tag(b.derive(useSign, purpose), msg) }

// Verify tells in constant time whether signature is Sign's for this purpose and msg.
func (b *Box) Verify(purpose, msg string, signature []byte) bool {
	return hmac.Equal(b.Sign(purpose, msg), signature)
}

// derive makes a key of 32 bytes from the root (HKDF-SHA256, RFC 5869).
func (b *Box) derive(parts ...string) []byte {
	key, err := hkdf.Key(sha256.New, b.root, nil, string(frame(parts...)), sha256.Size)
	if err != nil {
		panic("secret: derive key: " + err.Error()) // only for lengths that RFC 5869 forbids
	}
	return key
}

func tag(key []byte, value string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(frame(value))
	return mac.Sum(nil)
}

// SigningKey is an Ed25519 key of the tenant's own for one purpose, whose public
// half may be published. Like the hashes it stays the same when the sealing keys
// rotate.
func (b *Box) SigningKey(purpose string, tenant uuid.UUID) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(b.derive(useEd25519, purpose, string(tenant[:])))
}
