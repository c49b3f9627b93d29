package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"tilgang/internal/fault"
)

func FuzzReading(f *testing.F) {
	for _, s := range []string{
		story, threeColumns + "1;\"Ole;Dahl;\n2;Eva;Lund;\n", "sep=,\nansattnr,fornavn,etternavn\n1,2,3", "\xff\xfea\x00;\x00",
		"ansattnr;fornavn;etternavn;fnr\r1;\"a\rb\";c;13116900216\r", "ansattnr;fornavn;etternavn\n1;\xe6;\xc3\xa6\n", string(Template("fi")),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		opt := options()
		opt.MaxRows = 1000
		rd, err := Open(bytes.NewReader(file), opt)
		last := 0
		for err == nil {
			var row Row
			if row, err = rd.Next(); err != nil {
				break
			}
			if row.Line <= last {
				t.Fatalf("line %d after %d", row.Line, last)
			}
			last = row.Line
			holdRow(t, row)
		}
		if _, ok := fault.As(err); !ok && !errors.Is(err, io.EOF) {
			t.Fatalf("neither a fault nor the end: %v", err)
		}
	})
}

// holdRow checks what every row promises.
func holdRow(t *testing.T, row Row) {
	p := row.Fields
	if !row.Fatal() && (p.EmployeeNumber == "" || p.GivenName == "" || p.FamilyName == "") {
		t.Fatalf("an applicable row without its obligatory values: %+v", row)
	}
	for _, s := range []string{p.EmployeeNumber, p.GivenName, p.FamilyName, p.JobTitle, p.OrgUnit, p.LegalEmployer, p.Manager} {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\n\u202e") || strings.TrimSpace(s) != s {
			t.Fatalf("untidy value %q", s)
		}
	}
	if id := p.NationalID; !id.IsZero() && strings.Contains(fmt.Sprintf("%+v", row), id.Digits()) && !strings.Contains(fmt.Sprintf("%+v", Row{Fields: p}), id.Digits()) {
		t.Fatal("a problem shows the national number")
	}
	for _, problem := range row.Problems {
		if !strings.HasPrefix(problem.Code, "sheet.") {
			t.Fatalf("code %q", problem.Code)
		}
	}
}

func FuzzBlank(f *testing.F) {
	f.Add("1;Ole;Dahl", "91234567;x", ";", byte(0))
	f.Add("1;\"Ole;Dahl", "\n2;\"b\";c;\"", ";", byte(1))
	f.Add("1\n2,\"\"\",x", "\",y", ",", byte(5))
	f.Add("x", "0", "\t", byte(2))
	f.Add("1;Ole;\"Da\nhl\"", "\"\"", "\n", byte(3))
	f.Add("1,Ole", "", ",\xc3", byte(4))
	f.Fuzz(func(t *testing.T, before, after, between string, which byte) {
		id := []string{"13116900216", "070761-4285", "131052-308T"}[which%3]
		sep := []string{";", ","}[which/3%2]
		if strings.Contains(compact(before+after+between), compact(id)[:5]) {
			return
		}
		head := strings.ReplaceAll("ansattnr;fornavn;etternavn;fnr;mobil\n", ";", sep)
		file := head + before + between + id + between + after + "\n1" + sep + "a" + sep + "b" + sep + id + sep + "\n"
		var out bytes.Buffer
		_ = Blank(strings.NewReader(file), &out, options())
		if strings.Contains(out.String(), id) || tight(out.String(), compact(id)) {
			t.Fatalf("%q leaves %q", file, out.String())
		}
	})
}

// tight says whether the digits of id stand together but for single signs.
func tight(s, id string) bool {
	return eachNumber(s, func(d []byte) bool { return strings.Contains(string(d), id) })
}
