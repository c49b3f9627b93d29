package sheet

import (
	"strings"
	"testing"
)

const threeColumns = "ansattnr;fornavn;etternavn;stilling\n"

func TestAPoisonRowCostsItselfOnly(t *testing.T) {
	long := strings.Repeat("x", 5<<20)
	cases := []struct{ name, row, want string }{
		{"an open quotation mark", `1;"Ole;Dahl;Sjef`, "given_name=row.quote"},
		{"an open quotation mark in the last cell", `1;Ole;Dahl;"Sjef`, "job_title=row.quote"},
		{"text behind a closing quotation mark", `1;"Ole"x;Dahl;Sjef`, "given_name=row.quote"},
		{"a cell of 5 MB", "1;" + long + ";Dahl;Sjef", "given_name=cell.too_long"},
		{"a quoted cell of 5 MB", `1;"` + long + `";Dahl;Sjef`, "given_name=cell.too_long"},
		{"a cell just over the limit", "1;" + long[:4097] + ";Dahl;Sjef", "given_name=cell.too_long"},
		{"a quoted cell just over the limit", `1;"` + long[:4097] + `";Dahl;Sjef`, "given_name=cell.too_long"},
		{"a NUL", "1;O\x00le;Dahl;Sjef", "given_name=cell.control"},
		{"an escape character", "1;O\x1ble;Dahl;Sjef", "given_name=cell.control"},
		{"a right-to-left override", "1;O\u202ele;Dahl;Sjef", "given_name=cell.control"},
		{"a private character", "1;O\ue000le;Dahl;Sjef", "given_name=cell.control"},
		{"bytes that are no text", "1;Ole\xff;Dæhl;Sjøf", "given_name=cell.encoding"},
		{"a cell too few", "1;Ole;Dahl", "row.columns"},
		{"a cell too many", "1;Ole;Dahl;Sjef;Sjef", "row.columns"},
		{"half a million separators", strings.Repeat(";", 500_000), "row.too_long"},
		{"a thousand separators with text", strings.Repeat("a;", 1000), "row.too_long"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rows := all(t, threeColumns+"0;Åse;Ørn;\n"+c.row+"\n2;Eva;Lund;\n3;Per;Ås;\n")
			if len(rows) != 4 {
				t.Fatalf("%d rows: %+v", len(rows), rows)
			}
			if got := codes(rows[1]); got != c.want || !rows[1].Fatal() || rows[1].Line != 3 {
				t.Errorf("line %d: %q", rows[1].Line, got)
			}
			for _, i := range []int{0, 2, 3} {
				if len(rows[i].Problems) > 0 {
					t.Errorf("row %d: %s", i, codes(rows[i]))
				}
			}
			if last := rows[3]; last.Line != 5 || last.Fields.GivenName != "Per" {
				t.Errorf("%+v", last)
			}
		})
	}
}

func TestAnOpenQuoteThatFindsAPartnerLaterDoesNotSwallowTheRowsBetween(t *testing.T) {
	rows := all(t, threeColumns+"1;Ole;\"Dahl;\n2;Eva;Lund;\n3;Per\";Ås;\n4;Ida;Moe;\n")
	var got []string
	for _, r := range rows {
		got = append(got, r.Fields.EmployeeNumber+":"+codes(r))
	}
	want := ":family_name=row.quote|2:|3:given_name=cell.quote|4:"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}

func TestAQuotePairThatWouldFitTheColumnsIsStillNotBelieved(t *testing.T) {
	rows := all(t, threeColumns+"1;Ole;\"Dahl;x\n2;Eva;Lund\";y\n3;Per;Ås;\n")
	if len(rows) != 3 || codes(rows[0]) != "family_name=row.quote" || rows[1].Line != 3 || len(rows[2].Problems) != 0 {
		t.Errorf("%+v", rows)
	}
}

