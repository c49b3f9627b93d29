package practice

import (
	"maps"
	"slices"
)

// Mark notes what the mailbox holds; back makes it hold that again, as often as
// it is called. The file keeps whatever came.
func (m *Mailbox) Mark() (back func()) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	entries, byID := slices.Clone(m.entries), maps.Clone(m.byID)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.entries, m.byID = slices.Clone(entries), maps.Clone(byID)
	}
}
