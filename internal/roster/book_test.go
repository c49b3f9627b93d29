package roster_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/encoding/charmap"

	"tilgang/internal/roster"
	"tilgang/internal/roster/workbook"
	"tilgang/internal/roster/workbook/booktest"
	"tilgang/tenants"
)

// asBook is a CSV file of the demonstration as a workbook.
func asBook(t *testing.T, file string) []byte {
	t.Helper()
	body, err := tenants.FS.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(body) {
		if body, err = charmap.Windows1252.NewDecoder().Bytes(body); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	if first, _, _ := bytes.Cut(body, []byte("\n")); bytes.Contains(first, []byte(";")) {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, rows)
}

func write(t *testing.T, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := workbook.Write(&b, "Personale", rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// named is the import of an address.
func named(where string) uuid.UUID {
	return uuid.MustParse(strings.TrimPrefix(where, "/admin/roster/"))
}

func TestAWorkbookDoesWhatTheSameListAsTextDoes(t *testing.T) {
	b := newBench(t)
	havn := b.enter(t, "havn")
	text := b.run(t, havn, "havn/staff.csv")
	book := b.runBytes(t, havn, asBook(t, "havn/staff.csv"))
	if book.State != roster.Done || book.Same != text.Created+text.Changed || book.Created+book.Changed+book.Proposed != 0 {
		t.Errorf("the same list as a workbook: %+v", book)
	}
	fresh := b.runBytes(t, havn, asBook(t, "havn/new-hires.csv"))
	again := b.run(t, havn, "havn/new-hires.csv")
	if fresh.State != roster.Done || fresh.Created != 11 || fresh.Problems != 1 || again.Created != 0 || again.Same != 11 || again.Problems != 1 {
		t.Errorf("%+v\n%+v", fresh, again)
	}
}

func TestTheNewcomersFirstUploadAsAWorkbookUnderAnotherName(t *testing.T) {
	k := newDesk(t)
	a := k.upload("new-hires.csv", asBook(t, "havn/new-hires.csv"))
	where := a.Header.Get("Location")
	if a.Status != 303 || where == "" {
		t.Fatal(a.Status, a.Body)
	}
	says(t, k.Get(where), "Reading row 0")
	if err := k.s.Read(k.ctx, named(where), func(roster.Import) {}); err != nil {
		t.Fatal(err)
	}
	says(t, k.Get(where), "This adds 11 people", "frida.holmhavn.example")
}

func TestAWorkbookLargerThanOnePieceIsReadFromAllOfThem(t *testing.T) {
	b := newBench(t)
	rows := [][]string{{"employee_number", "given_name", "family_name", "start_date", "noise"}}
	for n := range 900 {
		sum, noise := sha256.Sum256([]byte(fmt.Sprint(n))), ""
		for range 60 {
			noise += hex.EncodeToString(sum[:])
			sum = sha256.Sum256(sum[:])
		}
		rows = append(rows, []string{fmt.Sprint(1000 + n), "Anna", fmt.Sprintf("Holm %d", n), "2024-01-01", noise})
	}
	book := write(t, rows)
	row := b.runBytes(t, b.enter(t, "havn"), book)
	if len(book) < 1_500_000 || row.Created != 900 || len(row.Noted()) != 1 || row.Noted()[0].Code != "sheet.note.ignored" {
		t.Errorf("%d bytes: %+v", len(book), row)
	}
}

func TestAHostileWorkbookEndsWithWordsAndChangesNothing(t *testing.T) {
	k := newDesk(t)
	for name, c := range map[string]struct {
		change func(p booktest.Parts)
		says   string
	}{
		"a bomb": {func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(strings.Repeat(" ", 64<<20), "")
		}, "Copy the list alone into a new workbook"},
		"an entity": {func(p booktest.Parts) {
			p["xl/sharedStrings.xml"] = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>`
		}, "The workbook is damaged"},
	} {
		p := booktest.New(booktest.Row(1, "employee_number", "given_name", "family_name") + booktest.Row(2, "1", "Anna", "Holm"))
		c.change(p)
		a := k.upload("staff.xlsx", p.Zip(t))
		where := a.Header.Get("Location")
		if err := k.s.Read(k.ctx, named(where), func(roster.Import) {}); err != nil {
			t.Fatal(name, err)
		}
		says(t, k.Get(where), c.says)
		if n := k.people(); n != 0 {
			t.Errorf("%s: %d people", name, n)
		}
	}
}

func TestTheTemplateIsAWorkbookInTheReadersLanguage(t *testing.T) {
	k := newDesk(t)
	k.Actor.Language = "da"
	a := k.Get("/admin/roster/template.xlsx")
	if a.Status != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), ".xlsx") {
		t.Fatal(a.Status, a.Header)
	}
	row := k.runBytes(t, k.ctx, []byte(a.Body))
	if row.Created != 1 || row.Problems != 0 {
		t.Errorf("%+v", row)
	}
}
