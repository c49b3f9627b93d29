package secret

import (
	"strings"
	"testing"
)

func TestToken(t *testing.T) {
	t.Run("a token is 43 characters and hashes to what is stored with it", func(t *testing.T) {
		plain, hash := Token()
		if len(plain) != TokenLength || len(hash) != 32 || !Equal(HashToken(plain), hash) {
			t.Fatalf("token of %d characters, hash of %d bytes", len(plain), len(hash))
		}
	})
	t.Run("no two tokens are alike", func(t *testing.T) {
		seen := map[string]bool{}
		for range 1000 {
			plain, _ := Token()
			if seen[plain] {
				t.Fatal("the same token twice")
			}
			seen[plain] = true
		}
	})
}

func TestHashTokenRefusesWhatIsNoToken(t *testing.T) {
	good := strings.Repeat("A", TokenLength)
	if HashToken(good) == nil {
		t.Fatal("a good token was refused")
	}
	for name, plain := range map[string]string{
		"an empty one":                     "",
		"one that was cut":                 good[:42],
		"one with more behind it":          good + "A",
		"one with padding":                 good[:42] + "=",
		"one of the other base64":          good[:42] + "+",
		"one with stray bits at the end":   good[:42] + "B",
		"one with a line end in it":        good + "\n",
		"one of the right length in runes": strings.Repeat("å", TokenLength),
	} {
		t.Run(name, func(t *testing.T) {
			if HashToken(plain) != nil {
				t.Fatalf("%q was hashed", plain)
			}
		})
	}
}

func TestEqual(t *testing.T) {
	_, a := Token()
	_, b := Token()
	for name, c := range map[string]struct {
		a, b []byte
		want bool
	}{
		"the same hash is equal":                 {a, append([]byte(nil), a...), true},
		"another hash is not":                    {a, b, false},
		"the beginning of a hash is not":         {a, a[:31], false},
		"nothing is not even equal to nothing":   {nil, nil, false},
		"an empty hash is not equal to an empty": {[]byte{}, []byte{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Equal(c.a, c.b); got != c.want {
				t.Fatalf("Equal = %v", got)
			}
		})
	}
}