func TestAnOpenQuoteBeforeAHundredThousandRowsLosesOne(t *testing.T) {
	rows := all(t, threeColumns+"1;\"Ole;Dahl;\n"+strings.Repeat("2;Eva;Lund;\n", 100_000))
	if len(rows) != 100_001 || !rows[0].Fatal() || len(rows[1].Problems) != 0 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestLineBreaksInsideQuotesAreBlanksWithAWarning(t *testing.T) {
	rows := all(t, "ansattnr;fornavn;etternavn;stilling;notat\n1;Ole;Dahl;\"Sjef\r\nLager\";\"a;b\nc\"\n2;Eva;Lund;;\n")
	if len(rows) != 2 || rows[0].Fields.JobTitle != "Sjef Lager" || codes(rows[0]) != "job_title=cell.break" || rows[0].Fatal() {
		t.Errorf("%+v", rows)
	}
	if rows[1].Line != 5 {
		t.Errorf("line %d", rows[1].Line)
	}
}

func TestAQuotedCellMayHaveTenLineBreaksAndNoMore(t *testing.T) {
	for breaks, want := range map[int]int{10: 2, 11: 13} {
		rows := all(t, "ansattnr;fornavn;etternavn;notat\n1;Ole;Dahl;\""+strings.Repeat("a\n", breaks)+"a\"\n2;Eva;Lund;\n")
		if len(rows) != want || rows[0].Fatal() != (breaks > 10) || len(rows[want-1].Problems) > 0 {
			t.Errorf("%d line breaks: %d rows", breaks, len(rows))
		}
	}
}

func TestWhatIsOnlyUntidyIsTidied(t *testing.T) {
	file := "\n" + threeColumns + "\n 1 ;\u00a0Ole\t  Bull\u200b ;\"Da\u0308hl\" ;;;;\n;;;\n2;'=cmd;'t Hooft;-1+1;\n"
	rows := all(t, file)
	if len(rows) != 2 {
		t.Fatalf("%+v", rows)
	}
	if p := rows[0].Fields; p.EmployeeNumber != "1" || p.GivenName != "Ole Bull" || p.FamilyName != "Dähl" || len(rows[0].Problems) > 0 {
		t.Errorf("%q %s", p, codes(rows[0]))
	}
	if p := rows[1].Fields; p.GivenName != "=cmd" || p.FamilyName != "'t Hooft" || p.JobTitle != "-1+1" {
		t.Errorf("%q", p)
	}
}

func TestFormulaCellsAreTextAndComeOutDisarmed(t *testing.T) {
	rows := all(t, threeColumns+"1;=cmd|' /C calc'!A0;@SUM(A1);+1+1\n2;\tOle;-2+3;\"=HYPERLINK(\"\"http://x\"\")\"\n")
	for _, r := range rows {
		if r.Fatal() {
			t.Errorf("%s", codes(r))
		}
		for _, cell := range []string{r.Fields.GivenName, r.Fields.FamilyName, r.Fields.JobTitle} {
			if out := Neutralise(cell); strings.ContainsAny(out[:1], "=+-@\t") || unguarded(out) != cell {
				t.Errorf("%q comes out as %q", cell, out)
			}
		}
	}
	for cell, want := range map[string]string{
		"+47 912 34 567": "+47 912 34 567", "Anna": "Anna", "": "", "\tx": "'\tx", " =1": "' =1", "\r=1": "'\r=1",
		"\uff1d1": "'\uff1d1", "+1-1": "'+1-1", "+": "'+", "a=1": "a=1",
	} {
		if got := Neutralise(cell); got != want {
			t.Errorf("Neutralise(%q) = %q", cell, got)
		}
	}
}

func TestTextThatWasReadWronglyBeforeIsPointedOut(t *testing.T) {
	rows := all(t, threeColumns+"1;HÃ¥kon;BjÃ¸rn;\n2;Åse;Ça;\n")
	if codes(rows[0]) != "given_name=cell.garbled family_name=cell.garbled" || rows[0].Fatal() || len(rows[1].Problems) > 0 {
		t.Errorf("%s / %s", codes(rows[0]), codes(rows[1]))
	}
}
