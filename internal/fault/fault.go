package fault

import (
	"errors"
	"time"
)

// Kind says what sort of refusal it is.
type Kind string

// The kinds, a short list on purpose: the codes tell the rest.
const (
	Invalid         Kind = "invalid"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not_found"
	Conflict        Kind = "conflict"
	Expired         Kind = "expired"
	TooMany         Kind = "too_many"
	TooLarge        Kind = "too_large"
	Unavailable     Kind = "unavailable"
	Internal        Kind = "internal"
)

// Fault is a refusal that a person can be told.
type Fault struct {
	Kind       Kind
	Code       string            // catalogue key, e.g. "invite.expired"
	Args       map[string]any    // for the catalogue
	Fields     map[string]string // form field -> catalogue key
	RetryAfter time.Duration
	cause      error
}

// New makes a Fault. args come in pairs: name, value.
func New(kind Kind, code string, args ...any) *Fault {
	f := &Fault{Kind: kind, Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]any{}
		}
		name, _ := args[i].(string)
		f.Args[name] = args[i+1]
	}
	return f
}

// Field makes an Invalid fault about one form field.
func Field(field, code string, args ...any) *Fault {
	f := New(Invalid, code, args...)
	f.Fields = map[string]string{field: code}
	return f
}

// Because keeps the cause for the log; it is never shown.
func (f *Fault) Because(err error) *Fault {
	c := *f
	c.cause = err
	return &c
}

// After says when a new try makes sense.
func (f *Fault) After(d time.Duration) *Fault {
	c := *f
	c.RetryAfter = d
	return &c
}

// Error is for logs, not for people.
func (f *Fault) Error() string {
	s := string(f.Kind) + ": " + f.Code
	if f.cause != nil {
		s += ": " + f.cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.cause }

// Is lets errors.Is compare two faults by kind and code.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Kind == f.Kind && t.Code == f.Code
}

// As finds a Fault in err's chain.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// KindOf is the kind of err: Internal when there is no Fault in its chain.
func KindOf(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return Internal
}
