package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tilgang/internal/fault"
	"tilgang/internal/roster/workbook"
	"tilgang/internal/roster/workbook/booktest"
)

// storyBook is the story as a workbook of texts.
func storyBook(t testing.TB) []byte {
	t.Helper()
	r := csv.NewReader(strings.NewReader(story))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := workbook.Write(&b, "Ansatte", rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWorkbookReadsLikeTheSameTableAsText(t *testing.T) {
	file := string(storyBook(t))
	if diff := cmp.Diff(all(t, story), all(t, file)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(blanked(t, story), blanked(t, file)); diff != "" {
		t.Error(diff)
	}
}

// Columns of the tables that the property below makes, with what may stand in
// each: right, wrong, and what a spreadsheet would make of it.
var drawn = []struct {
	head   string
	values []string
}{
	{"ansattnr", []string{"1001", "0042", "", "1E+10", "A-7", "#REF!", "999999999999999"}},
	{"fornavn", []string{"Søren", " Ole  Bull ", "", "Da\u0308hl", "=cmd", "'t Hooft", "x\u202ey", strings.Repeat("y", 120), "_x0041_", "TRUE"}},
	{"etternavn", []string{"Ægidius", "", "O\"Neill", "a;b,c\td", "#N/A", "Ã¥"}},
	{"epost", []string{"anna@havn.example", "x", "", "A@Havn.Example"}},
	{"mobil", []string{"20 12 34 56", "20123456", "+47 912 34 567", "1", ""}},
	{"startdato", []string{"2026-03-01", "46082", "20260301", "2026-02-30", "1930-01-01", ""}},
	{"sluttdato", []string{"", "2020-01-01", "9999-12-31", "x"}},
	{"leder", []string{"", "1001", "0042"}},
	{"fnr", []string{"", "13116900216", "070761-4285", "13116900217"}},
	{"notat", []string{"", "noe", "12.5"}},
}

// table draws a header and rows; some rows are empty, some have a cell too many.
func table(t *rapid.T) [][]string {
	head := make([]string, len(drawn))
	for i, c := range drawn {
		head[i] = c.head
	}
	rows := [][]string{head}
	for range rapid.IntRange(1, 12).Draw(t, "rows") {
		row := make([]string, len(drawn))
		for i, c := range drawn {
			row[i] = rapid.SampledFrom(c.values).Draw(t, c.head)
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			row = make([]string, len(drawn))
		case 1:
			row = append(row, "beside the table")
		}
		rows = append(rows, row)
	}
	return rows
}

func asText(rows [][]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	_ = w.WriteAll(rows)
	return b.String()
}

// asBook writes rows the way spreadsheets do, in one of the ways each value can
// be stored; what is empty is left out.
func asBook(t *rapid.T, tb testing.TB, rows [][]string) []byte {
	var b strings.Builder
	shared := []string{"unused"}
	for n, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, n+1)
		for i, v := range row {
			if v != "" {
				b.WriteString(stored(t, &shared, i, n+1, v))
			}
		}
		b.WriteString("</row>")
	}
	p := booktest.New(b.String())
	p.Shared(shared...)
	p.Styles("0000", "yyyy-mm-dd")
	return p.Zip(tb)
}

func stored(t *rapid.T, shared *[]string, column, row int, v string) string {
	escapes := strings.ReplaceAll(v, "_x", "_x005F_x")
	text := booktest.Text(column, row, escapes)
	at := fmt.Sprintf(`<c r="%c%d"`, 'A'+column, row)
	ways := []string{text, at + ` t="str"><f>A1</f><v>` + booktest.Escape(escapes) + `</v></c>`}
	*shared = append(*shared, escapes)
	ways = append(ways, fmt.Sprintf(`%s t="s"><v>%d</v></c>`, at, len(*shared)-1))
	switch {
	case v == "TRUE":
		ways = append(ways, at+` t="b"><v>1</v></c>`)
	case strings.HasPrefix(v, "#"):
		ways = append(ways, at+` t="e"><v>`+v+`</v></c>`)
	case v == "0042":
		ways = append(ways, at+` s="1"><v>42</v></c>`)
	case v == "2026-03-01":
		ways = append(ways, at+` s="2"><v>46082.75</v></c>`, at+` t="d"><v>`+v+`</v></c>`)
	case v != "" && strings.Trim(v, "0123456789") == "":
		ways = append(ways, at+`><v>`+v+`</v></c>`)
	}
	return rapid.SampledFrom(ways).Draw(t, "way")
}

func TestTheSameContentAsTextOrAsWorkbookIsTheSamePreview(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := table(rt)
		text, book := asText(rows), asBook(rt, t, rows)
		if diff := cmp.Diff(allOrCode(t, []byte(text)), allOrCode(t, book)); diff != "" {
			rt.Fatalf("-text +workbook\n%s", diff)
		}
		if diff := cmp.Diff(copied([]byte(text)), copied(book)); diff != "" {
			rt.Fatalf("the kept copies differ: -text +workbook\n%s", diff)
		}
	})
}

