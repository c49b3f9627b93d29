package account_test

import (
	"strings"
	"testing"

	"tilgang/internal/account"
)

func TestWhatIsTypedToSignIn(t *testing.T) {
	for typed, key := range map[string]string{
		"1042": "#1042", " 10 42 ": "#1042", "a-17": "#A-17", "１０４２": "#1042", "007": "#007", "1042/havn-cafe": "#1042/HAVN-CAFE",
		"Ida@Havn.example": "ida@havn.example", "": "", "@": "", "10\x0042": "", strings.Repeat("1", 81): "", "1042@": "",
	} {
		a, err := account.ParseName(typed, true)
		if a.Key != key || (err == nil) != (key != "") {
			t.Errorf("%q is %q %v, want %q", typed, a.Key, err, key)
		}
		if key != "" && account.IsNumber(a.Key) != (key[0] == '#') {
			t.Errorf("%q is taken for the other kind", typed)
		}
		if again, err := account.ParseName(strings.TrimPrefix(a.Key, "#"), true); key != "" && (err != nil || again.Key != a.Key) {
			t.Errorf("the key of %q is not its own: %q", typed, again.Key)
		}
	}
	if _, err := account.ParseName("1042", false); err == nil {
		t.Error("a number was taken where the employer has none")
	}
}
