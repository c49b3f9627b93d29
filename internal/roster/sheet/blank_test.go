package sheet

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"tilgang/internal/fault"
)

func blanked(t testing.TB, file string) string {
	t.Helper()
	var out bytes.Buffer
	if err := Blank(strings.NewReader(file), &out, options()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTheKeptFileIsTheFileWithoutItsNationalNumbers(t *testing.T) {
	want := strings.NewReplacer("070761-4285", "", "13116900216", "", "\n", "\r\n").Replace(story)
	if diff := cmp.Diff("\xef\xbb\xbf"+want, blanked(t, story)); diff != "" {
		t.Error(diff)
	}
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(story)
	if err != nil {
		t.Fatal(err)
	}
	if blanked(t, wide) != blanked(t, story) {
		t.Error("UTF-16 is kept as UTF-8")
	}
}

func TestTheKeptFileReadsLikeTheOriginal(t *testing.T) {
	file := "\n" + story + "\n\n1004;=cmd;'@x;;;;;\"a\nb\";;;;;;;;\n"
	before, after := all(t, file), all(t, blanked(t, file))
	for i := range before {
		before[i].Fields.NationalID = NationalID{}
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}

const withNumber = "ansattnr;fornavn;etternavn;fnr;mobil;startdato;notat\n"

func TestWhenInDoubtTheRowOrTheCellIsLeftOut(t *testing.T) {
	const id = "13116900216"
	cases := []struct{ name, row, want string }{
		{"a mistyped number is blanked too", "1;Ole;Dahl;13116900217;;;", "1;Ole;Dahl;;;;"},
		{"a rounded number is blanked too", "1;Ole;Dahl;1,31169E+10;;;", "1;Ole;Dahl;;;;"},
		{"a number with blanks", "1;Ole;Dahl; 131169 00216 ;;;", "1;Ole;Dahl;;;;"},
		{"a Finnish number", "1;Ole;Dahl;131052-308T;;;", "1;Ole;Dahl;;;;"},
		{"a row out of step to the right", "1;Ole;von;Dahl;" + id + ";;", "# 2: sheet.national_id.invalid"},
		{"a row out of step to the left", "1;Ole;" + id + ";91234567;2024-01-01;;", "# 2: sheet.national_id.invalid"},
		{"a row out of step over empty cells", "1;Ole;Dahl;;" + id + ";2024-01-01;", "1;Ole;Dahl;;;2024-01-01;"},
		{"a cell too many", "1;Ole;Dahl;x;" + id + ";;;", "# 2: sheet.row.columns"},
		{"an open quotation mark", "1;\"Ole;Dahl;" + id + ";;;", "# 2: sheet.row.quote"},
		{"the number again in a note", "1;Ole;Dahl;" + id + ";;;fnr 131169-00216!", "1;Ole;Dahl;;;;"},
		{"a mistyped number again in a note", "1;Ole;Dahl;99999900217;;;fnr 999999 00217", "1;Ole;Dahl;;;;"},
		{"the number as employee number", id + ";Ole;Dahl;" + id + ";;;", ";Ole;Dahl;;;;"},
		{"another person's number in a note", "1;Ole;Dahl;;;;gift med 070761-4285", "1;Ole;Dahl;;;;"},
		{"a number inside a longer one", "1;Ole;Dahl;;;;99" + id + "99", "1;Ole;Dahl;;;;"},
		{"the number with its signs apart in a note", "1;Ole;Dahl;" + id + ";;;1-3-1-1-6-9-0-0-2-1-6", "1;Ole;Dahl;;;;"},
		{"telephone numbers and dates stay", "1;Ole;Dahl;" + id + ";+46 70 123 45 67;01.01.2024 00:00:00;42", "1;Ole;Dahl;;+46 70 123 45 67;01.01.2024 00:00:00;42"},
		{"formula cells are disarmed", "1;=cmd;@x;;;;-1", "1;'=cmd;'@x;;;;'-1"},
		{"control characters go", "1;O\x00le;Da\x1bhl;;;;", "1;Ole;Dahl;;;;"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out := blanked(t, withNumber+c.row+"\n2;Eva;Lund;"+id+";;;\n")
			want := "\xef\xbb\xbf" + strings.ReplaceAll(withNumber, "\n", "\r\n") + c.want + "\r\n2;Eva;Lund;;;;\r\n"
			if diff := cmp.Diff(want, out); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFileWithoutTheColumnIsStillSearched(t *testing.T) {
	out := blanked(t, "ansattnr;fornavn;etternavn;ukjent\n1;Ole;Dahl;13116900216\n")
	if strings.Contains(out, "13116900216") || !strings.Contains(out, "1;Ole;Dahl;\r\n") {
		t.Error(out)
	}
}

func TestTheKeptFileIsACSVFile(t *testing.T) {
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(blanked(t, story), "\xef\xbb\xbf")))
	c.Comma = ';'
	rows, err := c.ReadAll()
	if err != nil || len(rows) != 4 || rows[2][7] != `Salg "ude"` {
		t.Errorf("%q, %v", rows, err)
	}
}

func TestBlankRefusesWhatOpenRefusesBeforeItWrites(t *testing.T) {
	for _, file := range []string{"", "%PDF-1.7", "x;y\n13116900216;1\n", "ansattnr;fornavn;etternavn;fnr;cpr\n1;2;3;13116900216;\n"} {
		var out bytes.Buffer
		if err := Blank(strings.NewReader(file), &out, options()); fault.KindOf(err) != fault.Invalid || out.Len() > 0 {
			t.Errorf("%q: %v, wrote %q", file, err, out.String())
		}
	}
	if out := blanked(t, withNumber); out != "\xef\xbb\xbf"+strings.TrimSuffix(withNumber, "\n")+"\r\n" {
		t.Errorf("a header only is kept: %q", out)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, bytes.ErrTooLarge }

func TestBlankReportsAFullDisk(t *testing.T) {
	if err := Blank(strings.NewReader(story), full{}, options()); err == nil {
		t.Error("no error")
	}
}
