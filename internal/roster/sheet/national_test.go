package sheet

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tilgang/internal/fault"
)

// The numbers below are the published examples of the four authorities or
// made from them; they belong to nobody.
func TestNationalNumbersHaveOneFormPerCountry(t *testing.T) {
	today := day(2026, 3, 1)
	cases := []struct{ name, country, typed, gives, digits string }{
		{"fødselsnummer", "NO", "13116900216", "NO", "13116900216"},
		{"fødselsnummer with a blank", "NO", "131169 00216", "NO", "13116900216"},
		{"D-nummer", "NO", "41010112370", "", ""},
		{"fødselsnummer of somebody at a Danish employer", "DK", "13116900216", "NO", "13116900216"},
		{"CPR number", "DK", "070761-4285", "DK", "0707614285"},
		{"CPR number without hyphen", "DK", "0707614285", "DK", "0707614285"},
		{"CPR number without its zero", "DK", "707614285", "DK", "0707614285"},
		{"CPR number born tomorrow", "DK", "020326-4000", "", ""},
		{"CPR number of a day that is none", "DK", "310261-4285", "", ""},
		{"personnummer", "SE", "811228-9874", "SE", "198112289874"},
		{"personnummer with its century", "SE", "19811228-9874", "SE", "198112289874"},
		{"personnummer without hyphen", "SE", "8112289874", "SE", "198112289874"},
		{"personnummer of somebody over a hundred", "SE", "811228+9874", "SE", "188112289874"},
		{"samordningsnummer", "SE", "701063-2391", "SE", "197010632391"},
		{"personnummer with a wrong check digit", "SE", "811228-9875", "", ""},
		{"henkilötunnus", "FI", "131052-308T", "FI", "131052-308T"},
		{"henkilötunnus in small letters", "FI", "131052-308t", "FI", "131052-308T"},
		{"henkilötunnus with a sign of 2023", "FI", "131052Y308T", "FI", "131052Y308T"},
		{"henkilötunnus with a wrong check", "FI", "131052-308U", "", ""},
		{"no number at all", "DK", "ukendt", "", ""},
		{"an endless number", "DK", strings.Repeat("1", 4000), "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			id, err := ParseNationalID(c.typed, c.country, today)
			if id.Country() != c.gives || id.Digits() != c.digits || (err == nil) != (c.gives != "") {
				t.Errorf("%s %q %v", id.Country(), id.Digits(), err)
			}
		})
	}
}

func TestAWrongNationalNumberIsAWarningThatDoesNotRepeatIt(t *testing.T) {
	for v, code := range map[string]string{"13116900217": "invalid", "1,31169E+10": "rounded", "ukendt nummer": "invalid"} {
		r := one(t, map[string]string{NationalNumber: v})
		if codes(r) != "national_id=national_id."+code || r.Fatal() || !r.Dropped(NationalNumber) || !r.Fields.NationalID.IsZero() {
			t.Errorf("%s: %s", v, codes(r))
		}
		if strings.Contains(fmt.Sprintf("%+v", r), v) {
			t.Errorf("%+v", r)
		}
	}
}

func TestANumberThatFitsTwoCountriesNeedsTheEmployersCountry(t *testing.T) {
	for n := range 10_000 {
		digits := fmt.Sprintf("010101%04d", n)
		_, dk := danish(digits, day(2026, 3, 1))
		_, se := swedish(digits, day(2026, 3, 1))
		if !dk || !se {
			continue
		}
		_, err := ParseNationalID(digits, "", day(2026, 3, 1))
		if f, _ := fault.As(err); f == nil || f.Code != "sheet.national_id.country" || strings.Contains(err.Error(), digits) {
			t.Errorf("%v", err)
		}
		for _, country := range []string{"DK", "SE"} {
			if id, err := ParseNationalID(digits, country, day(2026, 3, 1)); err != nil || id.Country() != country {
				t.Errorf("%s: %v", country, err)
			}
		}
		return
	}
	t.Fatal("no number fits both")
}

func TestNothingPrintsANationalNumber(t *testing.T) {
	id, err := ParseNationalID("13116900216", "NO", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	type hidden struct{ inner NationalID }
	var out bytes.Buffer
	for _, v := range []any{id, &id, Person{NationalID: id}, Row{Fields: Person{NationalID: id}}, hidden{id}, []hidden{{id}}, map[string]any{"x": hidden{id}}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("row", "id", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("row", "id", v)
		_ = json.NewEncoder(&out).Encode(v)
	}
	_ = xml.NewEncoder(&out).Encode(id)
	text := out.String()
	if strings.Contains(text, "13116900216") || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", "13116900216")) {
		t.Error(text)
	}
	if !strings.Contains(text, redacted) {
		t.Error("not even the placeholder is printed")
	}
}

func TestANationalNumberInTheWrongColumnIsNotQuoted(t *testing.T) {
	for _, c := range Columns() {
		for _, number := range []string{"13116900216", "070761-4285", "811228-9874", "131052-308T", "1311690021"} {
			r := one(t, map[string]string{c: number})
			for _, p := range r.Problems {
				if strings.Contains(fmt.Sprint(p), number) {
					t.Errorf("%s: %+v", c, p)
				}
			}
		}
	}
}

func TestAnotherColumnsValueDoesNotHoldTheNumbersMemory(t *testing.T) {
	rows := all(t, "ansattnr;fornavn;etternavn;fnr\n1;Anna;Holm;13116900216\n")
	if p := rows[0].Fields; p.NationalID.Digits() != "13116900216" || strings.Contains(p.EmployeeNumber+p.GivenName+p.FamilyName, "1311") {
		t.Errorf("%+v", p)
	}
}
