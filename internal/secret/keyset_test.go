package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
)

func TestRotation(t *testing.T) {
	keys, err := NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	before := boxOf(t, keys)
	sealed, _ := before.Seal([]byte("old"), "t", "c")
	rotated, err := keys.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	after := boxOf(t, reread(t, rotated))
	t.Run("what the old key sealed still opens", func(t *testing.T) {
		if got, err := after.Open(sealed, "t", "c"); err != nil || string(got) != "old" {
			t.Fatalf("%q, %v", got, err)
		}
	})
	t.Run("new values are sealed with the new key", func(t *testing.T) {
		fresh, _ := after.Seal([]byte("new"), "t", "c")
		if _, err := before.Open(fresh, "t", "c"); !errors.Is(err, ErrSealed) {
			t.Fatalf("the old keyset opens it: %v", err)
		}
	})
	t.Run("keyed hashes, signatures and the pepper stay", func(t *testing.T) {
		id := uuid.New()
		if !bytes.Equal(before.Keyed("address", id, "x"), after.Keyed("address", id, "x")) ||
			!bytes.Equal(before.Pepper(), after.Pepper()) || !after.Verify("p", "m", before.Sign("p", "m")) {
			t.Fatal("they changed")
		}
	})
}

// reread is the keyset after a trip through its stored form.
func reread(t *testing.T, keys *Keyset) *Keyset {
	t.Helper()
	data, err := keys.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseKeyset(data)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestParseKeysetRefuses(t *testing.T) {
	keys, _ := NewKeyset()
	data, _ := keys.Encode()
	good := string(data)
	for name, text := range map[string]string{
		"nothing":            "",
		"no JSON":            "hello",
		"another version":    strings.Replace(good, `"version": 1`, `"version": 2`, 1),
		"an unknown field":   strings.Replace(good, `"version"`, `"extra": 1, "version"`, 1),
		"more text behind":   good + "{}",
		"a short root":       strings.Replace(good, good[strings.Index(good, `"root": "`):strings.Index(good, `",`)+1], `"root": "AAAA"`, 1),
		"no sealing keys":    `{"version":1,"root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","sealing":{}}`,
		"more than a keyset": strings.Repeat(" ", largestKeyset+1),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseKeyset([]byte(text)); !errors.Is(err, ErrKeyset) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestKeysetFile(t *testing.T) {
	t.Run("is made once, private, and read again", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "keyset.json")
		first, err := LoadOrCreateKeyset(path)
		if err != nil {
			t.Fatal(err)
		}
		second, err := LoadOrCreateKeyset(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.root, second.root) {
			t.Fatal("the second start made new keys")
		}
		if info, _ := os.Stat(path); info.Mode().Perm() != private {
			t.Fatalf("mode %v", info.Mode())
		}
	})
	t.Run("is refused when group or world may touch it", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "keyset.json")
		if _, err := LoadOrCreateKeyset(path); err != nil {
			t.Fatal(err)
		}
		for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o666} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			if _, err := LoadKeyset(path); !errors.Is(err, ErrKeyset) || !strings.Contains(err.Error(), "chmod 600") {
				t.Errorf("mode %v: %v", mode, err)
			}
			if _, err := LoadOrCreateKeyset(path); !errors.Is(err, ErrKeyset) {
				t.Errorf("mode %v was replaced: %v", mode, err)
			}
		}
	})
	t.Run("a damaged one is never replaced", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "keyset.json")
		if err := os.WriteFile(path, []byte("{"), private); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadOrCreateKeyset(path); !errors.Is(err, ErrKeyset) {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("Save replaces it whole and leaves nothing beside it", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "keyset.json")
		keys, _ := LoadOrCreateKeyset(path)
		rotated, _ := keys.Rotate()
		if err := rotated.Save(path); err != nil {
			t.Fatal(err)
		}
		again, err := LoadKeyset(path)
		if err != nil || again.sealing.Len() != 2 {
			t.Fatalf("%v", err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 1 {
			t.Fatalf("%d files are left", len(left))
		}
	})
}

func TestTwoStartsTogetherEndWithTheSameKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyset.json")
	roots := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range roots {
		wg.Go(func() {
			if keys, err := LoadOrCreateKeyset(path); err == nil {
				roots[i] = keys.root
			}
		})
	}
	wg.Wait()
	for i, root := range roots {
		if len(root) == 0 || !bytes.Equal(root, roots[0]) {
			t.Fatalf("start %d has other keys", i)
		}
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	keys, _ := NewKeyset()
	box := boxOf(t, keys)
	encoded, _ := keys.Encode()
	var stored struct {
		Root string `json:"root"`
	}
	if err := json.Unmarshal(encoded, &stored); err != nil {
		t.Fatal(err)
	}
	type holder struct {
		Password Redacted
		Keys     *Keyset
		Box      *Box
	}
	const word = "hunter2"
	h := holder{word, keys, box}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%08b"} {
		_, _ = fmt.Fprintf(&out, verb+verb+verb+verb, h.Password, h, keys, box)
	}
	var text, jsonText bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "a", h.Password, "b", h)
	slog.New(slog.NewJSONHandler(&jsonText, nil)).Info("x", "a", h.Password, "b", h)
	marshalled, err := json.Marshal(map[string]any{"a": h.Password, "b": &h.Password})
	if err != nil {
		t.Fatal(err)
	}
	all := out.String() + text.String() + jsonText.String() + string(marshalled)
	for _, leak := range []string{word, fmt.Sprintf("%x", word), fmt.Sprintf("%X", word), stored.Root, fmt.Sprint(keys.root)} {
		if strings.Contains(all, leak) {
			t.Errorf("%q leaked", leak)
		}
	}
	if !strings.Contains(all, mask) || h.Password.Plain() != word {
		t.Fatal("Redacted is not what it should be")
	}
}
