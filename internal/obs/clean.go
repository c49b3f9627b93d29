package obs

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	mask       = "[redacted]"
	longest    = 2 << 10 // bytes of one value
	cutMark    = "… (cut)"
	tokenShape = 43 // characters of base64url: our tokens
)

// clean makes one attribute safe to write. It also sees the message itself.
func clean(groups []string, a slog.Attr) slog.Attr {
	hidden := secretName(a.Key) || slices.ContainsFunc(groups, secretName)
	a.Key = text(a.Key)
	if hidden {
		return slog.String(a.Key, mask)
	}
	switch a.Value.Kind() { //nolint:exhaustive // the rest cannot hold a text
	case slog.KindString:
		a.Value = slog.StringValue(text(a.Value.String()))
	case slog.KindAny:
		a.Value = slog.AnyValue(thing(a.Value.Any()))
	}
	return a
}

func text(s string) string { return shorten(strings.Map(printable, maskTokens(s))) }

// printable replaces the control characters of Latin-1, one of them a line end, which the
// handlers of slog write as they are; they escape the others themselves.
func printable(r rune) rune {
	if r >= 0x7f && r <= 0x9f {
		return utf8.RuneError
	}
	return r
}

// thing keeps what slog writes well and flattens the rest.
func thing(v any) any {
	switch v := v.(type) {
	case nil, time.Time, slog.Level, *slog.Source:
		return v
	case error, fmt.Stringer:
		// Sprint survives a nil pointer inside the interface, a direct call does not.
		return text(fmt.Sprint(v))
	case []byte:
		return fmt.Sprintf("%d bytes", len(v))
	}
	return text(flat(v))
}

// flat is a struct, map or list as JSON without the values of secret names.
func flat(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	var tree any
	if json.Unmarshal(data, &tree) != nil {
		return fmt.Sprintf("%T", v)
	}
	data, err = json.Marshal(scrub(tree))
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	return string(data)
}

func scrub(tree any) any {
	switch t := tree.(type) {
	case map[string]any:
		for name, v := range t {
			if t[name] = scrub(v); secretName(name) {
				t[name] = mask
			}
		}
	case []any:
		for i, v := range t {
			t[i] = scrub(v)
		}
	}
	return tree
}

// shorten cuts at a character's border; log pipelines drop lines that are too long.
func shorten(s string) string {
	if len(s) <= longest {
		return s
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.ToValidUTF8(s[:cut], "�") + cutMark
}

// maskTokens hides runs of exactly 43 base64url characters, as an address in an error may hold.
func maskTokens(s string) string {
	if len(s) < tokenShape {
		return s
	}
	var b strings.Builder
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && isWord(s[i]) {
			continue
		}
		if i-start == tokenShape {
			b.WriteString(mask)
		} else {
			b.WriteString(s[start:i])
		}
		if i < len(s) {
			b.WriteByte(s[i])
		}
		start = i + 1
	}
	return b.String()
}

// isWord tells whether c is of the base64url alphabet.
func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}
