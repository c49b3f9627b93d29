package dump_test

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"tilgang/internal/e2e/dump"
)

// planted are secrets of each shape and some of the ways to hide one.
func planted() map[string]string {
	return map[string]string{
		"a password": "En god lang sætning 7 Gange!", "a number": "010190-12345", "a spoken number": "01 01 90 12345", "a code": "482913", "a typed code": "7KQ2M-XW4HZ",
		"a recovery code": "ABCD-EFGH-JKMN-PQRS", "a seed": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "a token": "pYt3Zx0-_QyqB1m2n3o4p5q6r7s8t9u0v1w2x3y4z5A",
	}
}

func utf16of(text string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		pair := []byte{byte(u), byte(u >> 8)}
		if big {
			pair[0], pair[1] = pair[1], pair[0]
		}
		b.Write(pair)
	}
	return b.String()
}

// ways are the ways to write a text that the search sees through.
func ways() map[string]func(string) string {
	return map[string]func(string) string{
		"as it is":             func(s string) string { return s },
		"in a sentence":        func(s string) string { return "the secret is '" + s + "', keep it" },
		"in small letters":     strings.ToLower,
		"without its dividers": func(s string) string { return strings.NewReplacer("-", "", " ", "").Replace(s) },
		"in hex":               func(s string) string { return hex.EncodeToString([]byte(s)) },
		"in large hex":         func(s string) string { return "\\X" + strings.ToUpper(hex.EncodeToString([]byte(s))) },
		"in UTF-16":            func(s string) string { return utf16of("so: "+s, false) },
		"in the other UTF-16":  func(s string) string { return utf16of(s, true) },
		"in an address":        func(s string) string { return "/x?y=" + url.QueryEscape(s) + "&z=1" },
		"in base32":            func(s string) string { return base32.StdEncoding.EncodeToString([]byte(s)) },
		"without dividers in base64": func(s string) string {
			return base64.StdEncoding.EncodeToString([]byte(strings.NewReplacer("-", "", " ", "").Replace(s)))
		},
	}
}

func TestASecretIsFoundHoweverItIsWritten(t *testing.T) {
	all := ways()
	for name, enc := range map[string]*base64.Encoding{"": base64.StdEncoding, " for addresses": base64.URLEncoding, " without padding": base64.RawStdEncoding, " for addresses without padding": base64.RawURLEncoding} {
		for ahead := range 4 {
			all[fmt.Sprintf("in base64%s, behind %d bytes", name, ahead)] = func(s string) string {
				return enc.EncodeToString([]byte("\xff\xfe:{"[:ahead] + s + "\xff}"))
			}
		}
	}
	for what, secret := range planted() {
		for how, write := range all {
			var s dump.Secrets
			var p dump.Pile
			s.Add(what, secret)
			p.Put("nothing", []byte("Much that is harmless: 2026-11-22 12:00:00.482913+00, 1482913, x482913, 0482913f."))
			if found := p.Find(&s); len(found) != 0 {
				t.Fatalf("%s is found where it is not: %v", what, found)
			}
			p.Put("the place", []byte(write(secret)))
			found := p.Find(&s)
			if len(found) == 0 || !strings.HasSuffix(found[0], "the place") || !strings.HasPrefix(found[0], what+", ") {
				t.Errorf("%s %s: %v", what, how, found)
			}
		}
	}
}

func TestWhatATextStandsForIsFoundToo(t *testing.T) {
	seed, token := planted()["a seed"], planted()["a token"]
	one, _ := base32.StdEncoding.DecodeString(seed)
	two, _ := base64.RawURLEncoding.DecodeString(token)
	for what, hidden := range map[string][2]string{
		"a seed": {seed, "x" + string(one)}, "a seed in hex": {seed, hex.EncodeToString(one)}, "a seed in base64": {seed, base64.StdEncoding.EncodeToString(one)},
		"a token": {token, "x" + string(two)}, "a token in hex": {token, hex.EncodeToString(two)}, "a token in base64": {token, base64.StdEncoding.EncodeToString(two)},
		"a called code": {"482913", "Your code is 4 8 2 9 1 3, again"},
	} {
		var s dump.Secrets
		var p dump.Pile
		s.Add(what, hidden[0])
		p.Put("the place", []byte(hidden[1]))
		if found := p.Find(&s); len(found) == 0 {
			t.Errorf("%s is not found", what)
		}
	}
}

func TestNothingIsFoundInAPileOfHashes(t *testing.T) {
	var s dump.Secrets
	var p dump.Pile
	for what, secret := range planted() {
		s.Add(what, secret)
	}
	for n := range 2000 {
		p.Put("a hash", fmt.Appendf(nil, "%x %d", base64.StdEncoding.EncodeToString([]byte(fmt.Sprint(n*7919))), n))
	}
	if found := p.Find(&s); len(found) != 0 {
		t.Error(found)
	}
}
