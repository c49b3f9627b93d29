package password

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/fault"
)

// PoolConfig says how much work the pool may do at a time. Zero values take
// the defaults.
type PoolConfig struct {
	Workers        int           // hashes at a time; default: the cores Go may use
	QueuePerWorker int           // waiting requests per worker; default 32
	MaxWait        time.Duration // for a turn; default 3 s
	Params         Params        // default DefaultParams
	Pepper         []byte        // HMAC key, at least 16 bytes advised; empty: none
	FormerPeppers  [][]byte      // keys that older hashes were made with
}

func (c PoolConfig) withDefaults() PoolConfig {
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.QueuePerWorker <= 0 {
		c.QueuePerWorker = 32
	}
	if c.MaxWait <= 0 {
		c.MaxWait = 3 * time.Second
	}
	if c.Params == (Params{}) {
		c.Params = DefaultParams()
	}
	return c
}

// Pool makes and compares hashes, a bounded number at a time: an argon2id hash
// holds its memory for its whole run, and a storm without bounds took 5 GB and
// made every other page wait. It is safe for concurrent use and needs no
// closing: the work runs on the caller's goroutine.
type Pool struct {
	params  Params
	peppers peppers
	decoy   phc
	queue   *queue
	derive  func(phc, []byte) []byte
	hashes  atomic.Uint64
	panics  atomic.Uint64
}

// NewPool makes a pool; it costs no hash.
func NewPool(c PoolConfig) *Pool {
	c = c.withDefaults()
	p := &Pool{
		params:  c.Params,
		peppers: newPeppers(c.Pepper, c.FormerPeppers),
		queue:   newQueue(c.Workers, c.Workers*c.QueuePerWorker, c.MaxWait),
		derive:  derive,
	}
	// No password is known that gives this key, so nothing ever matches it.
	p.decoy = phc{params: p.params, keyID: p.peppers.current, salt: random(saltBytes), key: random(keyBytes)}
	return p
}

// Hash makes the PHC string to store. The faults are Invalid for a text that
// Check would refuse as too long or unusable, and Unavailable
// ("password.busy") when no turn came in time.
func (p *Pool) Hash(ctx context.Context, tenantID uuid.UUID, pw string) (string, error) {
	text, bad := normalise(pw)
	if bad != nil {
		return "", &fault.Fault{Kind: fault.Invalid, Code: bad.Unmet, Args: bad.Args}
	}
	h := phc{params: p.params, keyID: p.peppers.current, salt: random(saltBytes), key: make([]byte, keyBytes)}
	key, err := p.run(ctx, tenantID, h, text)
	if err != nil {
		return "", err
	}
	h.key = key
	return h.String(), nil
}

// Verify tells whether pw is the password of hash, and if so whether the hash
// should be made anew. An empty hash, or a text that can be nobody's password,
// costs the same and is not ok. Errors: Unavailable ("password.busy"), the
// context's, or a hash that cannot be read.
func (p *Pool) Verify(ctx context.Context, tenantID uuid.UUID, hash, pw string) (ok, rehash bool, err error) {
	text, bad := normalise(pw)
	if bad != nil || hash == "" {
		return false, false, p.VerifyDecoy(ctx, tenantID, text)
	}
	h, err := parse(hash)
	if err != nil {
		return false, false, err
	}
	key, err := p.run(ctx, tenantID, h, text)
	if err != nil || !h.matches(key) {
		return false, false, err
	}
	return true, p.stale(h), nil
}

// VerifyDecoy does the work of Verify for an account that does not exist, so
// that the time does not tell (ASVS 6.3.8).
func (p *Pool) VerifyDecoy(ctx context.Context, tenantID uuid.UUID, pw string) error {
	text, _ := normalise(pw)
	key, err := p.run(ctx, tenantID, p.decoy, text)
	if err == nil {
		p.decoy.matches(key)
	}
	return err
}

// NeedsRehash tells whether hash was made with other costs or another pepper
// than a new one would be; true also for what cannot be read.
func (p *Pool) NeedsRehash(hash string) bool {
	h, err := parse(hash)
	return err != nil || p.stale(h)
}

func (p *Pool) stale(h phc) bool {
	return h.params != p.params || h.keyID != p.peppers.current || len(h.key) != keyBytes || len(h.salt) != saltBytes
}

// run waits for a turn and derives the key of text with the salt and costs of h.
func (p *Pool) run(ctx context.Context, tenantID uuid.UUID, h phc, text string) (key []byte, err error) {
	secret, err := p.peppers.secret(h.keyID, text)
	if err != nil {
		return nil, err
	}
	if err := p.queue.enter(ctx, tenantID); err != nil {
		return nil, err
	}
	defer p.queue.leave()
	defer func() {
		if r := recover(); r != nil {
			p.panics.Add(1)
			key, err = nil, fmt.Errorf("derive password key: panic: %v", r)
		}
	}()
	p.hashes.Add(1)
	return p.derive(h, secret), nil
}

// random gives n bytes; crypto/rand ends the program rather than fail.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}
