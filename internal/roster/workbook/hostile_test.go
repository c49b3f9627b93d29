package workbook_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"tilgang/internal/roster/workbook"
	"tilgang/internal/roster/workbook/booktest"
)

const (
	megabyte = 1 << 20
	cells    = `<c t="inlineStr"><is><t>x</t></is></c>`
)

func TestWhatIsMadeToHarmIsRefusedByName(t *testing.T) {
	relations := func(target string) string {
		return `<Relationships><Relationship Id="rId1" Type="x/worksheet" ` + target + `/></Relationships>`
	}
	cases := []struct {
		name   string
		want   error
		change func(p booktest.Parts)
	}{
		{"an entity that would be expanded", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + booktest.Sheet(`<row><c t="str"><v>&b;</v></c></row>`, "")
		}},
		{"an entity from a file", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/sharedStrings.xml"] = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>`
		}},
		{"an entity that nobody declared", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/sharedStrings.xml"] = `<sst><si><t>&a;</t></si></sst>`
		}},
		{"a document type that declares nothing", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = `<!DOCTYPE worksheet>` + booktest.Sheet(booktest.Row(1, "a"), "")
		}},
		{"a link to another file is not followed", nil, func(p booktest.Parts) {
			p["xl/externalLinks/externalLink1.xml"] = `<externalLink><externalBook r:id="rId1"/></externalLink>`
		}},
		{"the sheet itself outside", workbook.ErrOther, func(p booktest.Parts) {
			p["_rels/.rels"] = strings.Replace(relations(`Target="xl/workbook.xml" TargetMode="External"`), "x/worksheet", "x/officeDocument", 1)
		}},
		{"a sheet above the archive", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/_rels/workbook.xml.rels"] = relations(`Target="../../../../etc/passwd"`)
		}},
		{"a part that inflates without measure", workbook.ErrTooLarge, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(strings.Repeat("<x/>", 12*megabyte), "")
		}},
		{"shared texts that inflate without measure", workbook.ErrTooLarge, func(p booktest.Parts) {
			var b strings.Builder
			for n := range 80_000 { // packed about 1 to 50, as honest texts are
				b.WriteString("<si><t>" + strings.Repeat(fmt.Sprint(100_000+n), 170) + "</t></si>")
			}
			p["xl/sharedStrings.xml"] = "<sst>" + b.String() + "</sst>"
		}},
		{"one text of 8 MB", workbook.ErrTooLarge, func(p booktest.Parts) { p.Shared(strings.Repeat("x", 8*megabyte)) }},
		{"one attribute of 8 MB", workbook.ErrTooLarge, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row spans="`+strings.Repeat("1", 8*megabyte)+`"/>`, "")
		}},
		{"a list of formats without end", workbook.ErrTooLarge, func(p booktest.Parts) {
			p["xl/styles.xml"] = `<styleSheet><cellXfs>` + strings.Repeat(`<xf numFmtId="14"/>`, 70_000) + `</cellXfs></styleSheet>`
		}},
		{"hundreds of sheets", workbook.ErrTooLarge, func(p booktest.Parts) {
			for n := range 300 {
				p.AddSheet(fmt.Sprint(n), "", "")
			}
		}},
		{"thousands of parts", workbook.ErrTooLarge, func(p booktest.Parts) {
			for n := range 6000 {
				p[fmt.Sprintf("x/%d", n)] = ""
			}
		}},
		{"a directory of megabytes", workbook.ErrTooLarge, func(p booktest.Parts) {
			for n := range 40 {
				p[strings.Repeat("x", 60_000)+fmt.Sprint(n)] = ""
			}
		}},
		{"thousands of merged cells", workbook.ErrMerged, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet("", strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 1001))
		}},
		{"rows out of order", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row r="3"/><row r="2"/>`, "")
		}},
		{"a row beyond the last", workbook.ErrTooLarge, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row r="1048577"/>`, "")
		}},
		{"a row number that overflows", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row r="99999999999999999999"/>`, "")
		}},
		{"cells out of order", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row r="1"><c r="B1"/><c r="A1"/></row>`, "")
		}},
		{"a cell of another row", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row r="1"><c r="A2"/></row>`, "")
		}},
		{"a cell in a cell", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row r="1"><c><c/></c></row>`, "")
		}},
		{"a shared text that is not there", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = booktest.Sheet(`<row><c t="s"><v>4294967296</v></c></row>`, "")
		}},
		{"a sheet that stops", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData><row><c><v>1`
		}},
		{"a sheet in another encoding", workbook.ErrBroken, func(p booktest.Parts) {
			p["xl/worksheets/sheet1.xml"] = `<?xml version="1.0" encoding="UTF-7"?><worksheet/>`
		}},
		{"a document", workbook.ErrOther, func(p booktest.Parts) { p["xl/workbook.xml"] = `<document/>` }},
		{"pictures", workbook.ErrOther, func(p booktest.Parts) { delete(p, "_rels/.rels") }},
		{"the binary format", workbook.ErrBinary, func(p booktest.Parts) {
			p["_rels/.rels"] = strings.Replace(p["_rels/.rels"], "workbook.xml", "workbook.bin", 1)
		}},
		{"no sheet where one should be", workbook.ErrBroken, func(p booktest.Parts) { delete(p, "xl/worksheets/sheet1.xml") }},
		{"two parts of one name", workbook.ErrBroken, func(p booktest.Parts) { p["XL/Workbook.xml"] = p["xl/workbook.xml"] }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := booktest.New(booktest.Row(1, "a"))
			c.change(p)
			if _, err := read(p.Zip(t)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestAPasswordOnAPartIsRecognised(t *testing.T) {
	file := booktest.New("").Zip(t)
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		f.Flags |= 1
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := read(b.Bytes()); !errors.Is(err, workbook.ErrEncrypted) {
		t.Error(err)
	}
}

func TestARowWithTooMuchCostsItselfOnly(t *testing.T) {
	p := booktest.New(`<row r="1"><c r="A1"><v>1</v></c></row><row r="2">` + strings.Repeat(cells, 600) + `</row><row r="3">` +
		strings.Repeat(`<c t="inlineStr"><is><t>`+strings.Repeat("x", 60_000)+`</t></is></c>`, 9) + `</row><row r="4"><c r="ZZZ4"/><c r="A5"/></row>`)
	p["xl/worksheets/sheet1.xml"] = strings.Replace(p["xl/worksheets/sheet1.xml"], `<c r="A5"/>`, "", 1)
	file := p.Zip(t)
	b, err := workbook.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Rows(b.Sheets[0])
	var long []bool
	for row, stop := rows.Next(); stop == nil; row, stop = rows.Next() {
		long = append(long, row.Long)
	}
	if err != nil || fmt.Sprint(long) != "[false true true false]" {
		t.Error(long, err)
	}
}

func TestAFailureBelowIsNoFaultOfTheFile(t *testing.T) {
	file := booktest.New(booktest.Row(1, "a")).Zip(t)
	broken := errors.New("the database is away")
	for at := range int64(len(file)) {
		if at%97 != 0 {
			continue
		}
		_, err := workbook.Open(&failing{bytes.NewReader(file), at, broken}, int64(len(file)))
		if err != nil && !errors.Is(err, broken) {
			t.Errorf("at %d: %v", at, err)
		}
	}
}

// failing answers no read that touches a byte.
type failing struct {
	*bytes.Reader
	at  int64
	err error
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if off <= f.at && f.at < off+int64(len(p)) {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, off)
}

func TestEveryTruncationIsRefusedQuietly(t *testing.T) {
	file := booktest.New(booktest.Row(1, "a", "b")).Zip(t)
	for n := range len(file) {
		if _, err := read(file[:n]); err == nil {
			t.Fatalf("%d of %d bytes were taken", n, len(file))
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>`, `<sst><si><t>a</t></si></sst>`, `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Add(`<row><c t="inlineStr"><is><t>_x0041_</t></is></c><c><f/></c></row>`, `<sst/>`, `<numFmt numFmtId="164" formatCode="&quot;"/>`)
	f.Add(`</sheetData><mergeCells><mergeCell ref="A1:B2"/>`, ``, `<cellXfs><xf numFmtId="164"/></cellXfs><numFmt numFmtId="164" formatCode="[\_0"/>`)
	f.Fuzz(func(t *testing.T, rows, shared, styles string) {
		p := booktest.New(rows)
		p["xl/sharedStrings.xml"], p["xl/styles.xml"] = shared, styles
		if _, err := read(p.Zip(t)); err != nil && !errors.Is(err, workbook.ErrBroken) && !errors.Is(err, workbook.ErrTooLarge) && !errors.Is(err, workbook.ErrMerged) {
			t.Fatal(err)
		}
	})
}

// heapGrowth gives the most the live heap grew by while f looked.
func heapGrowth(f func(look func())) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, uint64(0)
	f(func() {
		runtime.GC()
		if runtime.ReadMemStats(&m); m.HeapAlloc > before {
			most = max(most, m.HeapAlloc-before)
		}
	})
	return most
}

func TestAMillionEmptyRowsHoldNoMemory(t *testing.T) {
	file := booktest.New(booktest.Row(1, "a") + strings.Repeat(`<row ht="15"><c s="1"/><c s="1"/></row>`, 1_000_000)).Zip(t)
	grown := heapGrowth(func(look func()) {
		lines := 0
		b, err := workbook.Open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := b.Rows(b.Sheets[0])
		for ; err == nil; lines++ {
			if _, err = rows.Next(); lines%300_000 == 0 {
				look()
			}
		}
		if !errors.Is(err, io.EOF) || lines < 1_000_000 {
			t.Error(lines, err)
		}
	})
	if grown > 2*megabyte {
		t.Errorf("grew by %d kB", grown>>10)
	}
}
