package i18n

import (
	"html/template"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var texts = map[string]string{
	"i18n/en.json": `{
		"a.plain": "Sign in", "a.name": "Welcome, {{.Name}}", "a.only": "Only in English for {{.Name}}",
		"a.people": {"one": "One person is invited", "other": "{{.Count}} people are invited"},
		"a.onlypeople": {"one": "{{.Count}} person", "other": "{{.Count}} people"},
		"a.wait": "Wait {{.Wait}} until {{.Until}}", "a.sum": "{{.Sum}} rows"}`,
	"i18n/da.json": `{
		"a.plain": "Log ind", "a.name": "Velkommen, {{.Name}}",
		"a.people": {"one": "En person er inviteret", "other": "{{.Count}} personer er inviteret"},
		"a.wait": "Vent {{.Wait}} til {{.Until}}", "a.sum": "{{.Sum}} rækker"}`,
	"i18n/pl.json": `{
		"a.people": {"one": "1 osoba", "few": "{{.Count}} osoby", "many": "{{.Count}} osób", "other": "{{.Count}} osoby"}}`,
}

func TestTexts(t *testing.T) {
	c := load(t, texts)
	da, pl := c.Localizer("da", nil, nil), c.Localizer("pl", nil, nil)
	until := time.Date(2026, 11, 22, 16, 20, 0, 0, time.UTC)
	for name, tc := range map[string]struct{ got, want string }{
		"a plain text":                      {da.T("a.plain"), "Log ind"},
		"a plain text with needless values": {da.T("a.plain", "Name", "x"), "Log ind"},
		"a value":                           {da.T("a.name", "Name", "Åse"), "Velkommen, Åse"},
		"a value with template signs":       {da.T("a.name", "Name", "{{.Secret}}"), "Velkommen, {{.Secret}}"},
		"values from a map":                 {da.TMap("a.name", map[string]any{"Name": "Bo"}), "Velkommen, Bo"},
		"a length and a time":               {da.T("a.wait", "Wait", 10*time.Minute, "Until", until), "Vent 10 minutter til 22. november 2026 kl. 16.20"},
		"a number":                          {da.T("a.sum", "Sum", 12345), "12.345 rækker"},
		"one":                               {da.N("a.people", 1), "En person er inviteret"},
		"several":                           {da.N("a.people", 1214), "1.214 personer er inviteret"},
		"none":                              {da.N("a.people", 0), "0 personer er inviteret"},
		"few in Polish":                     {pl.N("a.people", 22), "22 osoby"},
		"many in Polish":                    {pl.N("a.people", 12), "12 osób"},
		"a text without forms by number":    {da.N("a.plain", 3), "Log ind"},
		"a text with forms without number":  {da.T("a.people", "Count", 3), "3 personer er inviteret"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.got != tc.want {
				t.Fatalf("got %q, want %q", tc.got, tc.want)
			}
		})
	}
}

func TestMissingTextIsBorrowedAndReported(t *testing.T) {
	c := load(t, texts)
	var heard []string
	c.OnMissing = func(lang, key string) { heard = append(heard, lang+" "+key) }
	da, en := c.Localizer("da", nil, nil), c.Localizer("en", nil, nil)
	for name, tc := range map[string]struct {
		say   func() string
		want  string
		heard []string
	}{
		"a text that only English has": {
			func() string { return da.T("a.only", "Name", "Bo") }, "Only in English for Bo", []string{"da a.only"},
		},
		"a plural that only English has": {
			func() string { return da.N("a.onlypeople", 2) }, "2 people", []string{"da a.onlypeople"},
		},
		"a key that nobody has": {
			func() string { return da.T("a.nothing") }, "a.nothing", []string{"da a.nothing"},
		},
		"a key that English itself lacks": {
			func() string { return en.T("a.nothing") }, "a.nothing", []string{"en a.nothing"},
		},
		"a value that was not given": {
			func() string { return da.T("a.name") }, "Velkommen, ", []string{"da a.name {{.}}"},
		},
		"a name without a value": {
			func() string { return da.T("a.name", "Name") }, "Velkommen, ", []string{"da a.name {{.}}", "da a.name {{.}}"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			heard = nil
			if got := tc.say(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if diff := cmp.Diff(tc.heard, heard); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTextsAreEscapedByThePage(t *testing.T) {
	l := load(t, texts).Localizer("en", nil, nil)
	page := template.Must(template.New("").Parse(`<p title="{{.L.T "a.name" "Name" .Name}}">{{.L.T "a.name" "Name" .Name}}</p>`))
	var b strings.Builder
	if err := page.Execute(&b, map[string]any{"L": l, "Name": `"><script>alert(1)</script>`}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "<script") || strings.Contains(b.String(), `"">`) {
		t.Fatal(b.String())
	}
}

func TestAnUnknownLanguageSpeaksTheDefault(t *testing.T) {
	if got := load(t, texts).Localizer("fr", nil, nil).Lang(); got != "en" {
		t.Fatal(got)
	}
}

func BenchmarkText(b *testing.B) {
	c, err := Load(folder(texts))
	if err != nil {
		b.Fatal(err)
	}
	l := c.Localizer("da", nil, nil)
	for name, say := range map[string]func(){
		"plain":     func() { l.T("a.plain") },
		"value":     func() { l.T("a.name", "Name", "Bo") },
		"plural":    func() { l.N("a.people", 3) },
		"localizer": func() { c.Localizer("da", time.UTC, nil) },
		"match":     func() { c.MatchIn([]string{"da", "en"}, "", "", "sv-SE,sv;q=0.9,en;q=0.8") },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				say()
			}
		})
	}
}

func TestOnlyWrittenLanguagesAreSpoken(t *testing.T) {
	l := speakers(t).Localizer("da", nil, nil)
	offered := []string{"xx", "da", "en", "tlh"}
	if diff := cmp.Diff([]string{"da", "en"}, l.Spoken(offered)); diff != "" {
		t.Error(diff)
	}
	if offered[0] != "xx" || len(l.Spoken(nil)) != 0 {
		t.Error("the list given was changed")
	}
}

func TestTheNumberOfAFaultChoosesItsPluralForm(t *testing.T) {
	l := load(t, texts).Localizer("en", nil, nil)
	for n, want := range map[int]string{1: l.N("a.people", 1), 2: l.N("a.people", 2)} {
		if got := l.TMap("a.people", map[string]any{"Count": n}); got != want || want == "" {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
