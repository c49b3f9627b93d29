package document_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/document"
	"tilgang/internal/document/parcel"
	"tilgang/internal/fault"
)

func counts(d document.Delivery) [4]int64 {
	return [4]int64{d.Fresh, d.Replaced, d.Same, d.Problems}
}

func TestADeliveryReachesItsPersonAndNobodyElse(t *testing.T) {
	w := newWorld(t)
	src := pack(t, head+slip("a.pdf", "1", "2026-03-25")+slip("b.pdf", "2", "2026-03-25"), "a.pdf", paper("Anna"), "b.pdf", paper("Bo"))
	row := w.deliver(src)
	if row.State != document.Done || counts(row) != [4]int64{2, 0, 0, 0} {
		t.Fatalf("%+v", row)
	}
	own := w.list("1")
	if len(own) != 1 || w.read(own[0].Document) != string(paper("Anna")) || own[0].Media != "application/pdf" {
		t.Fatalf("%+v", own)
	}
	h, _, err := w.svc.Find(w.ctx, w.as("1"), own[0].ID, w.now.Now())
	if err != nil || h.Pay == nil || h.Pay.Net != 7000 {
		t.Errorf("%+v %v", h.Pay, err)
	}
	t.Run("another person's and another tenant's ask in vain", func(t *testing.T) {
		if _, _, err := w.svc.Find(w.ctx, w.as("2"), own[0].ID, w.now.Now()); err == nil {
			t.Error("Bo reads Anna's")
		}
		theirs := w.as("1")
		theirs.PersonID = w.ids["fjord1"]
		if _, _, err := w.svc.Find(w.other, theirs, own[0].ID, w.now.Now()); err == nil {
			t.Error("fjord reads havn's")
		}
		if _, _, err := w.svc.One(w.other, own[0].ID); err == nil {
			t.Error("fjord's HR finds havn's")
		}
		if rows, err := w.svc.History(w.other, 10); err != nil || len(rows) != 0 {
			t.Errorf("%d deliveries, %v", len(rows), err)
		}
	})
	t.Run("the same again changes nothing", func(t *testing.T) {
		if again := w.deliver(src); counts(again) != [4]int64{0, 0, 2, 0} || len(w.list("1")) != 1 {
			t.Errorf("%+v", again)
		}
	})
}

func TestACorrectedPayslipTakesThePlaceOfTheOld(t *testing.T) {
	w := newWorld(t)
	w.deliver(pack(t, head+slip("a.pdf", "1", "2026-03-25"), "a.pdf", paper("wrong")))
	old := w.list("1")[0]
	row := w.deliver(pack(t, head+slip("x.pdf", "1", "2026-03-25"), "x.pdf", paper("right")))
	own := w.list("1")
	if counts(row) != [4]int64{0, 1, 0, 0} || len(own) != 1 || !own[0].Corrects || w.read(own[0].Document) != string(paper("right")) {
		t.Fatalf("%+v %+v", row, own)
	}
	if _, _, err := w.svc.Find(w.ctx, w.as("1"), old.ID, w.now.Now()); err == nil {
		t.Error("the old one is still to be read")
	}
}

