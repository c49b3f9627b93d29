package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/document"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// of every kind, for Anna, Bo and Cecilie.
func (w *world) everything() {
	w.t.Helper()
	list, entries := head, []any{}
	for _, number := range []string{"1", "2", "3"} {
		for _, kind := range document.Kinds() {
			name := number + string(kind) + ".pdf"
			list += name + "," + number + "," + string(kind) + ",2026-02-25,Title,havn-retail,,,,\n"
			entries = append(entries, name, paper(name))
		}
	}
	if row := w.deliver(pack(w.t, list, entries...)); row.Fresh != 15 {
		w.t.Fatalf("%+v %v", row, w.problems(row))
	}
}

// Bo left on 31 March 2026. The window is what the tenant's policy says.
func TestEachDocumentAnswersByItsEmployersStandingThatDay(t *testing.T) {
	w := newWorld(t)
	w.everything()
	own := tenant.MustFrom(w.ctx)
	own.Alumni.Classes, own.Alumni.Months = []string{"payslip", "contract"}, map[string]int{"*": 12}
	zone := own.Zone
	for _, c := range []struct {
		what, number string
		at           time.Time
		want         int
	}{
		{"staff see all", "1", w.now.Now(), 5},
		{"a joiner sees none", "3", w.now.Now(), 0},
		{"and all on the first day", "3", time.Date(2026, 12, 15, 0, 0, 0, 0, zone), 5},
		{"a leaver sees all on the last day", "2", time.Date(2026, 3, 31, 23, 59, 59, 0, zone), 5},
		{"and the employer's classes from the day after", "2", time.Date(2026, 4, 1, 0, 0, 0, 0, zone), 2},
		{"until the window's last second", "2", time.Date(2027, 3, 31, 23, 59, 59, 0, zone), 2},
		{"and then none", "2", time.Date(2027, 4, 1, 0, 0, 0, 0, zone), 0},
	} {
		own, err := w.svc.List(w.ctx, w.as(c.number), c.at)
		if err != nil || len(own.List) != c.want {
			t.Errorf("%s: %d documents, %v", c.what, len(own.List), err)
		}
	}
	t.Run("a document that is closed today answers like none", func(t *testing.T) {
		all, err := w.svc.List(w.ctx, w.as("2"), time.Date(2026, 3, 31, 12, 0, 0, 0, zone))
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range all.List {
			_, _, err := w.svc.Find(w.ctx, w.as("2"), h.ID, time.Date(2026, 4, 1, 12, 0, 0, 0, zone))
			open := h.Kind == document.Payslip || h.Kind == document.Contract
			if (err == nil) != open {
				t.Errorf("%s: %v", h.Kind, err)
			}
		}
	})
}

func TestAFilesAddressIsForOneSessionAndSomeMinutes(t *testing.T) {
	w := newWorld(t)
	anna, havn, fjord := w.as("1"), tenant.MustFrom(w.ctx), tenant.MustFrom(w.other)
	id := uuid.New()
	ticket := w.svc.Ticket(anna, havn, id, document.ToShow)
	if got, way, err := w.svc.Redeem(anna, havn, ticket); err != nil || got != id || way != document.ToShow {
		t.Fatalf("%v %v %v", got, way, err)
	}
	again := anna
	again.SessionID = uuid.New()
	for who, redeem := range map[string]func() error{
		"another session": func() error { _, _, err := w.svc.Redeem(again, havn, ticket); return err },
		"another person":  func() error { _, _, err := w.svc.Redeem(w.as("2"), havn, ticket); return err },
		"another tenant":  func() error { _, _, err := w.svc.Redeem(anna, fjord, ticket); return err },
		"a cut one":       func() error { _, _, err := w.svc.Redeem(anna, havn, ticket[:len(ticket)-1]); return err },
		"a changed one":   func() error { _, _, err := w.svc.Redeem(anna, havn, "b"+ticket[1:]); return err },
		"none":            func() error { _, _, err := w.svc.Redeem(anna, havn, ""); return err },
	} {
		if fault.KindOf(redeem()) != fault.NotFound {
			t.Errorf("%s: %v", who, redeem())
		}
	}
	w.now.Move(10 * time.Minute)
	if _, _, err := w.svc.Redeem(anna, havn, ticket); fault.KindOf(err) != fault.Expired {
		t.Errorf("after ten minutes: %v", err)
	}
}

