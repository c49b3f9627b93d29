package password_test

import (
	"slices"
	"strings"
	"testing"

	"tilgang/internal/password"
	"tilgang/internal/tenant"
)

func isRefusedAsCommon(pw string) bool {
	return slices.Contains(codes(password.Check(tenant.PasswordPolicy{}, true, password.Context{}, pw)), "not_common")
}

func TestEveryListedWordIsRefused(t *testing.T) {
	words := password.CommonWords()
	if len(words) < 45000 {
		t.Fatalf("only %d words", len(words))
	}
	for _, w := range words {
		if !isRefusedAsCommon(w) {
			t.Errorf("%q is accepted", w)
		}
	}
}

func TestListedWordsDressedUpAreRefused(t *testing.T) {
	for i, w := range password.CommonWords() {
		if i%20 != 0 || len(w) < 4 || strings.ContainsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) {
			continue
		}
		for _, pw := range []string{strings.ToUpper(w[:1]) + w[1:] + "2026!", "!" + w + "1", w + "123456"} {
			if !isRefusedAsCommon(pw) {
				t.Errorf("%q is accepted", pw)
			}
		}
	}
}

func TestTheMostUsedPasswordsOfAllAreRefused(t *testing.T) {
	for w := range strings.FieldsSeq(`password 123456789 12345678 baseball football qwertyuiop 1234567890 superman 1qaz2wsx trustno1 jennifer
		sunshine iloveyou starwars computer michelle 11111111 princess 987654321 corvette 1234qwer 88888888 internet samantha whatever
		maverick steelers mercedes 123123123 qwer1234 hardcore midnight bigdaddy victoria 1q2w3e4r cocacola marlboro asdfasdf 12341234
		jordan23 jonathan liverpoo danielle abcd1234 scorpion slipknot startrek 12344321 redskins butthead qwertyui dolphins nicholas
		elephant mountain xxxxxxxx 1q2w3e4r5t metallica passw0rd password1 welcome1 letmein1 admin123 qwerty123 adgangskode kodeord1
		passord1 sommer2026 sommer26 vinter2025 løsenord lösenord velkommen1 Velkommen1! hejmeddig1234 Danmark1 Norge2026! Sverige123`) {
		if got := password.Check(tenant.PasswordPolicy{}, true, password.Context{}, w); len(got) == 0 {
			t.Errorf("%q is accepted", w)
		}
	}
}
