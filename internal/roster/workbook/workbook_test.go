package workbook_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/roster/workbook"
	"tilgang/internal/roster/workbook/booktest"
)

// read gives the first sheet's rows, cells joined by a bar.
func read(file []byte) (lines []string, err error) {
	b, err := workbook.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	rows, err := b.Rows(b.Sheets[0])
	for err == nil {
		var row *workbook.Row
		if row, err = rows.Next(); err == nil {
			lines = append(lines, said(row))
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return lines, err
}

func said(row *workbook.Row) string {
	var cells []string
	for _, c := range row.Cells {
		cells = append(cells, string(c.Text)+strings.Repeat("!", int(c.Flaw)))
	}
	return strings.Join(cells, "|")
}

// cellsOf reads the cells of one row, written as XML.
func cellsOf(t *testing.T, p booktest.Parts) []string {
	t.Helper()
	lines, err := read(p.Zip(t))
	if err != nil || len(lines) == 0 {
		t.Fatal(lines, err)
	}
	return strings.Split(lines[0], "|")
}

func TestEachKindOfCellComesOutAsItIsShown(t *testing.T) {
	formats := []string{"dd-mm-yyyy", "00000", `00\ 00\ 00\ 00`, `000000\-0000`, "[$-406]d. mmmm yyyy;@", "#,##0.00", `"kr" 0.00`, "[h]:mm", `"day "0`, "0000;-0000", "Standard", `[Red]0`}
	cases := []struct{ name, cell, want string }{
		{"a text of its own", `<c t="inlineStr"><is><t>Ærø</t></is></c>`, "Ærø"},
		{"a text in runs, without its pronunciation", `<c t="inlineStr"><is><r><t>An</t></r><r><t>na</t></r><rPh sb="0"><t>x</t></rPh></is></c>`, "Anna"},
		{"a shared text", `<c t="s"><v>1</v></c>`, "0012"},
		{"a number", `<c><v>1001</v></c>`, "1001"},
		{"a number with an exponent", `<c><v>1.31169E10</v></c>`, "13116900000"},
		{"a number of fifteen digits", `<c><v>123456789012345</v></c>`, "123456789012345"},
		{"a number whose digits are lost says so", `<c><v>1234567890123456</v></c>`, "1.23456789012346E+15"},
		{"a fraction", `<c><v>0.30000000000000004</v></c>`, "0.3"},
		{"a negative number", `<c><v>-7</v></c>`, "-7"},
		{"what is no number stays", `<c><v>x1</v></c>`, "x1"},
		{"a day", `<c s="1"><v>46082</v></c>`, "2026-03-01"},
		{"a day with a time", `<c s="1"><v>46082.99</v></c>`, "2026-03-01"},
		{"a day in words", `<c s="5"><v>46082</v></c>`, "2026-03-01"},
		{"the first day there is", `<c s="1"><v>1</v></c>`, "1900-01-01"},
		{"the last one", `<c s="1"><v>2958465</v></c>`, "9999-12-31"},
		{"a number that is no day", `<c s="1"><v>2958466</v></c>`, "2958466"},
		{"a time of day alone", `<c s="1"><v>0.5</v></c>`, "0.5"},
		{"a day as text of its own kind", `<c t="d"><v>2026-03-01T00:00:00</v></c>`, "2026-03-01T00:00:00"},
		{"leading zeros", `<c s="2"><v>42</v></c>`, "00042"},
		{"digits in pairs", `<c s="3"><v>20123456</v></c>`, "20 12 34 56"},
		{"more digits than places", `<c s="3"><v>4520123456</v></c>`, "4520 12 34 56"},
		{"a number with a hyphen", `<c s="4"><v>707614285</v></c>`, "070761-4285"},
		{"an amount", `<c s="6"><v>1234.5</v></c>`, "1234.5"},
		{"an amount with a word", `<c s="7"><v>1234</v></c>`, "1234"},
		{"hours", `<c s="8"><v>46082</v></c>`, "46082"},
		{"a word that is no day", `<c s="9"><v>5</v></c>`, "day 5"},
		{"a format with two sections", `<c s="10"><v>5</v></c>`, "5"},
		{"the standard format by a foreign name", `<c s="11"><v>46082</v></c>`, "46082"},
		{"a format with a colour", `<c s="12"><v>5</v></c>`, "5"},
		{"a format that is not there", `<c s="99"><v>5</v></c>`, "5"},
		{"yes", `<c t="b"><v>1</v></c>`, "TRUE"},
		{"an error", `<c t="e"><v>#N/A</v></c>`, "#N/A"},
		{"a formula's result", `<c t="str"><f>A1&amp;"x"</f><v>Anna</v></c>`, "Anna"},
		{"a formula's empty result", `<c t="str"><f>""</f><v></v></c>`, ""},
		{"a formula without a result", `<c><f>A1</f></c>`, "!"},
		{"a link to another file", `<c><f>[1]Sheet1!A1</f><v>7</v></c>`, "7"},
		{"an escaped line break", `<c t="str"><v>a_x000A_b</v></c>`, "a\nb"},
		{"an escape of the escape", `<c t="str"><v>_x005F_x000A_</v></c>`, "_x000A_"},
		{"what only looks escaped", `<c t="str"><v>a_xyz_b_x12</v></c>`, "a_xyz_b_x12"},
		{"text with a prefix on each name", `<x:c t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c>`, "x"},
		{"CDATA", `<c t="str"><v><![CDATA[<a>]]></v></c>`, "<a>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := booktest.New(`<row r="1">` + c.cell + `</row>`)
			p.Styles(formats...)
			p.Shared("x", "0012")
			if got := strings.Join(cellsOf(t, p), "|"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestABookFrom1904CountsFourYearsLater(t *testing.T) {
	p := booktest.New(`<row r="1"><c s="1"><v>44620</v></c><c><v>44620</v></c></row>`)
	p.Styles("yyyy-mm-dd")
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<workbookPr/>", `<workbookPr date1904="1"/>`, 1)
	if got := cellsOf(t, p); !cmp.Equal(got, []string{"2026-03-01", "44620"}) {
		t.Error(got)
	}
	file := p.Zip(t)
	b, err := workbook.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Rows(b.Sheets[0])
	if err != nil {
		t.Fatal(err)
	}
	rows.Days = []bool{true, true}
	if row, err := rows.Next(); err != nil || said(row) != "2026-03-01|2026-03-01" {
		t.Error(said(row), err)
	}
}

func TestRowsAndCellsStandWhereTheyAreNamed(t *testing.T) {
	p := booktest.New(`<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c><c r="AA2"><v>3</v></c></row><row><c><v>4</v></c></row><row r="9" hidden="1"/>`)
	file := p.Zip(t)
	b, err := workbook.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.Rows(b.Sheets[0])
	if err != nil || rows.Count != 3 {
		t.Fatal(rows, err)
	}
	var got []string
	for row, err := rows.Next(); err == nil; row, err = rows.Next() {
		got = append(got, strings.Repeat("#", row.Number)+said(row)+map[bool]string{true: "hidden"}[row.Hidden])
	}
	want := []string{"##|1|2" + strings.Repeat("|", 24) + "3", "###4", "#########hidden"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCellsUnderAMergedOneSaySo(t *testing.T) {
	p := booktest.New("")
	p["xl/worksheets/sheet1.xml"] = booktest.Sheet(booktest.Row(1, "a", "b", "c")+booktest.Row(2, "d")+booktest.Row(3, "e", "", "f"), `<mergeCells count="2"><mergeCell ref="B1:B2"/><mergeCell ref='A3:B3'/></mergeCells>`)
	lines, err := read(p.Zip(t))
	if diff := cmp.Diff([]string{"a|b|c", "d|!!", "e|!!|f"}, lines); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestWhatIsWrittenIsReadAndStaysText(t *testing.T) {
	table := [][]string{{"Nr", "Navn <&>", "Æ\"'"}, {"0042", "", "=cmd|' /C calc'!A0"}}
	var b bytes.Buffer
	if err := workbook.Write(&b, "A & B", table); err != nil {
		t.Fatal(err)
	}
	lines, err := read(b.Bytes())
	if diff := cmp.Diff([]string{"Nr|Navn <&>|Æ\"'", "0042||=cmd|' /C calc'!A0"}, lines); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
