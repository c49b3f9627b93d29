package obs

import (
	"context"
	"crypto/rand"
	"strings"
)

type requestKey struct{}

// WithRequestID gives the context the id that ties the log lines of one request together.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, strings.Clone(id))
}

// RequestID is the context's request id, empty when it has none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// NewRequestID is a fresh id of 26 characters, short enough to read to a help desk.
func NewRequestID() string { return rand.Text() }

// ChooseRequestID keeps the id that a proxy gave when it has 8 to 64 letters, digits and
// hyphens, else it makes a new one.
func ChooseRequestID(given string) string {
	if len(given) < 8 || len(given) > 64 {
		return NewRequestID()
	}
	for _, c := range []byte(given) {
		if !isWord(c) || c == '_' {
			return NewRequestID()
		}
	}
	return strings.Clone(given)
}
