package email

import (
	"errors"
	"fmt"
)

// Outcome says what a failed send means for the mail.
type Outcome string

// The outcomes; the empty one is success.
const (
	Retry     Outcome = "retry"
	Permanent Outcome = "permanent"
	Unknown   Outcome = "unknown"
)

// Error is a failed send.
type Error struct {
	Outcome  Outcome
	Stage    string // where it ended: check, wait, connect, mail, rcpt, data, content, accept
	Code     int    // the relay's three digits, 0 when it gave none
	Enhanced string // RFC 3463 code such as 5.1.1, when the relay gave one
	cause    error
}

// Error is for logs; it holds what the relay said, never a body.
func (e *Error) Error() string {
	return fmt.Sprintf("send mail: %s: %s: %v", e.Stage, e.Outcome, e.cause)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Class is the outcome in err: "" for nil, and Unknown for an error that no
// Sender of ours made, since then nobody can say that the mail stayed here.
func Class(err error) Outcome {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return Unknown
}

// Refuse makes an error at a stage with an outcome; other Senders classify with it.
func Refuse(outcome Outcome, stage string, cause error) *Error {
	return &Error{Outcome: outcome, Stage: stage, cause: cause}
}
