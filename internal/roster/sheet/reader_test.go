package sheet

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tilgang/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

func options() Options {
	return Options{
		Language:       "da",
		LegalEmployers: []string{"Havn Detail A/S", "Havn Norge AS"},
		LegalEmployer:  "Havn Detail A/S",
		Country:        "DK",
		Countries:      map[string]string{"Havn Norge AS": "NO"},
		KnownRoles:     []string{"Employee", "Manager", "HR"},
		Today:          time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
}

// all reads every row; a test that expects an error of the file uses Open.
func all(t testing.TB, file string, change ...func(*Options)) []Row {
	t.Helper()
	opt := options()
	for _, f := range change {
		f(&opt)
	}
	rd, err := Open(strings.NewReader(file), opt)
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for {
		row, err := rd.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

func codes(r Row) string {
	var s []string
	for _, p := range r.Problems {
		s = append(s, strings.TrimPrefix(p.Column+"="+strings.TrimPrefix(p.Code, "sheet."), "="))
	}
	return strings.Join(s, " ")
}

const story = `Medarbejdernr;Fornavn;Efternavn;Arbejdsmail;Privat e-mail;Mobil;Sprog;Stilling;Afdeling;Arbejdsgiver;Leders medarbejdernr;Ansættelsesdato;Slutdato;CPR-nr.;Roller;Sko
1001;Søren;Ægidius;soren@havn.example;soren@privat.example;20 12 34 56;dansk;Butikschef;Butik Århus;;;01-03-2020;;070761-4285;"Employee;manager";42
1002;Åse;Bjørnø;Ase@Havn.example;;+47 912 34 567;nb;"Salg ""ude""";Butik Oslo;havn norge as;1001;2026-04-01;31.12.9999;13116900216;Employee;
1003;Günther;Weiß;g@havn.example;;;tysk;Leder;Lager;;1001;1. januar 2024;31/12/2025;;;43
`

func TestEveryEncodingAndSeparatorReadsTheSame(t *testing.T) {
	bom := func(e encoding.Encoding, mark string) func(string) string {
		return func(s string) string {
			out, err := e.NewEncoder().String(s)
			if err != nil {
				t.Fatal(err)
			}
			return mark + out
		}
	}
	le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	encodings := map[string]func(string) string{
		"utf8":           func(s string) string { return s },
		"utf8-bom":       func(s string) string { return "\xef\xbb\xbf" + s },
		"utf16le-bom":    bom(le, "\xff\xfe"),
		"utf16be-bom":    bom(be, "\xfe\xff"),
		"utf16le":        bom(le, ""),
		"utf16be":        bom(be, ""),
		"windows1252":    bom(charmap.Windows1252, ""),
		"utf8-crlf":      func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"utf8-cr":        func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
		"utf8-no-end":    func(s string) string { return strings.TrimSuffix(s, "\n") },
		"utf8-sep-line":  nil,
		"windows1252-cr": func(s string) string { return bom(charmap.Windows1252, "")(strings.ReplaceAll(s, "\n", "\r\n")) },
	}
	for sep, mark := range map[string]string{"semicolon": ";", "comma": ",", "tab": "\t"} {
		text := strings.ReplaceAll(story, "Employee;manager", "Employee|manager")
		text = strings.ReplaceAll(text, ";", mark)
		encodings["utf8-sep-line"] = func(s string) string { return "sep=" + mark + "\r\n" + s }
		for name, encode := range encodings {
			t.Run(name+" with "+sep, func(t *testing.T) {
				rows := all(t, encode(text))
				for i := range rows {
					if name == "utf8-sep-line" {
						rows[i].Line--
					}
				}
				golden(t, "story.golden", rows)
			})
		}
	}
}

func golden(t *testing.T, name string, rows []Row) {
	t.Helper()
	got, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Error(diff)
	}
}

func TestTheStoryHasNoProblemsAndTypedValues(t *testing.T) {
	rows := all(t, story)
	for _, r := range rows {
		if len(r.Problems) > 0 {
			t.Errorf("line %d: %s", r.Line, codes(r))
		}
	}
	p := rows[1].Fields
	if p.WorkEmail.Key != "ase@havn.example" || p.Phone != "+4791234567" || p.LegalEmployer != "Havn Norge AS" ||
		p.JobTitle != `Salg "ude"` || !p.End.IsZero() || p.NationalID.Country() != "NO" || p.NationalID.Digits() != "13116900216" {
		t.Errorf("%+v", p)
	}
	if got := rows[0].Fields.Roles; !cmp.Equal(got, []string{"Employee", "Manager"}) {
		t.Errorf("roles %q", got)
	}
}

func TestAReaderThatTricklesGivesTheSameRows(t *testing.T) {
	rd, err := Open(iotest.OneByteReader(strings.NewReader(story)), options())
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		if _, err := rd.Next(); err != nil {
			if !errors.Is(err, io.EOF) || n != 3 {
				t.Errorf("%d rows, then %v", n, err)
			}
			return
		}
	}
}

func TestAnAsciiFileMayTurnOutToBeWindows1252AfterTheFirst64KiB(t *testing.T) {
	file := "nr;fornavn;etternavn;ansattnr\n" + strings.Repeat("x;Ola;Dahl;1\n", 8000) + "x;Ren\xe9e;\xc5s;2\n"
	rows := all(t, file)
	if got := rows[8000].Fields; got.GivenName != "Renée" || got.FamilyName != "Ås" {
		t.Errorf("%q %q", got.GivenName, got.FamilyName)
	}
}

func TestFilesThatAreRefusedSayWhatTheyAre(t *testing.T) {
	zip := "PK\x03\x04\x14\x00\x06\x00"
	cases := []struct{ name, file, code string }{
		{"nothing at all", "", "sheet.file.empty"},
		{"only a byte order mark", "\xef\xbb\xbf\r\n", "sheet.file.empty"},
		{"a UTF-16 mark and nothing else", "\xff\xfe", "sheet.file.empty"},
		{"only empty lines", "\n\n  \n", "sheet.file.empty"},
		{"half a workbook", zip + "....[Content_Types].xml....xl/workbook.xml", "sheet.file.damaged"},
		{"an OpenDocument sheet", zip + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "sheet.file.ods"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.file.xls"},
		{"a PDF", "%PDF-1.7\n", "sheet.file.pdf"},
		{"a web page", "\n <!DOCTYPE html><html>", "sheet.file.html"},
		{"a web page with a mark", "\xef\xbb\xbf<table><tr>", "sheet.file.html"},
		{"XML", "<?xml version=\"1.0\"?>", "sheet.file.xml"},
		{"JSON", `{"employee_number": 1}`, "sheet.file.json"},
		{"a picture", "\x89PNG\r\n\x1a\n", "sheet.file.image"},
		{"other bytes", strings.Repeat("\x00\x01\x02abc", 20), "sheet.file.binary"},
		{"UTF-32", "\xff\xfe\x00\x00e\x00\x00\x00", "sheet.file.encoding"},
		{"no header", "1001;Anna;Holm\n1002;Eva;Lund\n", "sheet.header.none"},
		{"a column too few", "employee_number;fornavn\n1;2\n", "sheet.header.missing"},
		{"one column for the whole name", "medarbejdernr;navn\n1;Anna Holm\n", "sheet.header.full_name"},
		{"the same column twice", "ansattnr;fornavn;etternavn;epost;E-mail\n1;2;3;4;5\n", "sheet.header.twice"},
		{"a header only", "ansattnr;fornavn;etternavn\r\n;;\r\n\r\n", "sheet.file.header_only"},
		{"a header that never ends", strings.Repeat("x", 300<<10), "sheet.header.none"},
		{"an open quotation mark in the header", "ansattnr;fornavn;\"etternavn\n1;2;3\n", "sheet.header.none"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(strings.NewReader(c.file), options())
			if f, ok := fault.As(err); !ok || f.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestTheMissingColumnsAreNamed(t *testing.T) {
	_, err := Open(strings.NewReader("employee_number;epost\n1;2\n"), options())
	if f, _ := fault.As(err); f == nil || f.Args["Columns"] != "given_name, family_name" {
		t.Errorf("%+v", err)
	}
}

func TestAReadErrorIsPassedOn(t *testing.T) {
	broken := errors.New("connection lost")
	_, err := Open(iotest.ErrReader(broken), options())
	if !errors.Is(err, broken) {
		t.Errorf("Open: %v", err)
	}
	rd, err := Open(io.MultiReader(strings.NewReader(story+strings.Repeat(";\n", headBytes)), iotest.ErrReader(broken)), options())
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = rd.Next()
	}
	if _, again := rd.Next(); !errors.Is(err, broken) || !errors.Is(again, broken) {
		t.Errorf("Next: %v, %v", err, again)
	}
}

func TestLimitsAreFaults(t *testing.T) {
	row := "1;Anna;Holm\n"
	file := "ansattnr;fornavn;etternavn\n" + strings.Repeat(row, 20_000)
	for code, change := range map[string]func(*Options){
		"sheet.file.too_large":     func(o *Options) { o.MaxBytes = 100 << 10 },
		"sheet.file.too_many_rows": func(o *Options) { o.MaxRows = 19_999 },
	} {
		opt := options()
		change(&opt)
		rd, err := Open(strings.NewReader(file), opt)
		for err == nil {
			_, err = rd.Next()
		}
		if f, _ := fault.As(err); f == nil || f.Code != code || f.Kind != fault.TooLarge {
			t.Errorf("%s: %v", code, err)
		}
		if err := Blank(strings.NewReader(file), io.Discard, opt); fault.KindOf(err) != fault.TooLarge {
			t.Errorf("Blank, %s: %v", code, err)
		}
	}
	opt := options()
	opt.MaxRows, opt.MaxBytes = 20_000, int64(len(file))
	rd, err := Open(strings.NewReader(file), opt)
	n := -1
	for ; err == nil; n++ {
		_, err = rd.Next()
	}
	if !errors.Is(err, io.EOF) || n != 20_000 {
		t.Errorf("a file of just the largest size: %d rows, %v", n, err)
	}
}

func TestAMillionRowsStopAtTheDefaultLimit(t *testing.T) {
	rows := &endless{text: "1;Anna;Holm\n", left: 12_000_000}
	rd, err := Open(io.MultiReader(strings.NewReader("ansattnr;fornavn;etternavn\n"), rows), options())
	n := -1
	for ; err == nil; n++ {
		_, err = rd.Next()
	}
	if f, _ := fault.As(err); f == nil || f.Code != "sheet.file.too_many_rows" || n != DefaultMaxRows {
		t.Errorf("%d rows, then %v", n, err)
	}
}

func TestOpenAsksForToday(t *testing.T) {
	if _, err := Open(strings.NewReader(story), Options{}); !errors.Is(err, errNoToday) {
		t.Error(err)
	}
}

func TestColumnsTheFileLacksAndColumnsWeDoNotKnow(t *testing.T) {
	rd, err := Open(strings.NewReader(story), options())
	if err != nil {
		t.Fatal(err)
	}
	if !rd.Has(NationalNumber) || rd.Has("shoe_size") {
		t.Error("Has")
	}
	if got := rd.Ignored(); !cmp.Equal(got, []string{"Sko"}) {
		t.Errorf("ignored %q", got)
	}
	rd, _ = Open(strings.NewReader("ansattnr,fornavn,etternavn\n1,a,b\n"), options())
	if rd.Has(Phone) {
		t.Error("no phone column")
	}
}

func TestNoHeaderWordMeansTwoColumns(t *testing.T) {
	owner := map[string]column{}
	for c := range columnCount {
		for _, w := range strings.Fields(synonyms[c]) {
			if o, ok := owner[w]; ok && o != c {
				t.Errorf("%q is %s and %s", w, o, c)
			}
			if owner[w] = c; fold(w) != w {
				t.Errorf("%q is not folded", w)
			}
		}
	}
}

func TestHeadersAreReadAsPeopleWriteThem(t *testing.T) {
	words := vocabulary()
	for header, want := range map[string]string{
		"E-post (jobb)": WorkEmail, "  EPOST_JOBB ": WorkEmail, "e post, privat": PrivateEmail, "Fødselsnummer (11 siffer)": NationalNumber,
		"Tlf.": Phone, "Fødselsnr": NationalNumber, "CPR": NationalNumber, "Ansatt-nr.": EmployeeNumber, "Employee ID": EmployeeNumber,
		"Överordnad": ManagerNumber, "Leders medarbejdernr.": ManagerNumber, "Personalnummer (Vorgesetzte)": ManagerNumber, "Ledertillegg": "", "Sähköposti": WorkEmail, "Startdato *": StartDate, "Imię": GivenName, "Größe": "", "Fødselsdato": "", "": "",
		"Personnummer/Samordningsnr": NationalNumber, "Personnel number": EmployeeNumber, "Personalnummer": EmployeeNumber,
	} {
		if got := columnOf(words, header).String(); got != want {
			t.Errorf("%q is %q, want %q", header, got, want)
		}
	}
}

func TestEveryTemplateIsReadWithoutProblems(t *testing.T) {
	for _, row := range templateRows {
		t.Run(row.lang, func(t *testing.T) {
			file := string(Template(row.lang))
			rows := all(t, file)
			if len(rows) != 1 || len(rows[0].Problems) > 0 {
				t.Fatalf("%+v", rows)
			}
			if p := rows[0].Fields; p.Start != day(2026, 3, 1) || p.Phone == "" || p.Language != row.lang || p.OrgUnit == "" {
				t.Errorf("%+v", p)
			}
			rd, _ := Open(strings.NewReader(file), options())
			for _, c := range Columns() {
				if !rd.Has(c) {
					t.Errorf("no %s", c)
				}
			}
			if comma := strings.Contains(file, ","); comma != (row.lang == "en") || !strings.HasPrefix(file, "\xef\xbb\xbf") {
				t.Error("separator or mark")
			}
		})
	}
	if string(Template("xx")) != string(Template("en")) {
		t.Error("another language gets the English template")
	}
}

func ExampleOpen() {
	rd, _ := Open(strings.NewReader("employee_number,given_name,family_name\n1,Anna,Holm\n,Eva,Lund\n"), options())
	for {
		row, err := rd.Next()
		if err != nil {
			break
		}
		fmt.Println(row.Line, row.Fields.GivenName, row.Fatal())
	}
	// Output:
	// 2 Anna false
	// 3 Eva true
}
