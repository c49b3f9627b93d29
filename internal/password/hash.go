package password

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Params are the costs of argon2id.
type Params struct {
	MemoryKiB uint32
	Time      uint32 // passes over the memory
	Threads   uint8
}

// DefaultParams are 19 MiB, two passes, one thread (OWASP Password Storage).
func DefaultParams() Params { return Params{MemoryKiB: 19 * 1024, Time: 2, Threads: 1} }

const (
	saltBytes = 16
	keyBytes  = 32
	// A stored hash may ask for no more than this, so that a planted row cannot
	// exhaust the memory.
	maxMemoryKiB = 256 * 1024
	maxTime      = 16
	maxHashText  = 512
)

// errHash says nothing of the hash itself.
var errHash = errors.New("stored password hash is not readable")

// phc is a hash in its parts, as the PHC string format writes them:
// $argon2id$v=19$m=19456,t=2,p=1,keyid=…$salt$key, keyid only with a pepper.
type phc struct {
	params Params
	keyID  string
	salt   []byte
	key    []byte
}

// String writes the PHC form.
func (h phc) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	costs := fmt.Sprintf("m=%d,t=%d,p=%d", h.params.MemoryKiB, h.params.Time, h.params.Threads)
	if h.keyID != "" {
		costs += ",keyid=" + h.keyID
	}
	return fmt.Sprintf("$argon2id$v=%d$%s$%s$%s", argon2.Version, costs, b64(h.salt), b64(h.key))
}

// parse reads a PHC string that this package wrote and refuses any other.
func parse(s string) (phc, error) {
	var h phc
	parts := strings.Split(s, "$")
	if len(s) > maxHashText || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" ||
		parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, errHash
	}
	costs, keyID, _ := strings.Cut(parts[3], ",keyid=")
	if _, err := fmt.Sscanf(costs, "m=%d,t=%d,p=%d", &h.params.MemoryKiB, &h.params.Time, &h.params.Threads); err != nil {
		return h, errHash
	}
	h.keyID = keyID
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || !h.bounded() || h.String() != s {
		return phc{}, errHash
	}
	return h, nil
}

func (h phc) bounded() bool {
	p := h.params
	return p.MemoryKiB > 0 && p.MemoryKiB <= maxMemoryKiB && p.Time > 0 && p.Time <= maxTime && p.Threads > 0 &&
		len(h.salt) >= 8 && len(h.salt) <= 64 && len(h.key) >= 16 && len(h.key) <= 64
}

// derive is argon2id with the parameters and salt of h.
func derive(h phc, secret []byte) []byte {
	return argon2.IDKey(secret, h.salt, h.params.Time, h.params.MemoryKiB, h.params.Threads, uint32(len(h.key))) //nolint:gosec // a hash is short
}

// matches compares in constant time.
func (h phc) matches(key []byte) bool { return subtle.ConstantTimeCompare(h.key, key) == 1 }
