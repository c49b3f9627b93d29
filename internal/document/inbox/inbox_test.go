package inbox_test

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tilgang/internal/document/inbox"
	"tilgang/internal/document/inbox/inboxtest"
	"tilgang/internal/document/parcel"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func still() error { return nil }

// both are the two sorts of places, with what puts a file there.
func both(t *testing.T) map[string]struct {
	place inbox.Place
	put   func(name, body string)
	names func() []string
} {
	t.Helper()
	shelf, dir := inboxtest.New(t), t.TempDir()
	return map[string]struct {
		place inbox.Place
		put   func(name, body string)
		names func() []string
	}{
		"a bucket": {inbox.NewBucket(shelf.Config(), "payroll", "havn"), func(name, body string) { shelf.Put("payroll/havn/"+name, body) }, func() []string {
			return under(shelf.Names("payroll/havn/"), "payroll/havn/")
		}},
		"a folder": {inbox.Folder{Dir: dir, Now: func() time.Time { return noon }}, func(name, body string) { write(t, dir, name, body) }, func() []string { return walk(t, dir) }},
	}
}

func write(t *testing.T, dir, name, body string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, noon, noon.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
}

func walk(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			list = append(list, strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(dir)+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func under(names []string, prefix string) (list []string) {
	for _, name := range names {
		list = append(list, strings.TrimPrefix(name, prefix))
	}
	return list
}

func TestADeliveryIsReadyWhenItsListIsThereAndIsMovedWhole(t *testing.T) {
	for name, p := range both(t) {
		t.Run(name, func(t *testing.T) {
			for _, file := range []string{"april/a.pdf", "march/slips/1 +æ.pdf", "march/slips/2.pdf", "march/b.pdf", "march/c.pdf", ".hidden/manifest.csv", "done/x/manifest.csv", "refused/y/manifest.csv", "loose.pdf", "manifest.csv"} {
				p.put(file, "body of "+file)
			}
			ready, err := p.place.Ready(t.Context())
			if err != nil || len(ready) != 0 {
				t.Fatalf("before the list: %v %v", ready, err)
			}
			p.put("march/manifest.csv", "the list")
			if ready, err = p.place.Ready(t.Context()); err != nil || !slices.Equal(ready, []string{"march"}) {
				t.Fatalf("%v %v", ready, err)
			}
			reads(t, p.place)
			to := inbox.Aside(inbox.Done, noon, "march")
			for range 2 {
				if err := p.place.Move(t.Context(), "march", to, still); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.place.Tell(t.Context(), to+".txt", []byte("row 3")); err != nil {
				t.Fatal(err)
			}
			left := slices.DeleteFunc(p.names(), func(n string) bool { return strings.HasPrefix(n, to) })
			if len(left) != 6 || slices.ContainsFunc(left, func(n string) bool { return strings.HasPrefix(n, "march/") }) {
				t.Errorf("left are %v", left)
			}
			for _, file := range []string{"/manifest.csv", "/slips/1 +æ.pdf", "/slips/2.pdf", "/b.pdf", "/c.pdf", ".txt"} {
				if !slices.Contains(p.names(), to+file) {
					t.Errorf("%s is not in %v", to+file, p.names())
				}
			}
			if whole, err := p.place.Complete(t.Context(), "march"); whole || err != nil {
				t.Errorf("after the move: %t %v", whole, err)
			}
		})
	}
}

// reads opens march and what is in it, and what is not.
func reads(t *testing.T, place inbox.Place) {
	t.Helper()
	src, err := place.Open(t.Context(), "march")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	for file, want := range map[string]string{"manifest.csv": "the list", "slips/1 +æ.pdf": "body of march/slips/1 +æ.pdf"} {
		in, err := src.File(file)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil || string(body) != want {
			t.Errorf("%s is %q, %v", file, body, err)
		}
	}
	if _, err := src.File("slips/9.pdf"); err == nil || err.Error() != (&parcel.Flaw{Code: "document.file.missing"}).Error() {
		t.Errorf("what is not there: %v", err)
	}
}

func TestAListThatIsStillWrittenWaits(t *testing.T) {
	dir, now := t.TempDir(), noon
	f := inbox.Folder{Dir: dir, Now: func() time.Time { return now }}
	write(t, dir, "march/manifest.csv", "half a li")
	if err := os.Chtimes(filepath.Join(dir, "march", "manifest.csv"), noon, noon); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]int{0: 0, 29 * time.Second: 0, 30 * time.Second: 1} {
		now = noon.Add(after)
		if ready, err := f.Ready(t.Context()); err != nil || len(ready) != want {
			t.Errorf("after %s: %v %v", after, ready, err)
		}
	}
}

func TestALinkLeadsOutOfNoInbox(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, outside, "manifest.csv", "another's list")
	if err := os.Symlink(outside, filepath.Join(dir, "march")); err != nil {
		t.Fatal(err)
	}
	f := inbox.Folder{Dir: dir, Now: func() time.Time { return noon }}
	if ready, err := f.Ready(t.Context()); err != nil || len(ready) != 0 {
		t.Errorf("%v %v", ready, err)
	}
	if _, err := f.Open(t.Context(), "march"); err == nil {
		t.Error("a link is opened")
	}
	if err := f.Move(t.Context(), "march", "../elsewhere", still); err == nil {
		t.Error("it is moved out of the inbox")
	}
}

func TestAPlaceThatIsGoneSaysSo(t *testing.T) {
	shelf := inboxtest.New(t)
	shelf.Break(true)
	for name, p := range map[string]inbox.Place{
		"a bucket": inbox.NewBucket(shelf.Config(), "payroll", ""), "a folder": inbox.Folder{Dir: filepath.Join(t.TempDir(), "none"), Now: time.Now},
	} {
		if _, err := p.Ready(t.Context()); err == nil {
			t.Errorf("%s is ready", name)
		}
	}
}

func TestAMoveThatBrokeOffGoesOnAndTheListComesLast(t *testing.T) {
	shelf := inboxtest.New(t)
	b := inbox.NewBucket(shelf.Config(), "payroll", "havn")
	for _, file := range []string{"a.pdf", "b.pdf", "manifest.csv", "z.pdf"} {
		shelf.Put("payroll/havn/march/"+file, file)
	}
	shelf.FailCopies(1)
	if err := b.Move(t.Context(), "march", "done/x-march", still); err == nil {
		t.Fatal("a refused copy is no error")
	}
	if whole, err := b.Complete(t.Context(), "march"); !whole || err != nil {
		t.Fatalf("the list went before the rest: %v", err)
	}
	if err := b.Move(t.Context(), "march", "done/x-march", still); err != nil {
		t.Fatal(err)
	}
	if got := shelf.Names("payroll/"); len(got) != 4 || len(shelf.Names("payroll/havn/done/x-march/")) != 4 {
		t.Errorf("%v", got)
	}
}
