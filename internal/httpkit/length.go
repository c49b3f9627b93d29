package httpkit

import (
	"bytes"
	"strings"
)

// ambiguous tells whether a request's raw headers state its length in two
// ways: then a proxy and this server could part a connection into different
// requests (RFC 9112 6.3 lets a server refuse it).
func ambiguous(raw []byte) bool {
	lengths, chunked := 0, false
	for line := range bytes.Lines(raw) {
		name, _, _ := strings.Cut(string(line), ":")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "content-length":
			lengths++
		case "transfer-encoding":
			chunked = true
		}
	}
	return lengths > 1 || lengths > 0 && chunked
}