func TestAPoisonRowIsToldAndStopsNoOther(t *testing.T) {
	w := newWorld(t)
	list := head + slip("good.pdf", "1", "2026-01-25") +
		slip("nobody.pdf", "999", "2026-01-25") +
		slip("gone.pdf", "1", "2026-02-25") +
		slip("html.pdf", "1", "2026-03-25") +
		slip("../../etc/passwd", "1", "2026-04-25") +
		slip("twice.pdf", "1", "2026-05-25") +
		slip("bomb.pdf", "1", "2026-06-25") +
		slip("good.pdf", "1", "2026-07-25") +
		"\"open quote,1,payslip,2026-08-25,x,havn-retail,,,,\n" +
		slip("cut.pdf", "1", "2026-09-25") +
		slip("empty.pdf", "1", "2026-10-25") +
		slip("last.pdf", "1", "2026-01-25") +
		"ok.pdf,1,payslip,25.03.2026,,elsewhere,kr,1,2,x\n" +
		slip("fine.pdf", "1", "2026-11-20")
	row := w.deliver(pack(t, list, "good.pdf", paper("a"), "nobody.pdf", paper("b"), "html.pdf", []byte("<html><script>alert(1)</script>%PDF-1.4 %%EOF"),
		"twice.pdf", paper("c"), "twice.pdf", paper("d"), "bomb.pdf", append(paper("e"), make([]byte, parcel.MaxFile)...),
		"cut.pdf", []byte("%PDF-1.4\nhalf"), "empty.pdf", []byte{}, "last.pdf", paper("f"), "ok.pdf", paper("g"), "fine.pdf", paper("h")))
	want := map[int64]string{
		3: "document.row.nobody", 4: "document.file.missing", 5: "document.file.type", 6: "document.file.climbs", 7: "document.file.twice", 8: "document.file.large",
		9: "document.file.again", 10: "document.row.torn", 11: "document.file.cut", 12: "document.file.empty", 13: "document.row.again",
		14: "document.row.employer document.row.date document.row.title document.row.currency document.row.amount",
	}
	if diff := cmp.Diff(want, w.problems(row)); diff != "" {
		t.Error(diff)
	}
	if counts(row) != [4]int64{2, 0, 0, 12} || len(w.list("1")) != 2 {
		t.Errorf("%v and %d documents", counts(row), len(w.list("1")))
	}
}

func TestAFolderFollowsNoLink(t *testing.T) {
	w := newWorld(t)
	dir, out := t.TempDir(), t.TempDir()
	write := func(path string, body []byte) {
		t.Helper()
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(out, "secret.pdf"), paper("secret"))
	write(filepath.Join(dir, "inside.pdf"), paper("inside"))
	write(filepath.Join(dir, parcel.Manifest), []byte(head+slip("link.pdf", "1", "2026-01-25")+slip("dir/secret.pdf", "1", "2026-02-25")+slip("near.pdf", "1", "2026-03-25")+slip("inside.pdf", "1", "2026-04-25")))
	for from, to := range map[string]string{"link.pdf": filepath.Join(out, "secret.pdf"), "dir": out, "near.pdf": "inside.pdf"} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	src, err := parcel.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	row := w.deliver(src)
	want := map[int64]string{2: "document.file.link", 3: "document.file.link", 4: "document.file.link"}
	if diff := cmp.Diff(want, w.problems(row)); diff != "" || row.Fresh != 1 {
		t.Errorf("%+v\n%s", row, diff)
	}
}

// failing gives up on one file.
type failing struct {
	parcel.Source
	at string
}

func (f *failing) File(name string) (io.ReadCloser, error) {
	if name == f.at {
		return nil, errors.New("the disk is gone")
	}
	return f.Source.File(name)
}

func TestARunThatBrokeOffGoesOnAndMakesEachDocumentOnce(t *testing.T) {
	w := newWorld(t)
	list := head
	var entries []any
	for i := range 250 {
		name := fmt.Sprintf("%04d.pdf", i)
		list += slip(name, "1", fmt.Sprintf("%d-%02d-%02d", 2015+i/120, i%12+1, i/12%10+1))
		entries = append(entries, name, paper(name))
	}
	src := &failing{Source: pack(t, list, entries...), at: "0220.pdf"}
	broken, err := w.svc.Run(w.ctx, "big.zip", src, false, func(document.Delivery) {})
	if err == nil || broken.RowsRead != 200 || len(w.list("1")) != 200 {
		t.Fatalf("%v %+v %d", err, broken, len(w.list("1")))
	}
	src.at = ""
	row := w.deliver(src)
	if row.ID != broken.ID || counts(row) != [4]int64{250, 0, 0, 0} || len(w.list("1")) != 250 {
		t.Errorf("%+v, %d documents", row, len(w.list("1")))
	}
}

