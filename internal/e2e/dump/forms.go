package dump

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// form is one way in which a secret may be written.
type form struct {
	name   string
	secret string
	body   []byte
	apart  bool // counts only where nothing touches it
}

var (
	key32 = regexp.MustCompile(`^[A-Z2-7]{16,}$`)
	key64 = regexp.MustCompile(`^[A-Za-z0-9_-]{22,}$`)
)

// forms are all ways in which a secret may be written.
func forms(secret string) (list []form) {
	seen := map[string]bool{}
	add := func(name string, body []byte, apart bool) {
		if len(body) >= shortest && !seen[string(body)] {
			seen[string(body)] = true
			list = append(list, form{name, secret, body, apart})
		}
	}
	for _, text := range spellings(secret) {
		add("as it is", []byte(text), digits(text))
		encodings([]byte(text), add)
		add("in UTF-16", wide(text, 0), false)
		add("in UTF-16", wide(text, 1), false)
		add("in an address", []byte(url.QueryEscape(text)), digits(text))
		add("in an address", []byte(url.PathEscape(text)), digits(text))
	}
	for _, raw := range decoded(secret) {
		add("decoded", raw, false)
		encodings(raw, add)
	}
	return list
}

// spellings are a secret with and without what divides it, in large and small
// letters. Digits are also told one by one, as a call says them.
func spellings(secret string) []string {
	joined := strings.NewReplacer("-", "", " ", "", "+", "").Replace(secret)
	list := []string{secret, joined}
	if digits(joined) {
		list = append(list, strings.Join(strings.Split(joined, ""), " "))
	}
	for _, text := range list {
		list = append(list, strings.ToLower(text), strings.ToUpper(text))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// decoded is what a secret stands for, where it is written in an alphabet.
func decoded(secret string) (list [][]byte) {
	if key32.MatchString(secret) {
		if raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret); err == nil {
			list = append(list, raw)
		}
	}
	if key64.MatchString(secret) {
		if raw, err := base64.RawURLEncoding.DecodeString(secret); err == nil {
			list = append(list, raw)
		}
	}
	return list
}

func encodings(raw []byte, add func(name string, body []byte, apart bool)) {
	add("in hex", []byte(hex.EncodeToString(raw)), false)
	add("in hex", []byte(strings.ToUpper(hex.EncodeToString(raw))), false)
	add("in base32", []byte(strings.TrimRight(base32.StdEncoding.EncodeToString(raw), "=")[:len(raw)*8/5]), false)
	for ahead := range 3 {
		add("in base64", within(base64.RawStdEncoding, raw, ahead), false)
		add("in base64", within(base64.RawURLEncoding, raw, ahead), false)
	}
}

// within is what stands in the encoding of a longer text that has the bytes
// behind so many others: only the characters that nothing else decides.
func within(enc *base64.Encoding, raw []byte, ahead int) []byte {
	whole := enc.EncodeToString(append(make([]byte, ahead), raw...))
	return []byte(whole[(ahead*8+5)/6 : (ahead+len(raw))*8/6])
}

// wide is a text in UTF-16; high tells which byte of a character comes first.
func wide(text string, high int) []byte {
	var body []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		pair := [2]byte{byte(unit), byte(unit >> 8)}
		body = append(body, pair[high], pair[1-high])
	}
	return body
}
