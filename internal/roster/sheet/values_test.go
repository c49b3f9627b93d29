package sheet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"
)

// one reads a file with a single row whose cells are given by column.
func one(t *testing.T, cells map[string]string, change ...func(*Options)) Row {
	t.Helper()
	full := map[string]string{EmployeeNumber: "1", GivenName: "Anna", FamilyName: "Holm"}
	for c, v := range cells {
		full[c] = v
	}
	var heads, values []string
	for c, v := range full {
		heads, values = append(heads, c), append(values, `"`+strings.ReplaceAll(v, `"`, `""`)+`"`)
	}
	rows := all(t, strings.Join(heads, ";")+"\n"+strings.Join(values, ";")+"\n", change...)
	return rows[0]
}

func TestDatesAreReadDayFirst(t *testing.T) {
	first := day(2024, 3, 1)
	for _, s := range []string{
		"2024-03-01", "01.03.2024", "1.3.2024", "01-03-2024", "1/3/2024", "20240301", "1. mars 2024", "1 March 2024",
		"1. marts 2024", "1 mars 2024", "1. maaliskuuta 2024", "1. März 2024", "1 marca 2024", "1-Mar-2024", "1.MAR.2024", "March 1, 2024",
		"45352", "45352.0", "45352,5", "2024-03-01T00:00:00Z", "2024-03-01 00:00:00", "01.03.2024 00:00", "2024/03/01", "2024.3.1", "2024-Mar-01",
	} {
		if got, code := parseDate(s); got != first || code != "" {
			t.Errorf("%q is %v, %q", s, got, code)
		}
	}
	for s, want := range map[string]string{
		"03/14/2024": "american", "12.31.2024": "american", "01.03.24": "short_year", "30.02.2024": "none", "31.04.2024": "none",
		"2023-02-29": "none", "2024-13-01": "none", "i morgen": "invalid", "2024": "invalid", "1.3": "invalid", "01022024": "invalid",
		"1.3.2024.5": "invalid", "-": "invalid", "99999": "invalid", "1.3.1023": "invalid", "123.1.2024": "invalid", "mars april 2024": "invalid",
		"1 2024 mars": "invalid", "20241301": "none", "0000-00-00": "invalid", "１.3.2024": "invalid", "13.13.2024": "none",
	} {
		if _, code := parseDate(s); code != "sheet.date."+want {
			t.Errorf("%q gives %q, want %s", s, code, want)
		}
	}
}

func TestEveryMonthOfEveryLanguageIsKnown(t *testing.T) {
	for i, names := range monthNames {
		for _, name := range strings.Fields(names) {
			if got, _ := parseDate("9. " + strings.ToUpper(name) + ". 2024"); got != day(2024, time.Month(i+1), 9) {
				t.Errorf("%s: %v", name, got)
			}
		}
	}
	for _, s := range []string{"3. kesäkuuta 2024", "3 października 2024", "3. Jänner 2024"} {
		if _, code := parseDate(s); code != "" {
			t.Errorf("%s: %s", s, code)
		}
	}
}

func TestTheEndIsNotBeforeTheStart(t *testing.T) {
	r := one(t, map[string]string{StartDate: "2024-03-02", EndDate: "2024-03-01"})
	if codes(r) != "end_date=end_date.before_start" || !r.Fatal() {
		t.Error(codes(r))
	}
	if r := one(t, map[string]string{StartDate: "2024-03-02", EndDate: "2024-03-02"}); len(r.Problems) > 0 {
		t.Error("one day is an employment: " + codes(r))
	}
	if r := one(t, map[string]string{StartDate: "2099-01-01"}); codes(r) != "start_date=date.far" || r.Fatal() {
		t.Error(codes(r))
	}
	if r := one(t, map[string]string{StartDate: "9999-12-31"}); codes(r) != "start_date=date.invalid" {
		t.Error("a start is never open: " + codes(r))
	}
}

func TestObligatoryValues(t *testing.T) {
	r := one(t, map[string]string{EmployeeNumber: " ", GivenName: "", FamilyName: "\u200b"})
	if codes(r) != "employee_number=cell.missing given_name=cell.missing family_name=cell.missing" || !r.Fatal() {
		t.Error(codes(r))
	}
	r = one(t, map[string]string{EmployeeNumber: strings.Repeat("9", 41), GivenName: strings.Repeat("å", 101), JobTitle: strings.Repeat("å", 201)})
	if !r.Fatal() || codes(r) != "employee_number=text.too_long given_name=text.too_long job_title=text.too_long" {
		t.Error(codes(r))
	}
	if r = one(t, map[string]string{EmployeeNumber: strings.Repeat("9", 40), GivenName: strings.Repeat("å", 100)}); r.Fatal() {
		t.Error(codes(r))
	}
	if r = one(t, map[string]string{EmployeeNumber: "1,00123E+11"}); codes(r) != "employee_number=cell.rounded" || !r.Fatal() {
		t.Error(codes(r))
	}
}