func TestTheArchiveOfEverythingIsCheckedWithoutUs(t *testing.T) {
	w := newWorld(t)
	w.everything()
	list := w.list("1")
	list = append(list, list[0]) // two of one name
	var out bytes.Buffer
	if err := w.svc.Archive(w.ctx, &out, list, "read me"); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	block, _ := pem.Decode(files["signing-key.pem"])
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sums := files["SHA256SUMS"]
	if !ed25519.Verify(key.(ed25519.PublicKey), sums, files["SHA256SUMS.sig"]) {
		t.Error("the signature is not good")
	}
	lines := strings.Split(strings.TrimSpace(string(sums)), "\n")
	if len(lines) != len(list)+1 || len(files) != len(list)+5 {
		t.Errorf("%d sums of %d files", len(lines), len(files))
	}
	for _, line := range lines {
		sum, name, _ := strings.Cut(line, "  ")
		if got := sha256.Sum256(files[name]); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not as the list says", name)
		}
	}
	published, err := w.svc.SigningKey(tenant.MustFrom(w.ctx))
	theirs, _ := w.svc.SigningKey(tenant.MustFrom(w.other))
	if err != nil || !bytes.Equal(published, files["signing-key.pem"]) || bytes.Equal(published, theirs) {
		t.Error("the published key is another, or another employer's")
	}
	t.Run("a store that stops answering leaves no whole archive", func(t *testing.T) {
		w.store.down = io.ErrClosedPipe
		var half bytes.Buffer
		if err := w.svc.Archive(w.ctx, &half, list, ""); err == nil {
			t.Error("no error")
		}
		if _, err := zip.NewReader(bytes.NewReader(half.Bytes()), int64(half.Len())); err == nil {
			t.Error("half an archive opens")
		}
	})
}

func TestWhatIsOverByLawGoesAndWhatIsHeldStays(t *testing.T) {
	w := newWorld(t)
	w.everything()
	hr := w.as("1")
	sweep := func(at time.Time) int64 {
		t.Helper()
		w.now.Set(at)
		n, err := w.svc.Sweep(w.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	kept := func() (n int64) {
		w.tx(w.ctx, func(ctx context.Context) error { return db.From(ctx).Model(&document.Document{}).Count(&n).Error })
		return n
	}
	zone := tenant.MustFrom(w.ctx).Zone
	last := time.Date(2031, 12, 31, 23, 0, 0, 0, zone) // Denmark: five years from the end of 2026
	if n := sweep(last); n != 3 || kept() != 12 {
		t.Fatalf("on the last day %d went, %d are left: Bo's contract, certificate and letter are over since March", n, kept())
	}
	if err := w.svc.Keep(w.ctx, hr, w.ids["havn1"], "a dispute about overtime"); err != nil {
		t.Fatal(err)
	}
	if err := w.svc.Keep(w.ctx, hr, w.ids["havn1"], "a dispute about overtime"); err != nil {
		t.Errorf("a second hold: %v", err)
	}
	if n := sweep(last.Add(2 * time.Hour)); n != 4 {
		t.Errorf("%d went: the payslips and statements of two, Anna's are held", n)
	}
	if err := w.svc.Release(w.ctx, hr, w.ids["havn1"]); err != nil {
		t.Fatal(err)
	}
	if n := sweep(last.Add(3 * time.Hour)); n != 2 || kept() != 6 {
		t.Errorf("%d went, %d are left", n, kept())
	}
	t.Run("no file is left of what went", func(t *testing.T) {
		if n := countFiles(t, w.dir); n != 6 {
			t.Errorf("%d files", n)
		}
	})
	t.Run("another tenant's sweep touches nothing", func(t *testing.T) {
		if n, err := w.svc.Sweep(w.other); n != 0 || err != nil || kept() != 6 {
			t.Errorf("%d %v", n, err)
		}
	})
}

func TestWhoeverElseOpensADocumentSaysWhyAndIsSeen(t *testing.T) {
	w := newWorld(t)
	w.everything()
	d := w.list("1")[0]
	if err := w.svc.Open(w.ctx, w.as("2"), d.ID, " ok "); fault.KindOf(err) != fault.Invalid {
		t.Errorf("two letters are a reason: %v", err)
	}
	if err := w.svc.Open(w.ctx, w.as("2"), d.ID, "Anna asked about her tax card"); err != nil {
		t.Fatal(err)
	}
	_, seen, err := w.svc.Find(w.ctx, w.as("1"), d.ID, w.now.Now())
	if err != nil || len(seen) != 1 || seen[0].Reason != "Anna asked about her tax card" {
		t.Errorf("%+v %v", seen, err)
	}
	if err := w.svc.Open(w.other, w.as("2"), d.ID, "a reason of another tenant"); err == nil {
		t.Error("another tenant's document is opened")
	}
}

func TestFileNamesAreOurs(t *testing.T) {
	for title, want := range map[string]string{
		"Lønnsslipp mars":              "2026-03-25 Lønnsslipp mars.pdf",
		"../../etc/passwd":             "2026-03-25 etc-passwd.pdf",
		"a\r\nSet-Cookie: x=1":         "2026-03-25 a  Set-Cookie- x-1.pdf",
		"<script>.html":                "2026-03-25 script--html.pdf",
		strings.Repeat("x", 200):       "2026-03-25 " + strings.Repeat("x", 80) + ".pdf",
		"///":                          "2026-03-25 payslip.pdf",
		`"quoted"; filename="evil.exe`: "2026-03-25 quoted-- filename--evil-exe.pdf",
	} {
		h := document.Held{Document: document.Document{Kind: document.Payslip, Dated: "2026-03-25", Title: title, Media: "application/pdf"}}
		if got := document.FileName(h); got != want {
			t.Errorf("%q: %q", title, got)
		}
	}
}
