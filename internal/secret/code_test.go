package secret

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestCodesHaveTheShapePeopleSee(t *testing.T) {
	for name, c := range map[string]struct{ code, shape string }{
		"six digits":      {Code(6), `^[0-9]{6}$`},
		"four digits":     {Code(4), `^[0-9]{4}$`},
		"invitation code": {InviteCode(), `^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$`},
		"recovery code":   {RecoveryCodes(1)[0], `^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$`},
	} {
		t.Run(name, func(t *testing.T) {
			if !regexp.MustCompile(c.shape).MatchString(c.code) {
				t.Fatalf("%q is not %s", c.code, c.shape)
			}
		})
	}
}

func TestCodeDigitsAreEquallyLikely(t *testing.T) {
	var count [10]int
	const codes = 200000
	for range codes {
		for _, d := range Code(6) {
			count[d-'0']++
		}
	}
	// Expected are 120,000 of each with a deviation of 329. A byte modulo 10 would give the
	// digits 0 to 5 1,875 too many; five deviations are reached once in a hundred thousand runs.
	for d, n := range count {
		if n < 120000-1645 || n > 120000+1645 {
			t.Errorf("digit %d came %d times of %d", d, n, codes*6)
		}
	}
}

func TestCodeRefusesLengthsThatAreNoCode(t *testing.T) {
	for _, n := range []int{-1, 0, 3, 13} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Code(%d) did not panic", n)
				}
			}()
			Code(n)
		}()
	}
}

func TestRecoveryCodesAreAllDifferent(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range RecoveryCodes(500) {
		if seen[code] {
			t.Fatal("the same recovery code twice")
		}
		seen[code] = true
	}
}

func TestNormaliseCode(t *testing.T) {
	for name, c := range map[string]struct{ typed, want string }{
		"as shown":                      {"7K3QZ-0M4XY", "7K3QZ0M4XY"},
		"in lower case with spaces":     {" 7k3qz 0m4xy\t", "7K3QZ0M4XY"},
		"with the letters that deceive": {"7k3qz-Om4iL", "7K3QZ0M411"},
		"with a dash from a phone":      {"7K3QZ–0M4XY", "7K3QZ0M4XY"},
		"with a space that never wraps": {"123\u00a0456", "123456"},
		"U is not in the alphabet":      {"UUUUU-UUUUU", ""},
		"a letter with an accent":       {"7K3QZ-0M4XÉ", ""},
		"a full-width digit":            {"１２３４５６", ""},
		"nothing":                       {"", ""},
		"only hyphens":                  {"---", ""},
		"far too long":                  {strings.Repeat("7", 65), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := NormaliseCode(c.typed); got != c.want {
				t.Fatalf("NormaliseCode(%q) = %q, want %q", c.typed, got, c.want)
			}
		})
	}
}

func TestNormaliseCodeForgivesHowItIsTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[0-9A-HJKMNP-TV-Z]{6,16}`).Draw(t, "code")
		if got := NormaliseCode(mistype(t, code)); got != code {
			t.Fatalf("typed %q became %q", code, got)
		}
	})
}

// mistype writes a code as people do.
func mistype(t *rapid.T, code string) string {
	var b strings.Builder
	for _, c := range code {
		b.WriteString(rapid.SampledFrom([]string{"", "", "", " ", "-", "–", "\u00a0", "\t"}).Draw(t, "gap"))
		look := []string{string(c), string(unicode.ToLower(c))}
		switch c {
		case '0':
			look = append(look, "o", "O")
		case '1':
			look = append(look, "i", "I", "l", "L")
		}
		b.WriteString(rapid.SampledFrom(look).Draw(t, "look"))
	}
	return b.String()
}

func TestNormaliseCodeGivesOneSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := NormaliseCode(rapid.String().Draw(t, "typed"))
		if strings.Trim(once, crockford) != "" || len(once) > longestCode {
			t.Fatalf("%q is outside the alphabet or too long", once)
		}
		if NormaliseCode(once) != once {
			t.Fatalf("%q changes when it is normalised again", once)
		}
	})
}