// meeting holds each run at its first file until the other is there too: both
// have judged by then, and found nothing of the other's.
type meeting struct {
	parcel.Source
	once *sync.Once
	both *sync.WaitGroup
}

func (m *meeting) File(name string) (io.ReadCloser, error) {
	if name != parcel.Manifest {
		m.once.Do(m.both.Done)
		m.both.Wait()
	}
	return m.Source.File(name)
}

func TestTwoRunsAtOnceMakeEachDocumentOnce(t *testing.T) {
	w := newWorld(t)
	list := head
	var entries []any
	for i := range 60 {
		name := fmt.Sprintf("%04d.pdf", i)
		list += slip(name, "1", fmt.Sprintf("%d-%02d-25", 2015+i/12, i%12+1))
		entries = append(entries, name, paper(name))
	}
	rows, errs := make([]document.Delivery, 2), make([]error, 2)
	var wait, both sync.WaitGroup
	both.Add(2)
	for i := range 2 {
		// Two different lists, so that neither goes on with the other's run.
		src := &meeting{Source: pack(t, list+strings.Repeat("\n", i), entries...), once: new(sync.Once), both: &both}
		wait.Go(func() { rows[i], errs[i] = w.svc.Run(w.ctx, "twin.zip", src, false, func(document.Delivery) {}) })
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if n := len(w.list("1")); n != 60 || rows[0].Fresh+rows[1].Fresh != 60 {
		t.Errorf("%d documents; %v and %v", n, counts(rows[0]), counts(rows[1]))
	}
}

func TestAStoreThatDoesNotAnswerLosesNothing(t *testing.T) {
	w := newWorld(t)
	src := pack(t, head+slip("a.pdf", "1", "2026-03-25"), "a.pdf", paper("a"))
	w.store.down = errors.New("connection refused")
	_, err := w.svc.Run(w.ctx, "a.zip", src, false, func(document.Delivery) {})
	if f, known := fault.As(err); !known || f.Kind != fault.Unavailable || len(w.list("1")) != 0 {
		t.Fatalf("%v", err)
	}
	w.store.down = nil
	if row := w.deliver(src); row.Fresh != 1 {
		t.Fatalf("%+v", row)
	}
	d := w.list("1")[0]
	w.store.down = errors.New("connection refused")
	if _, err := w.svc.Content(w.ctx, d.Document); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	if len(w.list("1")) != 1 {
		t.Error("the list is gone with the store")
	}
}

func TestNothingLiesInTheFolderInClear(t *testing.T) {
	w := newWorld(t)
	w.deliver(pack(t, head+slip("a.pdf", "1", "2026-03-25"), "a.pdf", paper("thirty thousand")))
	files := 0
	err := filepath.WalkDir(w.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		body, err := os.ReadFile(path)
		for _, word := range []string{"%PDF", "thirty", "nseddel", "Anna", "2026-03"} {
			if bytes.Contains(body, []byte(word)) || strings.Contains(path, word) {
				t.Errorf("%s says %q", path, word)
			}
		}
		return err
	})
	if err != nil || files != 1 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestAParcelWithoutASoundListIsRefusedWhole(t *testing.T) {
	w := newWorld(t)
	for code, list := range map[string]string{
		"document.parcel.column": "file,employee_number,kind,date,title,salary\n",
		"document.parcel.needs":  "file,employee_number,kind,date\n",
		"document.parcel.empty":  "\n",
	} {
		_, err := w.svc.Run(w.ctx, "x.zip", pack(t, list), false, func(document.Delivery) {})
		if f, known := fault.As(err); !known || f.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	rows, err := w.svc.History(w.ctx, 10)
	if err != nil || len(rows) != 3 || rows[0].State != document.Failed {
		t.Errorf("%+v %v", rows, err)
	}
}

func countFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
