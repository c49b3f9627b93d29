package mailaddr

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestAddressesThatAreTheSameHaveOneKey(t *testing.T) {
	cases := []struct{ name, typed, display, key string }{
		{"a plain address stays as it is", "anna@havn.dk", "anna@havn.dk", "anna@havn.dk"},
		{"upper case is kept for show only", "Anna.Holm@HAVN.dk", "Anna.Holm@havn.dk", "anna.holm@havn.dk"},
		{"a plus tag makes another address", "anna+hr@havn.dk", "anna+hr@havn.dk", "anna+hr@havn.dk"},
		{"an apostrophe is a letter of some names", "o'neil@havn.dk", "o'neil@havn.dk", "o'neil@havn.dk"},
		{"a Nordic domain goes to ASCII", "ole@BLÅBÆR.no", "ole@blåbær.no", "ole@xn--blbr-roah.no"},
		{"an ASCII form of it gives the same", "ole@xn--blbr-roah.no", "ole@blåbær.no", "ole@xn--blbr-roah.no"},
		{"a Nordic name is lowered", "ÅSE@skog.se", "ÅSE@skog.se", "åse@skog.se"},
		{"a decomposed letter is composed", "a\u030ase@skog.se", "åse@skog.se", "åse@skog.se"},
		{"sharp s is not turned into ss", "a@straße.de", "a@straße.de", "a@xn--strae-oqa.de"},
		{"Japanese writes two scripts together", "a@日本ひらカタ.jp", "a@日本ひらカタ.jp", ""},
		{"hyphens and digits are names too", "1-a@4-h.example.org", "1-a@4-h.example.org", "1-a@4-h.example.org"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.typed)
			if err != nil {
				t.Fatal(err)
			}
			if got.Display != c.display || c.key != "" && got.Key != c.key {
				t.Errorf("got %q, %q", got.Display, got.Key)
			}
		})
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	long := strings.Repeat("a", 64)
	cases := []struct {
		name, typed string
		want        error
	}{
		{"nothing", "", ErrEmpty},
		{"no at sign", "anna.havn.dk", ErrShape},
		{"two at signs", "anna@holm@havn.dk", ErrShape},
		{"nothing before the at sign", "@havn.dk", ErrShape},
		{"nothing after the at sign", "anna@", ErrShape},
		{"a dot first", ".anna@havn.dk", ErrShape},
		{"two dots", "an..na@havn.dk", ErrShape},
		{"white space in front", " anna@havn.dk", ErrCharacter},
		{"white space behind", "anna@havn.dk ", ErrDomain},
		{"a line break that would start a header", "anna@havn.dk\r\nBcc: x@evil.example", ErrShape},
		{"a line break in the domain", "anna@havn.dk\r\n.evil.example", ErrDomain},
		{"a quoted name", `"anna holm"@havn.dk`, ErrCharacter},
		{"a comment", "anna(hr)@havn.dk", ErrCharacter},
		{"angle brackets", "<anna@havn.dk>", ErrCharacter},
		{"two addresses", "anna@havn.dk,eva@havn.dk", ErrShape},
		{"a NUL", "an\x00na@havn.dk", ErrCharacter},
		{"bytes that are not text", "an\xffna@havn.dk", ErrCharacter},
		{"bytes that are not text in the domain", "anna@h\xffvn.dk", ErrDomain},
		{"a bare host", "anna@localhost", ErrDomain},
		{"an IP address", "anna@127.0.0.1", ErrDomain},
		{"an address literal", "anna@[127.0.0.1]", ErrDomain},
		{"a dot at the end", "anna@havn.dk.", ErrDomain},
		{"an underscore in the domain", "anna@ha_vn.dk", ErrDomain},
		{"a label that starts with a hyphen", "anna@-havn.dk", ErrDomain},
		{"a label that only looks like IDNA", "anna@xn--a.dk", ErrDomain},
		{"a Cyrillic letter in a Latin name", "аnna@havn.dk", ErrScript},
		{"a Cyrillic letter in a Latin domain", "anna@hаvn.dk", ErrScript},
		{"the same hidden in ASCII", "anna@xn--hvn-5cd.dk", ErrScript},
		{"full-width letters", "ａnna@havn.dk", ErrCharacter},
		{"a full-width domain", "anna@ｈavn.dk", ErrCharacter},
		{"an ideographic full stop", "anna@havn。dk", ErrDomain},
		{"a Kelvin sign for a k", "mi\u212ae@havn.dk", ErrCharacter},
		{"a Kelvin sign in the domain", "anna@s\u212aog.se", ErrCharacter},
		{"a dotless i", "m\u0131ke@havn.dk", ErrCharacter},
		{"a dotted capital I", "M\u0130KE@havn.dk", ErrCharacter},
		{"a ligature", "e\ufb03e@havn.dk", ErrCharacter},
		{"a zero-width space", "an\u200bna@havn.dk", ErrCharacter},
		{"a right-to-left override", "an\u202ena@havn.dk", ErrCharacter},
		{"65 bytes before the at sign", long + "a@havn.dk", ErrTooLong},
		{"255 bytes in all", "a@" + strings.Repeat("abcdefg.", 32) + "dk", ErrTooLong},
		{"a label of 64 bytes", "a@" + long + ".dk", ErrDomain},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.typed)
			if !errors.Is(err, c.want) {
				t.Errorf("Parse(%q) = %+v, %v; want %v", c.typed, got, err, c.want)
			}
		})
	}
}

func TestMaskShowsAFirstLetterAndTheTopLevel(t *testing.T) {
	for typed, want := range map[string]string{
		"anna@havn.dk":          "a***@h***.dk",
		"Åse@mail.blåbær.no":    "Å***@m***.no",
		"a@b.dk":                "***@***.dk",
		"not an address":        "***",
		"":                      "***",
		"x@evil.example\r\nHi:": "***",
	} {
		if got := Mask(typed); got != want {
			t.Errorf("Mask(%q) = %q, want %q", typed, got, want)
		}
	}
}

func FuzzKeyIsItsOwnKey(f *testing.F) {
	for _, s := range []string{
		"Anna@Havn.DK", "ole@blåbær.no", "a\u030ase@skog.se", "M\u0130KE@x.dk", "a@xn--blbr-roah.no",
		"ß@straße.de", "ς@x.gr", "a@faß.de", "ǰ@x.se", "a@日本.jp", "\u1e9e@x.de", "a@א.com", "\u0345a@x.dk",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			return
		}
		for _, form := range []string{a.Key, a.Display} {
			again, err := Parse(form)
			if err != nil || again.Key != a.Key {
				t.Fatalf("Parse(%q) = %+v; Parse(%q) = %+v, %v", s, a, form, again, err)
			}
		}
		if !norm.NFKC.IsNormalString(a.Key) || len(a.Key) > MaxBytes || strings.ContainsAny(a.Key, "\r\n\x00 <>\"(),;") {
			t.Fatalf("unsafe key %q", a.Key)
		}
		if strings.Contains(Mask(s), a.Display) {
			t.Fatalf("mask shows %q", s)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("anna.holm@butik.havn.dk"); err != nil {
			b.Fatal(err)
		}
	}
}
