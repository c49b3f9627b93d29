package paper

import (
	"os"
	"strings"
	"testing"
	"time"

	"tilgang/internal/message/paper/papertest"
	"tilgang/tenants"
)

func sample() Letter {
	logo, _ := tenants.FS.ReadFile("havn/logo.svg")
	return Letter{
		Lang: "da", Made: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Brand: Brand{Name: "Havn", Primary: "#0d6fb5", Logo: logo},
		Date: "22. november 2026", To: []string{"Kaj Skov", "Butiksassistent · Butik Aarhus"}, Title: "Vælg din adgangskode hos Havn",
		Intro: []string{"Hej Kaj. Med dette brev får du adgang til din ansættelse hos Havn."},
		Facts: []Fact{{Label: "Dit medarbejdernummer", Value: "1042"}, {Label: "Din kode", Value: "FGH12-9KLMN", Code: true}, {Label: "Virker til", Value: "29. november 2026 kl. 13.00"}},
		Steps: []string{"Åbn havn.example/invite/code på en telefon eller en computer.", "Skriv nummeret og koden herover.", "Vælg en adgangskode. Zażółć gęślą jaźń, ßäöü, åäö, Œ."},
		After: []string{"Vis ikke koden til andre."}, Help: []string{"Hjælp", "Spørg din leder.", "Telefon +45 70 00 00 27"}, Address: "https://havn.example/invite/code",
	}
}

func TestALetterIsOnePageThatCanBeReadAloud(t *testing.T) {
	body, err := sample().PDF()
	if err != nil {
		t.Fatal(err)
	}
	if to := os.Getenv("LETTER_FILE"); to != "" {
		if err := os.WriteFile(to, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := papertest.Text(t, body)
	for _, want := range []string{"Kaj Skov", "1042", "FGH12-9KLMN", "29. november 2026", "Zażółć gęślą jaźń", "havn.example/invite/code", "+45 70 00 00 27"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q in\n%s", want, text)
		}
	}
	if n := strings.Count(string(body), "/Type /Page\n"); n != 1 {
		t.Errorf("%d pages", n)
	}
	if !strings.Contains(string(body), "/Lang (da)") {
		t.Error("the page names no language")
	}
	if strings.Index(text, "1042") > strings.Index(text, "FGH12") {
		t.Error("the code comes before the number")
	}
}

func TestALongLetterIsSetSmallerOrRefused(t *testing.T) {
	l := sample()
	for range 12 {
		l.After = append(l.After, "Denne linje gør brevet længere, end det plejer at være, og den fylder mere end én linje på siden.")
	}
	if _, err := l.PDF(); err != nil {
		t.Error(err)
	}
	l.After = append(l.After, strings.Repeat("Alt for meget. ", 800))
	if _, err := l.PDF(); err == nil {
		t.Error("a letter of several pages was set on one")
	}
}

func TestEveryLogoOfTheDemonstrationIsDrawn(t *testing.T) {
	for _, slug := range []string{"havn", "nordlys", "askvik", "skog", "fjord"} {
		svg, err := tenants.FS.ReadFile(slug + "/logo.svg")
		if err != nil {
			t.Fatal(err)
		}
		pic, err := readLogo(svg)
		if err != nil || len(pic.shapes) < 2 {
			t.Errorf("%s: %d shapes, %v", slug, len(pic.shapes), err)
		}
	}
}

func TestALogoThatCannotBeDrawnLeavesTheName(t *testing.T) {
	for _, svg := range []string{
		"", "<svg", `<svg viewBox="0 0 9 9"><path d="M0 0T9 9"/></svg>`, `<svg viewBox="0 0 9 9"><rect width="9" height="9" fill="url(#a)"/></svg>`,
		`<svg viewBox="0 0 9 9"><g transform="rotate(9)"><path d="M0 0h9"/></g></svg>`, `<svg viewBox="0 0 0 0"><path d="M0 0h9"/></svg>`, `<svg viewBox="0 0 9 9"><path d="0 0"/></svg>`,
	} {
		l := sample()
		l.Brand.Logo = []byte(svg)
		body, err := l.PDF()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(papertest.Text(t, body), "Havn\n") {
			t.Errorf("%q: the employer is not named", svg)
		}
	}
}