func TestANameIsNothingThatMailMakesALinkOf(t *testing.T) {
	for _, name := range []string{"https://evil.example/x", "evil.example", "Ring evil.com nu", "EVIL.COM", "www.evil.example", "anna@evil.example", "a.b.example"} {
		for _, column := range []string{GivenName, FamilyName} {
			if r := one(t, map[string]string{column: name}); codes(r) != column+"=name.address" || !r.Fatal() {
				t.Errorf("%s %q: %s", column, name, codes(r))
			}
		}
	}
	for _, name := range []string{"St.John", "J.R.R.", "Hr. Ø", "d’Arc", "Anne-Marie", "Ó Súilleabháin", "Jr.", "M.Sc", "X Æ A-12"} {
		if r := one(t, map[string]string{GivenName: name}); len(r.Problems) > 0 {
			t.Errorf("%q: %s", name, codes(r))
		}
	}
}

func TestAddresses(t *testing.T) {
	for v, want := range map[string]string{
		"anna@havn": "domain", "anna": "invalid", "anna holm@havn.dk": "character", "аnna@havn.dk": "mixed",
		strings.Repeat("a", 65) + "@havn.dk": "too_long", "=cmd@havn.dk": "", "Anna Holm <anna@havn.dk>": "character",
	} {
		r := one(t, map[string]string{WorkEmail: v})
		if want == "" && len(r.Problems) > 0 || want != "" && (codes(r) != "work_email=email."+want || !r.Fatal()) {
			t.Errorf("%q: %s", v, codes(r))
		}
	}
	if r := one(t, map[string]string{WorkEmail: "A@havn.dk", PrivateEmail: "a@HAVN.dk"}); codes(r) != "private_email=email.same" || r.Fatal() {
		t.Error(codes(r))
	}
}

func TestTelephoneNumbers(t *testing.T) {
	cases := []struct{ employer, typed, want, code string }{
		{"", "20 12 34 56", "+4520123456", ""},
		{"", "+45 20-12-34-56", "+4520123456", ""},
		{"", "0045 20123456", "+4520123456", ""},
		{"Havn Norge AS", "912 34 567", "+4791234567", ""},
		{"Havn Norge AS", "4791234567", "+4791234567", ""},
		{"Havn Norge AS", "22 33 44 55", "+4722334455", ""},
		{"", "+46 (0)70-123 45 67", "+46701234567", ""},
		{"", "+358 40 1234567", "+358401234567", ""},
		{"", "+47\u00a0912\u200e34567", "+4791234567", ""},
		{"", "12", "", "phone.invalid"},
		{"", "ring Anna", "", "phone.invalid"},
		{"", "1-800-FLOWERS", "", "phone.invalid"},
		{"", "+999 123456", "", "phone.invalid"},
		{"", "4,52012E+09", "", "cell.rounded"},
	}
	for _, c := range cases {
		r := one(t, map[string]string{LegalEmployer: c.employer, Phone: c.typed})
		if r.Fields.Phone != c.want || strings.TrimPrefix(codes(r), "phone=") != c.code || r.Fatal() || r.Dropped(Phone) != (c.want == "") {
			t.Errorf("%q: %q %s", c.typed, r.Fields.Phone, codes(r))
		}
	}
	r := one(t, map[string]string{Phone: "20123456"}, func(o *Options) { o.Country = "" })
	if codes(r) != "phone=phone.country" {
		t.Error(codes(r))
	}
}

