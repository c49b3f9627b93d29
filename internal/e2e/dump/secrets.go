package dump

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// shortest is how long a secret must be, in characters, to be told from chance.
const shortest = 6

// Secrets are what must stand nowhere in clear. Several may add at once.
type Secrets struct {
	mu    sync.Mutex
	kinds map[string]string // secret -> what it is
}

// Add notes a secret and what it is; what is too short to be one is left out.
func (s *Secrets) Add(kind, text string) {
	if len(text) < shortest {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kinds == nil {
		s.kinds = map[string]string{}
	}
	if _, known := s.kinds[text]; !known {
		s.kinds[text] = kind
	}
}

// Count tells how many there are of each kind.
func (s *Secrets) Count() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[string]int{}
	for _, kind := range s.kinds {
		n[kind]++
	}
	return n
}

// Len tells how many there are.
func (s *Secrets) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.kinds)
}

// list gives them in order, so that two searches find alike.
func (s *Secrets) list() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.kinds))
}

func (s *Secrets) kind(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kinds[text]
}

// digits tells whether a text is a short number, which chance writes too.
func digits(text string) bool {
	return len(text) <= 8 && strings.Trim(text, "0123456789") == ""
}
