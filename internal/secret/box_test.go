package secret

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func newBox(t *testing.T) *Box {
	t.Helper()
	keys, err := NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	return boxOf(t, keys)
}

func boxOf(t *testing.T, keys *Keyset) *Box {
	t.Helper()
	box, err := keys.Box()
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestSealedValueOpensOnlyWhereItBelongs(t *testing.T) {
	box := newBox(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		place := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "place")
		other := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "other")
		sealed, err := box.Seal(plain, place...)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := box.Open(sealed, place...); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened to %x, %v", got, err)
		}
		same := len(place) == len(other)
		for i := 0; same && i < len(place); i++ {
			same = place[i] == other[i]
		}
		if _, err := box.Open(sealed, other...); same != (err == nil) {
			t.Fatalf("sealed for %q, opened for %q: %v", place, other, err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	box := newBox(t)
	sealed, err := box.Seal([]byte("JBSWY3DPEHPK3PXP"), "ab", "c")
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(sealed)
	damaged[len(damaged)-1] ^= 1
	for name, c := range map[string]struct {
		box    *Box
		sealed []byte
		place  []string
		want   error
	}{
		"the same letters cut elsewhere": {box, sealed, []string{"a", "bc"}, ErrSealed},
		"another order":                  {box, sealed, []string{"c", "ab"}, ErrSealed},
		"a part fewer":                   {box, sealed, []string{"ab"}, ErrSealed},
		"an empty part more":             {box, sealed, []string{"ab", "c", ""}, ErrSealed},
		"one part with a border inside":  {box, sealed, []string{"ab\x00\x00\x00\x00\x00\x00\x00\x00c"}, ErrSealed},
		"no place at all":                {box, sealed, nil, ErrUnbound},
		"a changed bit":                  {box, damaged, []string{"ab", "c"}, ErrSealed},
		"a value that was cut":           {box, sealed[:20], []string{"ab", "c"}, ErrSealed},
		"nothing":                        {box, nil, []string{"ab", "c"}, ErrSealed},
		"another installation's keys":    {newBox(t), sealed, []string{"ab", "c"}, ErrSealed},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := c.box.Open(c.sealed, c.place...); !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
		})
	}
	t.Run("and nothing is sealed for no place", func(t *testing.T) {
		if _, err := box.Seal([]byte("x")); !errors.Is(err, ErrUnbound) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestSealingTwiceShowsNothingInCommon(t *testing.T) {
	box := newBox(t)
	a, _ := box.Seal([]byte("same"), "t", "c")
	b, _ := box.Seal([]byte("same"), "t", "c")
	if bytes.Equal(a, b) || bytes.Contains(a, []byte("same")) {
		t.Fatal("a sealed value can be compared or read")
	}
	if len(a) != len("same")+45 {
		t.Fatalf("sealing adds %d bytes, the comment says 45", len(a)-4)
	}
}

func TestKeyed(t *testing.T) {
	box := newBox(t)
	havn, skog := uuid.New(), uuid.New()
	base := box.Keyed("address", havn, "ida@havn.example")
	if len(base) != 32 || !bytes.Equal(base, box.Keyed("address", havn, "ida@havn.example")) {
		t.Fatal("a keyed hash is 32 bytes and always the same")
	}
	for name, other := range map[string][]byte{
		"another tenant":           box.Keyed("address", skog, "ida@havn.example"),
		"another purpose":          box.Keyed("national_id", havn, "ida@havn.example"),
		"another value":            box.Keyed("address", havn, "ida@havn.exampl"),
		"another installation":     newBox(t).Keyed("address", havn, "ida@havn.example"),
		"a signature of the value": box.Sign("address", "ida@havn.example"),
		"the pepper":               box.Pepper(),
	} {
		t.Run("differs for "+name, func(t *testing.T) {
			if bytes.Equal(base, other) {
				t.Fatal("they are the same")
			}
		})
	}
}

func TestSignature(t *testing.T) {
	box := newBox(t)
	sig := box.Sign("form", "havn 1795624800")
	if !box.Verify("form", "havn 1795624800", sig) {
		t.Fatal("a true signature was refused")
	}
	for name, ok := range map[string]bool{
		"for another purpose": box.Verify("other", "havn 1795624800", sig),
		"for another message": box.Verify("form", "havn 1795624801", sig),
		"that was cut":        box.Verify("form", "havn 1795624800", sig[:31]),
		"that is empty":       box.Verify("form", "havn 1795624800", nil),
		"of another box":      newBox(t).Verify("form", "havn 1795624800", sig),
	} {
		t.Run("refuses one "+name, func(t *testing.T) {
			if ok {
				t.Fatal("accepted")
			}
		})
	}
}

func BenchmarkKeyed(b *testing.B) {
	keys, err := NewKeyset()
	if err != nil {
		b.Fatal(err)
	}
	box, err := keys.Box()
	if err != nil {
		b.Fatal(err)
	}
	tenant := uuid.New()
	for b.Loop() {
		box.Keyed("address", tenant, "ida@havn.example")
	}
}
