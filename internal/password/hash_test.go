package password_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"tilgang/internal/fault"
	"tilgang/internal/password"
)

// cheap keeps the tests quick; only the costs differ from the real thing.
var cheap = password.Params{MemoryKiB: 32, Time: 1, Threads: 1}

func cheapPool(pepper string, former ...string) *password.Pool {
	c := password.PoolConfig{Params: cheap, Pepper: []byte(pepper)}
	for _, f := range former {
		c.FormerPeppers = append(c.FormerPeppers, []byte(f))
	}
	return password.NewPool(c)
}

func mustHash(t interface {
	Helper()
	Fatal(...any)
}, p *password.Pool, pw string,
) string {
	t.Helper()
	h, err := p.Hash(rootCtx, uuid.Nil, pw)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func verify(t interface {
	Helper()
	Fatal(...any)
}, p *password.Pool, hash, pw string,
) (ok, rehash bool) {
	t.Helper()
	ok, rehash, err := p.Verify(rootCtx, uuid.Nil, hash, pw)
	if err != nil {
		t.Fatal(err)
	}
	return ok, rehash
}

func TestDefaultHashIsArgon2idOf19MiB(t *testing.T) {
	p := password.NewPool(password.PoolConfig{})
	h := mustHash(t, p, "grønne gulerødder")
	if !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(h, "keyid") {
		t.Errorf("stored as %s", h)
	}
	if ok, rehash := verify(t, p, h, "grønne gulerødder"); !ok || rehash {
		t.Errorf("own hash: ok %t, rehash %t", ok, rehash)
	}
	if ok, _ := verify(t, p, h, "grønne gulerødder "); ok {
		t.Error("a blank more is taken for the same password")
	}
}

// The hash is one of the test vectors of the reference implementation of
// Argon2, version 1.3.
func TestHashOfTheReferenceImplementationVerifies(t *testing.T) {
	h := "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if ok, rehash := verify(t, cheapPool(""), h, "password"); !ok || !rehash {
		t.Errorf("ok %t, rehash %t", ok, rehash)
	}
}

func TestTheSamePasswordTwiceGivesTwoHashes(t *testing.T) {
	p := cheapPool("")
	if mustHash(t, p, "grønne gulerødder") == mustHash(t, p, "grønne gulerødder") {
		t.Error("two people with one password can be told by their hashes")
	}
}

func TestPassphrasesEqualInTheFirst72BytesAreDifferent(t *testing.T) {
	same := strings.Repeat("kilometer ", 8)
	for _, p := range []*password.Pool{cheapPool(""), cheapPool("0123456789abcdef")} {
		if ok, _ := verify(t, p, mustHash(t, p, same+"et"), same+"to"); ok {
			t.Error("the end of a long passphrase does not count")
		}
	}
}

func TestComposedAndDecomposedTypingSignInAlike(t *testing.T) {
	p := cheapPool("0123456789abcdef")
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("aeøæåäöüéèñçÅÄÖÜabc 17!ǖếﬁｋ")), 1, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		pw := letters.Draw(t, "pw")
		if ok, _ := verify(t, p, mustHash(t, p, norm.NFC.String(pw)), norm.NFD.String(pw)); !ok {
			t.Fatalf("%q set composed does not verify decomposed", pw)
		}
		if ok, _ := verify(t, p, mustHash(t, p, pw), pw+"x"); ok {
			t.Fatalf("%q verifies with a letter more", pw)
		}
	})
}

