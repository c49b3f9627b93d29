package files_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"tilgang/internal/document/files"
	"tilgang/internal/secret"
)

func vault(t testing.TB) (*files.Vault, string) {
	t.Helper()
	keys, err := secret.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	box, err := keys.Box()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	folder := files.NewFolder(dir, true)
	t.Cleanup(func() { _ = folder.Close() })
	return files.NewVault(folder, box), dir
}

func read(v *files.Vault, t testing.TB, owner uuid.UUID, name string) ([]byte, error) {
	in, err := v.Open(t.Context(), owner, name)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(in)
	return body, errors.Join(err, in.Close())
}

func TestWhatWasKeptComesBackWholeOrNotAtAll(t *testing.T) {
	v, dir := vault(t)
	owner := uuid.New()
	rapid.Check(t, func(r *rapid.T) {
		name, size := uuid.NewString(), rapid.SampledFrom([]int{0, 1, 65535, 65536, 65537, 200_000}).Draw(r, "size")
		body := bytes.Repeat([]byte{'x'}, size)
		if err := v.Keep(t.Context(), owner, name, body); err != nil {
			r.Fatal(err)
		}
		if got, err := read(v, t, owner, name); err != nil || !bytes.Equal(got, body) {
			r.Fatalf("%d bytes of %d: %v", len(got), size, err)
		}
		path := filepath.Join(dir, owner.String(), name[34:], name)
		sealed, err := os.ReadFile(path)
		if err != nil {
			r.Fatal(err)
		}
		cut := rapid.IntRange(0, len(sealed)-1).Draw(r, "cut")
		if err := os.WriteFile(path, sealed[:cut], 0o600); err != nil {
			r.Fatal(err)
		}
		if _, err := read(v, t, owner, name); !errors.Is(err, files.ErrDamaged) {
			r.Fatalf("cut at %d of %d: %v", cut, len(sealed), err)
		}
	})
}

// Where one piece ends, the file looks whole but for the mark of the last one.
func TestAFileCutBetweenItsPiecesDoesNotOpenWhole(t *testing.T) {
	v, dir := vault(t)
	owner, name := uuid.New(), uuid.NewString()
	if err := v.Keep(t.Context(), owner, name, bytes.Repeat([]byte{'x'}, 150_000)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, owner.String(), name[34:], name)
	sealed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at, cuts := bytes.IndexByte(sealed, '\n')+1, 0
	for at < len(sealed) {
		at += 4 + int(binary.BigEndian.Uint32(sealed[at:]))
		if at == len(sealed) {
			break
		}
		cuts++
		if err := os.WriteFile(path, sealed[:at], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(v, t, owner, name); !errors.Is(err, files.ErrDamaged) {
			t.Errorf("cut at %d: %v", at, err)
		}
	}
	if cuts != 2 {
		t.Errorf("%d cuts", cuts)
	}
}

func TestAFileOpensOnlyWhereItBelongs(t *testing.T) {
	v, dir := vault(t)
	owner, other, name, second := uuid.New(), uuid.New(), uuid.NewString(), uuid.NewString()
	if err := v.Keep(t.Context(), owner, name, []byte("words")); err != nil {
		t.Fatal(err)
	}
	if _, err := read(v, t, other, name); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("another owner: %v", err)
	}
	body, err := os.ReadFile(filepath.Join(dir, owner.String(), name[34:], name))
	if err != nil {
		t.Fatal(err)
	}
	for to, n := range map[uuid.UUID]string{other: name, owner: second} {
		folder := filepath.Join(dir, to.String(), n[34:])
		if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, n), body, 0o600)); err != nil {
			t.Fatal(err)
		}
		if _, err := read(v, t, to, n); !errors.Is(err, files.ErrDamaged) {
			t.Errorf("moved: %v", err)
		}
	}
	for _, bad := range []string{"", "../" + name, name + "/..", "a"} {
		if _, err := v.Open(t.Context(), owner, bad); err == nil {
			t.Errorf("%q is a name", bad)
		}
	}
	if err := errors.Join(v.Delete(t.Context(), owner, name), v.Delete(t.Context(), owner, name)); err != nil {
		t.Errorf("deleting twice: %v", err)
	}
}
