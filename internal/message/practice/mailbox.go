package practice

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"github.com/google/uuid"

	"tilgang/internal/clock"
	"tilgang/internal/message/email"
)

// Keep is how many of the newest entries are held and shown.
const Keep = 2000

// Mailbox holds the entries; it is safe for concurrent use.
type Mailbox struct {
	clock clock.Clock

	mu      sync.RWMutex
	journal *journal
	entries []*Entry // oldest first
	byID    map[string]*Entry
	closed  bool
}

// Option changes how a mailbox is opened.
type Option func(*options)

type options struct {
	clock  clock.Clock
	rotate int64
}

// WithClock sets the clock for created_at; without it the system's is used.
func WithClock(c clock.Clock) Option { return func(o *options) { o.clock = c } }

// WithRotation sets the size in bytes at which a new file is begun, 32 MiB without it.
func WithRotation(bytes int64) Option { return func(o *options) { o.rotate = bytes } }

// Open reads the newest entries of the mailbox in dir and continues it; dir is
// made when missing.
func Open(dir string, opts ...Option) (*Mailbox, error) {
	o := options{clock: &clock.System{}, rotate: 32 << 20}
	for _, opt := range opts {
		opt(&o)
	}
	j, err := openJournal(dir, o.rotate)
	if err != nil {
		return nil, fmt.Errorf("open mailbox: %w", err)
	}
	m := &Mailbox{clock: o.clock, journal: j, byID: map[string]*Entry{}}
	if err := j.replay(m.load); err != nil {
		_ = j.close()
		return nil, fmt.Errorf("read mailbox: %w", err)
	}
	return m, nil
}

// Deliver keeps a message and returns it as kept. Links are read from the text,
// created_at is now unless set. An id that is in the mailbox already gets the
// suffix ~2, ~3 and so on: a message that comes twice is seen twice.
func (m *Mailbox) Deliver(e Entry) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return Entry{}, email.ErrClosed
	}
	e.complete(m.clock.Now())
	e.ID = m.free(e.ID)
	line, err := json.Marshal(&e)
	if err != nil {
		return Entry{}, fmt.Errorf("encode entry: %w", err)
	}
	if err := m.journal.append(line); err != nil {
		return Entry{}, fmt.Errorf("keep entry: %w", err)
	}
	m.add(&e)
	return e.copied(), nil
}

// free is id, or id with the first suffix that is not taken; a new one for "".
func (m *Mailbox) free(id string) string {
	if id == "" {
		return uuid.Must(uuid.NewV7()).String()
	}
	candidate := id
	for n := 2; m.byID[candidate] != nil; n++ {
		candidate = id + "~" + strconv.Itoa(n)
	}
	return candidate
}

func (m *Mailbox) load(line []byte) {
	e := new(Entry)
	if json.Unmarshal(line, e) != nil || e.ID == "" || m.byID[e.ID] != nil {
		return
	}
	e.complete(e.CreatedAt)
	m.add(e)
}

func (m *Mailbox) add(e *Entry) {
	m.entries = append(m.entries, e)
	m.byID[e.ID] = e
	if len(m.entries) > Keep {
		delete(m.byID, m.entries[0].ID)
		m.entries[0] = nil
		m.entries = m.entries[1:]
	}
}

// List gives the entries that match, newest first; never nil.
func (m *Mailbox) List(f Filter) []Entry {
	m.mu.RLock()
	defer m.mu.RUnlock()
	found := []Entry{}
	for i := len(m.entries) - 1; i >= 0; i-- {
		if f.Limit > 0 && len(found) == f.Limit {
			break
		}
		if f.matches(m.entries[i]) {
			found = append(found, m.entries[i].copied())
		}
	}
	return found
}

// Get gives one entry by id; false when it is not, or no longer, kept.
func (m *Mailbox) Get(id string) (Entry, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	e := m.byID[id]
	if e == nil {
		return Entry{}, false
	}
	return e.copied(), true
}

// Close ends the writing; what was delivered can still be read. It may be called again.
func (m *Mailbox) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	return m.journal.close()
}
