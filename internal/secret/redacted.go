package secret

import (
	"fmt"
	"io"
	"log/slog"
)

const mask = "[redacted]"

// Redacted is a text that no print, log or JSON shows; keep it in exported fields only, because
// fmt prints unexported ones without asking the type, and never make it the key of a map.
type Redacted string

// Plain is the text itself, for the one place that needs it.
func (r Redacted) Plain() string { return string(r) }

// String is "[redacted]".
func (Redacted) String() string { return mask }

// GoString is "[redacted]".
func (Redacted) GoString() string { return mask }

// Format is "[redacted]" for every verb; without it %d would show the text.
func (Redacted) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, mask) }

// LogValue is "[redacted]".
func (Redacted) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON is "[redacted]".
func (Redacted) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// MarshalText is "[redacted]".
func (Redacted) MarshalText() ([]byte, error) { return []byte(mask), nil }
