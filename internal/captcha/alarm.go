package captcha

import (
	"sync"
	"time"
)

// pause is how long a verifier that did not answer is left alone, so that each
// form does not wait for it anew.
const pause = 30 * time.Second

// resting are the verifiers that are left alone, by employer.
type resting struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// rests tells whether an employer's verifier is left alone now.
func (r *resting) rests(slug string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until[slug])
}

// rest leaves it alone for a while, and tells whether it was not already.
func (r *resting) rest(slug string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.until[slug]) {
		return false
	}
	if r.until == nil {
		r.until = map[string]time.Time{}
	}
	r.until[slug] = now.Add(pause)
	return true
}
