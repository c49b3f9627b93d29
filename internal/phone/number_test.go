package phone

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tilgang/internal/fault"
)

func TestParse(t *testing.T) {
	nordic := []string{"NO", "DK", "SE", "FI"}
	for _, c := range []struct{ typed, country, want, code string }{
		{"400 00 100", "NO", "+4740000100", ""},
		{"+47 400 00 100", "NO", "+4740000100", ""},
		{"0047 40000100", "NO", "+4740000100", ""},
		{"40000100", "+47", "+4740000100", ""},
		{"40000100", "47", "+4740000100", ""},
		{"20 12 34 56", "dk", "+4520123456", ""},
		{"070-174 06 05", "SE", "+46701740605", ""},
		{"+46 70 174 06 05", "NO", "+46701740605", ""},
		{"", "NO", "", CodeEmpty},
		{"   ", "NO", "", CodeEmpty},
		{"ring meg", "NO", "", CodeShape},
		{"40000100", "", "", CodeShape},
		{"40000100", "XX", "", CodeShape},
		{"40000100 ext. 5", "NO", "", CodeShape},
		{strings.Repeat("4", 50), "NO", "", CodeShape},
		{"400 00 10", "NO", "", CodeUnallocated},
		{"000 00 000", "NO", "", CodeUnallocated},
		{"+1 201 555 0123", "NO", "", CodeCountry},
		{"+44 7400 123456", "NO", "", CodeCountry},
		{"+881 612345678", "NO", "", CodeCountry}, // satellite
		{"+882 16 1234 5678", "NO", "", CodeCountry},
		{"22 00 01 00", "NO", "", CodeKind}, // a fixed line
	} {
		got, err := Parse(c.typed, c.country, nordic)
		f, _ := fault.As(err)
		switch {
		case c.code == "" && (err != nil || got.E164 != c.want):
			t.Errorf("%q in %s: %v, %v", c.typed, c.country, got, err)
		case c.code != "" && (f == nil || f.Code != c.code || f.Fields["phone"] != c.code):
			t.Errorf("%q in %s: %v, want %s", c.typed, c.country, err, c.code)
		}
	}
}

func TestNumbersThatEarnMoneyAreRefused(t *testing.T) {
	for typed, country := range map[string]string{
		"829 00 000": "NO", "820 12 345": "NO", "815 00 000": "NO", "800 12 345": "NO", "810 12 345": "NO", "880 12 345": "NO", "829 12 345": "NO", "850 12 345": "NO",
		"90 12 34 56": "DK", "80 12 34 56": "DK",
		"0900 123 4567": "SE", "0939 123 4567": "SE", "0944 123 4567": "SE", "020 123 456": "SE", "077 123 4567": "SE", "099 123 4567": "SE",
		"0700 12345": "FI", "0600 12345": "FI", "0800 12345": "FI",
		"0900 1234567": "DE", "0909 879 0000": "GB", "0871 123 4567": "GB", "070 1234 5678": "GB",
	} {
		if n, err := Parse(typed, country, []string{"NO", "DK", "SE", "FI", "DE", "GB"}); err == nil {
			t.Errorf("%s in %s passed as %s", typed, country, n.E164)
		}
	}
}

func TestNothingTypedBreaksIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, err := Parse(rapid.String().Draw(t, "typed"), rapid.StringN(0, 6, 20).Draw(t, "country"), []string{"NO", "DK"})
		if err == nil && (!strings.HasPrefix(n.E164, "+47") && !strings.HasPrefix(n.E164, "+45")) {
			t.Fatalf("%+v", n)
		}
	})
}

func TestMask(t *testing.T) {
	for number, want := range map[string]string{"+4798768215": "XXX-XXX-8215", "+46701740605": "XXX-XXX-0605", "": "XXX-XXX-XXXX", "+12": "XXX-XXX-XXXX"} {
		if got := Mask(number); got != want {
			t.Errorf("%s: %s", number, got)
		}
	}
	if Block("+4798768215") != "+4798768" || CallingCode("NO") != 47 {
		t.Fatal(Block("+4798768215"))
	}
}