func TestTheShortWayForMobileNumbersAgreesWithTheLibrary(t *testing.T) {
	for _, m := range mobiles {
		for head := range 10_000 {
			digits := fmt.Appendf(nil, "%04d%s", head, []string{"44444", "00000", "98765"}[head%3][:m.digits-4])
			short, ok := mobile(append([]byte(m.trunk), digits...), m.country)
			if !ok {
				continue
			}
			n, err := phonenumbers.Parse(m.trunk+string(digits), m.country)
			if err != nil || !phonenumbers.IsValidNumber(n) || phonenumbers.Format(n, phonenumbers.E164) != short {
				t.Fatalf("%s: %s is %s to us and not to the library (%v)", m.country, digits, short, err)
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	for v, want := range map[string]string{
		"": "da", "NB": "nb", "Norsk (bokmål)": "nb", "nb-NO": "nb", "Nynorsk": "nn", "svenska": "sv", "suomi": "fi",
		"English": "en", "Deutsch": "de", "język polski": "", "polski": "pl", "DK": "da", "klingon": "",
	} {
		r := one(t, map[string]string{Language: v})
		if want == "" {
			if codes(r) != "language=language.unknown" || r.Fields.Language != "da" || r.Fatal() {
				t.Errorf("%q: %s", v, codes(r))
			}
		} else if r.Fields.Language != want || len(r.Problems) > 0 {
			t.Errorf("%q: %q %s", v, r.Fields.Language, codes(r))
		}
	}
	r := one(t, map[string]string{Language: "pl"}, func(o *Options) { o.Languages = []string{"da", "en"} })
	if codes(r) != "language=language.off" || r.Fields.Language != "da" {
		t.Error(codes(r))
	}
}

func TestLegalEmployers(t *testing.T) {
	if r := one(t, map[string]string{LegalEmployer: "HAVN  DETAIL AS"}); r.Fields.LegalEmployer != "Havn Detail A/S" || r.Fatal() {
		t.Error(codes(r))
	}
	if r := one(t, map[string]string{LegalEmployer: "Skog AB"}); codes(r) != "legal_employer=legal_employer.unknown" || !r.Fatal() {
		t.Error(codes(r))
	}
	r := one(t, nil, func(o *Options) { o.LegalEmployer = "" })
	if codes(r) != "legal_employer=legal_employer.missing" || !r.Fatal() {
		t.Error(codes(r))
	}
	r = one(t, nil, func(o *Options) { o.LegalEmployer, o.LegalEmployers = "", []string{"Fjord Ltd"} })
	if r.Fields.LegalEmployer != "Fjord Ltd" || r.Fatal() {
		t.Error(codes(r))
	}
	alike := func(o *Options) { o.LegalEmployer, o.LegalEmployers = "", []string{"Havn Øst", "Havn Ost"} }
	if r := one(t, map[string]string{LegalEmployer: "havn ost"}, alike); !r.Fatal() {
		t.Error("two names that fold alike need their exact spelling")
	}
	for _, name := range []string{"Havn Øst", "Havn Ost"} {
		if r := one(t, map[string]string{LegalEmployer: name}, alike); r.Fields.LegalEmployer != name || r.Fatal() {
			t.Error(codes(r))
		}
	}
}

func TestRoles(t *testing.T) {
	for v, want := range map[string][]string{"": nil, "hr": {"HR"}, "HR;Manager; hr": {"HR", "Manager"}, "employee|manager,HR,": {"Employee", "Manager", "HR"}} {
		if r := one(t, map[string]string{Roles: v}); !cmp.Equal(r.Fields.Roles, want) || r.Fatal() {
			t.Errorf("%q: %q %s", v, r.Fields.Roles, codes(r))
		}
	}
	r := one(t, map[string]string{Roles: "HR;TenantAdmin"})
	if codes(r) != "roles=role.unknown" || !r.Fatal() || r.Fields.Roles != nil || r.Problems[0].Args["Value"] != "TenantAdmin" {
		t.Errorf("%+v", r.Problems)
	}
	if r := one(t, map[string]string{Roles: "HR"}, func(o *Options) { o.KnownRoles = nil }); codes(r) != "roles=role.none" || !r.Fatal() {
		t.Error("no known roles, no roles")
	}
}

func TestNobodyIsTheirOwnManager(t *testing.T) {
	if r := one(t, map[string]string{ManagerNumber: "1"}); codes(r) != "manager_employee_number=manager.self" || r.Fields.Manager != "" || r.Fatal() {
		t.Error(codes(r))
	}
}

func TestQuotedValuesAreShortOnOneLineAndHideNumbers(t *testing.T) {
	for v, want := range map[string]string{
		"klingon": "klingon", strings.Repeat("å", 41): strings.Repeat("å", 40) + "…", "a\u202eb": "a\ufffdb", "a\nb": "a b",
		"13116900216": concealed, "070761-4285": concealed, "x 811228 9874 y": concealed, "131052-308t": concealed, "131169 0021": concealed,
		"912345678": concealed, "12345678": "12345678", "\xffa": "\ufffda",
	} {
		if got := quote(v); got != want {
			t.Errorf("quote(%q) = %q, want %q", v, got, want)
		}
	}
}