func TestRehash(t *testing.T) {
	plain, peppered := cheapPool(""), cheapPool("0123456789abcdef")
	changed := cheapPool("fedcba9876543210", "0123456789abcdef")
	costly := password.NewPool(password.PoolConfig{Params: password.Params{MemoryKiB: 64, Time: 1, Threads: 1}})
	cases := []struct {
		name     string
		by, with *password.Pool
		rehash   bool
	}{
		{"a hash of today stays", plain, plain, false},
		{"a peppered hash of today stays", peppered, peppered, false},
		{"higher costs ask for a new hash", plain, costly, true},
		{"a pepper brought in asks for a new hash", plain, peppered, true},
		{"a changed pepper asks for a new hash", peppered, changed, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := mustHash(t, c.by, "grønne gulerødder")
			if ok, rehash := verify(t, c.with, h, "grønne gulerødder"); !ok || rehash != c.rehash || c.with.NeedsRehash(h) != c.rehash {
				t.Errorf("ok %t, rehash %t, needs %t", ok, rehash, c.with.NeedsRehash(h))
			}
			if ok, rehash := verify(t, c.with, h, "gule gulerødder"); ok || rehash {
				t.Errorf("wrong password: ok %t, rehash %t", ok, rehash)
			}
		})
	}
}

func TestAPepperIsNeededAndNeverShown(t *testing.T) {
	h := mustHash(t, cheapPool("0123456789abcdef"), "grønne gulerødder")
	if strings.Contains(h, "0123456789abcdef") || !strings.Contains(h, ",keyid=") {
		t.Errorf("stored as %s", h)
	}
	for _, p := range []*password.Pool{cheapPool(""), cheapPool("another pepper..")} {
		if ok, _, err := p.Verify(rootCtx, uuid.Nil, h, "grønne gulerødder"); ok || err == nil {
			t.Errorf("without its pepper: ok %t, err %v", ok, err)
		}
	}
	stripped := h[:strings.Index(h, ",keyid=")] + h[strings.LastIndex(h[:strings.LastIndex(h, "$")], "$"):]
	if ok, _ := verify(t, cheapPool("0123456789abcdef"), stripped, "grønne gulerødder"); ok {
		t.Error("a hash verifies with and without the pepper")
	}
}

func TestUnreadableHashesAreErrorsThatTellNothing(t *testing.T) {
	p := cheapPool("")
	good := mustHash(t, p, "grønne gulerødder")
	for name, h := range map[string]string{
		"words":              "hunter2",
		"another scheme":     "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
		"another version":    strings.Replace(good, "v=19", "v=16", 1),
		"planted memory":     strings.Replace(good, "m=32", "m=4194304", 1),
		"planted time":       strings.Replace(good, "t=1", "t=4000000000", 1),
		"no time":            strings.Replace(good, "t=1", "t=0", 1),
		"no threads":         strings.Replace(good, "p=1", "p=0", 1),
		"trailing cost":      strings.Replace(good, "p=1", "p=1x", 1),
		"cut short":          good[:len(good)-30],
		"a newline":          good + "\n",
		"no key":             good[:strings.LastIndex(good, "$")+1],
		"very long":          good + strings.Repeat("A", 1<<16),
		"an encoding broken": strings.Replace(good, "$argon2id", "$argon2id$", 1),
	} {
		t.Run(name, func(t *testing.T) {
			ok, _, err := p.Verify(rootCtx, uuid.Nil, h, "grønne gulerødder")
			if ok || err == nil || strings.Contains(err.Error(), h) || !p.NeedsRehash(h) {
				t.Errorf("ok %t, err %v", ok, err)
			}
		})
	}
}

func TestUnusableInput(t *testing.T) {
	p := cheapPool("")
	good := mustHash(t, p, "") // what unusable text is nearest to
	for name, pw := range map[string]string{"broken UTF-8": "a\xffb", "a NUL": "a\x00b", "a megabyte": strings.Repeat("a", 1<<20)} {
		t.Run(name+" is refused when set and costs one hash when tried", func(t *testing.T) {
			if _, err := p.Hash(rootCtx, uuid.Nil, pw); fault.KindOf(err) != fault.Invalid {
				t.Errorf("setting it: %v", err)
			}
			before := p.Stats().Hashes
			if ok, _ := verify(t, p, good, pw); ok || p.Stats().Hashes != before+1 {
				t.Errorf("trying it: ok %t, %d hashes", ok, p.Stats().Hashes-before)
			}
		})
	}
}