// allOrCode is the rows, or why there are none.
func allOrCode(t testing.TB, file []byte) (rows []Row) {
	rd, err := Open(bytes.NewReader(file), options())
	for err == nil {
		var row Row
		if row, err = rd.Next(); err == nil {
			rows = append(rows, row)
		}
	}
	if f, refused := fault.As(err); refused {
		return []Row{{Problems: []Problem{{Code: f.Code}}}}
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return rows
}

func copied(file []byte) string {
	var b bytes.Buffer
	if err := Blank(bytes.NewReader(file), &b, options()); err != nil {
		return err.Error()
	}
	return b.String()
}

func TestAWorkbookIsToldByItsFirstBytes(t *testing.T) {
	if rows := all(t, string(storyBook(t))); len(rows) != 3 {
		t.Error(rows)
	}
	sheets := func(change func(p booktest.Parts)) string {
		p := booktest.New(booktest.Row(1, "ansattnr", "fornavn", "etternavn") + booktest.Row(2, "1", "Ole", "Dahl"))
		change(p)
		return string(p.Zip(t))
	}
	var other bytes.Buffer
	w := zip.NewWriter(&other)
	_, _ = w.Create("holiday.jpg")
	_ = w.Close()
	locked := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 22) + "\x09\x00" + strings.Repeat("\x00", 16) + "\xc8\x00\x00\x00" + strings.Repeat("\x00", 201*512-52)
	for name, c := range map[string]struct{ file, code string }{
		"pictures":                {other.String(), "sheet.file.zip"},
		"a password at the front": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + utf16le("EncryptedPackage"), "sheet.file.encrypted"},
		"a password at the end":   {locked + utf16le("EncryptedPackage"), "sheet.file.encrypted"},
		"an old workbook":         {locked + utf16le("Workbook"), "sheet.file.xls"},
		"the binary format": {sheets(func(p booktest.Parts) {
			p["_rels/.rels"] = strings.Replace(p["_rels/.rels"], "workbook.xml", "workbook.bin", 1)
		}), "sheet.file.xlsb"},
		"a bomb": {sheets(func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(strings.Repeat(" ", 64<<20), "")
		}), "sheet.file.inflated"},
		"hidden sheets alone": {sheets(func(p booktest.Parts) {
			p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], `name="Staff"`, `name="Staff" state="veryHidden"`, 1)
		}), "sheet.file.no_sheet"},
		"an empty sheet": {sheets(func(p booktest.Parts) { p["xl/worksheets/sheet1.xml"] = booktest.Sheet("", "") }), "sheet.file.empty"},
		"a header alone": {sheets(func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(booktest.Row(1, "ansattnr", "fornavn", "etternavn"), "")
		}), "sheet.file.header_only"},
		"no header": {sheets(func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(booktest.Row(1, "Staff 2026"), "")
		}), "sheet.header.none"},
		"an entity": {sheets(func(p booktest.Parts) { p["xl/sharedStrings.xml"] = `<!DOCTYPE a [<!ENTITY b "c">]><sst/>` }), "sheet.file.damaged"},
		"merged": {sheets(func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] += strings.Repeat(`<mergeCell ref="A1:B2"/>`, 1001)
		}), "sheet.file.merged"},
		"half of one": {sheets(func(booktest.Parts) {})[:300], "sheet.file.damaged"},
	} {
		_, err := Open(strings.NewReader(c.file), options())
		if f, ok := fault.As(err); !ok || f.Code != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

func TestWhatASpreadsheetHidesOrLosesIsTold(t *testing.T) {
	rows := booktest.Row(1, "ansattnr", "fornavn", "etternavn", "startdato", "sko") +
		booktest.Row(2, "1", "Ole", "Dahl") +
		strings.Replace(booktest.Row(3, "2", "Eva", "Lund"), "<row ", `<row hidden="1" `, 1) +
		`<row r="4"><c r="A4"><v>3</v></c><c r="B4"><f>X1</f></c><c r="C4" t="e"><v>#REF!</v></c></row>` +
		booktest.Row(5, "4", "Per") + booktest.Row(6, "5", "Ida", "Moe") + booktest.Row(7, " ") + `<row r="9" hidden="1"/>`
	p := booktest.New("")
	p["xl/worksheets/sheet1.xml"] = booktest.Sheet(rows, `<mergeCells><mergeCell ref="C4:C5"/><mergeCell ref="D5:D6"/></mergeCells>`)
	p.AddSheet("Old", "", booktest.Row(1, "x"))
	p.AddSheet("Lists", "hidden", booktest.Row(1, "x"))
	rd, err := Open(bytes.NewReader(p.Zip(t)), options())
	var got []string
	for err == nil {
		var row Row
		if row, err = rd.Next(); err == nil {
			got = append(got, fmt.Sprintf("%d %s %s", row.Line, row.Fields.EmployeeNumber, codes(row)))
		}
	}
	want := []string{"2 1 ", "3 2 ", "4 3 given_name=cell.formula family_name=cell.error", "5 4 family_name=cell.merged", "6 5 start_date=cell.merged"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	notes := []Note{
		{"sheet.note.others", map[string]any{"Sheet": "Staff", "Count": 1}},
		{"sheet.note.hidden", map[string]any{"Count": 1}},
		{"sheet.note.ignored", map[string]any{"Names": "sko"}},
	}
	if diff := cmp.Diff(notes, rd.Notes()); diff != "" {
		t.Error(diff)
	}
	if rd.Size() != 7 {
		t.Error(rd.Size())
	}
}

func TestTheSheetWithTheStaffIsFoundBehindACoverSheet(t *testing.T) {
	p := booktest.New(booktest.Row(1, "Staff list 2026"))
	p.AddSheet("People", "", booktest.Row(3, "ansattnr", "fornavn", "etternavn")+booktest.Row(4, "1", "Ole", "Dahl"))
	if rows := all(t, string(p.Zip(t))); len(rows) != 1 || rows[0].Line != 4 || len(rows[0].Problems) > 0 {
		t.Error(rows)
	}
}

func TestABareNumberInADateColumnFollowsTheBooksCalendar(t *testing.T) {
	p := booktest.New(booktest.Row(1, "ansattnr", "fornavn", "etternavn", "startdato") + `<row r="2"><c r="A2"><v>44620</v></c><c r="B2" t="str"><v>Ole</v></c><c r="C2" t="str"><v>Dahl</v></c><c r="D2"><v>44620</v></c></row>`)
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<workbookPr/>", `<workbookPr date1904="true"/>`, 1)
	row := all(t, string(p.Zip(t)))[0]
	if row.Fields.EmployeeNumber != "44620" || !row.Fields.Start.Equal(day(2026, time.March, 1)) {
		t.Errorf("%+v", row)
	}
}

func TestTheLimitsOfAWorkbookAreThoseOfText(t *testing.T) {
	file := manyInABook(t, 2000)
	for name, c := range map[string]struct {
		change func(*Options)
		code   string
	}{
		"bytes": {func(o *Options) { o.MaxBytes = int64(len(file)) - 1 }, "sheet.file.too_large"},
		"rows":  {func(o *Options) { o.MaxRows = 2 }, "sheet.file.too_many_rows"},
	} {
		opt := options()
		c.change(&opt)
		rd, err := Open(bytes.NewReader(file), opt)
		for err == nil {
			_, err = rd.Next()
		}
		if f, ok := fault.As(err); !ok || f.Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := booktest.New(booktest.Row(1, "ansattnr", "fornavn", "etternavn") + booktest.Row(2, "1", strings.Repeat("x", 4097), "Dahl") + booktest.Row(3, "2", "Eva", "Lund"))
	if rows := all(t, string(long.Zip(t))); codes(rows[0]) != "given_name=cell.too_long" || len(rows[1].Problems) > 0 {
		t.Error(codes(rows[0]))
	}
}

func TestTheTemplateBookIsAStaffFile(t *testing.T) {
	for _, row := range templateRows {
		file, err := TemplateBook(row.lang, "Staff")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(all(t, string(Template(row.lang))), all(t, string(file))); diff != "" {
			t.Errorf("%s: %s", row.lang, diff)
		}
	}
}

// manyInABook is a workbook of n people, its texts shared as Excel has it.
func manyInABook(t testing.TB, n int) []byte {
	t.Helper()
	var rows, shared bytes.Buffer
	texts := 0
	put := func(at string, text string) {
		fmt.Fprintf(&shared, "<si><t>%s</t></si>", booktest.Escape(text))
		fmt.Fprintf(&rows, `<c r="%s" s="2" t="s"><v>%d</v></c>`, at, texts)
		texts++
	}
	for line, text := range strings.Split(strings.TrimSuffix(manyRows(n), "\n"), "\n") {
		fmt.Fprintf(&rows, `<row r="%d" spans="1:16" x14ac:dyDescent="0.25">`, line+1)
		for i, v := range strings.Split(text, ";") {
			at := string(rune('A'+i)) + strconv.Itoa(line+1)
			switch {
			case v == "":
			case i == 0 && line > 0:
				fmt.Fprintf(&rows, `<c r="%s" s="1"><v>%s</v></c>`, at, v)
			default:
				put(at, v)
			}
		}
		rows.WriteString("</row>")
	}
	p := booktest.New(rows.String())
	p["xl/sharedStrings.xml"] = "<sst>" + shared.String() + "</sst>"
	return p.Zip(t)
}

func TestAWorkbookOfAHundredThousandRowsHoldsItsSharedTextsAndOneRow(t *testing.T) {
	file := manyInABook(t, 100_000)
	rows := 0
	grown := heapGrowth(func(look func()) {
		rd, err := Open(bytes.NewReader(file), options())
		for ; err == nil; rows++ {
			if _, err = rd.Next(); rows%10_000 == 0 {
				look()
			}
		}
		if !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	})
	t.Logf("%d rows, a file of %d MB: %d MB at the peak", rows-1, len(file)>>20, grown>>20)
	if rows != 100_001 || grown > 64<<20 {
		t.Errorf("%d rows, grew by %d MB", rows, grown>>20)
	}
}

func BenchmarkNextOfAWorkbook(b *testing.B) {
	file := manyInABook(b, 20_000)
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		rd, err := Open(bytes.NewReader(file), options())
		for ; err == nil; rows++ {
			_, err = rd.Next()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
