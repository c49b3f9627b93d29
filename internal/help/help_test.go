package help_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tilgang/internal/help"
	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/i18n/i18ntest"
	"tilgang/internal/password"
	"tilgang/internal/tenant"
	"tilgang/templates"
	"tilgang/tenants"
)

func open(t *testing.T, slug string) *sitetest.Host {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		t.Fatal(err)
	}
	h := sitetest.New(t, spec.Tenant)
	h.Routes = (&help.Pages{Catalog: h.Kit.Catalog, Calls: func(lang string) bool { return lang != "fi" }}).Routes()
	return h
}

// read is the page in a language, all that it says.
func read(t *testing.T, h *sitetest.Host, lang string) string {
	t.Helper()
	a := h.Get("/help", "Accept-Language", lang)
	if a.Status != http.StatusOK {
		t.Fatalf("status %d", a.Status)
	}
	i18ntest.Mixed(t, h.Kit.Catalog, a.Body, lang)
	return a.Main()
}

func TestTheTemplateFitsThePage(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, help.Views()...); err != nil {
		t.Error(err)
	}
}

func TestNoNumberStandsInAText(t *testing.T) {
	for _, lang := range sitetest.Texts(t).Languages() {
		data, err := os.ReadFile("../../templates/i18n/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for key, text := range texts {
			words, _ := json.Marshal(text)
			if strings.HasPrefix(key, "help.") && regexp.MustCompile(`[0-9]`).Match(words) {
				t.Errorf("%s %s has a number of its own: %s", lang, key, words)
			}
		}
	}
}

func expect(t *testing.T, text string, want, not []string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("page lacks %q:\n%s", w, text)
		}
	}
	for _, w := range not {
		if strings.Contains(text, w) {
			t.Errorf("page says %q:\n%s", w, text)
		}
	}
}

func TestEveryRuleOfThePasswordPageIsListed(t *testing.T) {
	h := open(t, "havn")
	words := h.Kit.Catalog.Localizer("da", nil, nil)
	for _, preset := range []string{"", "lower_and_symbol_or_digit", "four_classes"} {
		h.Tenant.Password.Preset = preset
		text := read(t, h, "da")
		for _, r := range password.Rules(h.Tenant.Password, false) {
			expect(t, text, []string{words.TMap(r.Code, r.Args)}, nil)
		}
	}
}

func TestTheRealSenderWinsOverTheSetting(t *testing.T) {
	h := open(t, "havn")
	h.Routes = (&help.Pages{Catalog: h.Kit.Catalog, Sender: func(x *tenant.Tenant) string { return x.Slug + "@mail.example" }}).Routes()
	expect(t, read(t, h, "en"), []string{"havn@mail.example"}, []string{"no-reply@havn.example"})
}

func TestTheContactBlock(t *testing.T) {
	cases := map[string]struct {
		at        time.Time
		change    func(*tenant.Tenant)
		want, not []string
	}{
		"open on a weekday": {at(time.Monday, 10), nil, []string{
			"Åbent nu Lukker i dag kl. 18.00", "Mandag til fredag 08.00 til 18.00", "Lørdag 09.00 til 16.00", "Søndag Lukket",
			"+45 70 00 00 27", "Svar på under 5 minutter", "24. december 2026 Juleaften",
		}, []string{"Lukket nu"}},
		"closed on Sunday, open tomorrow": {at(time.Sunday, 12), nil, []string{"Lukket nu Åbner i morgen kl. 08.00"}, []string{"Åbent nu"}},
		"closed for days names the day":   {time.Date(2026, 12, 24, 11, 0, 0, 0, time.UTC), nil, []string{"Lukket nu Åbner mandag 28. december 2026 kl. 08.00"}, []string{"24. november"}},
		"holidays that are over are gone": {time.Date(2026, 12, 27, 11, 0, 0, 0, time.UTC), nil, []string{"1. januar 2027 Nytårsdag"}, []string{"Juleaften", "24. december"}},
		"always open":                     {at(time.Sunday, 3), func(x *tenant.Tenant) { x.Support.Hours, x.Support.Holidays = always(), nil }, []string{"Åbent nu Døgnet rundt, alle dage.", "Mandag til søndag Hele døgnet"}, nil},
		"no hours are no promise":         {at(time.Monday, 10), func(x *tenant.Tenant) { x.Support.Hours = [7]tenant.Hours{} }, []string{"+45 70 00 00 27"}, []string{"Åbent nu", "Lukket nu", "Åbningstider", "Juleaften"}},
		"nobody to call":                  {at(time.Monday, 10), func(x *tenant.Tenant) { x.Support.Channels = nil }, []string{"Spørg HR på din arbejdsplads."}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := open(t, "havn")
			h.Clock.Set(c.at)
			if c.change != nil {
				c.change(h.Tenant)
			}
			expect(t, read(t, h, "da"), c.want, c.not)
		})
	}
}

// at is an hour, in UTC, of a day in the week of 23 November 2026.
func at(d time.Weekday, hour int) time.Time {
	return time.Date(2026, 11, 22+int(d), hour, 0, 0, 0, time.UTC)
}

func always() (week [7]tenant.Hours) {
	for i := range week {
		week[i] = tenant.Hours{Open: 0, Close: 24 * 60}
	}
	return week
}

func TestHoursAreTheEmployersClockWhereverTheReaderIs(t *testing.T) {
	h := open(t, "havn")
	h.Clock.Set(at(time.Monday, 10))
	a := h.Get("/help", "Accept-Language", "en", "Cookie", "tilgang-8080-zone=America/New_York")
	expect(t, a.Main(), []string{"08:00 to 18:00", "Closes today at 18:00", "those of the clock in Copenhagen"}, []string{"12:00"})
	if strings.Contains(h.Get("/help", "Accept-Language", "en").Main(), "clock in") {
		t.Error("the zone is said to those who are in it")
	}
}

func TestChannelsAreLinksThatWork(t *testing.T) {
	body := open(t, "havn").Get("/help").Body
	for _, link := range []string{`href="tel:&#43;4570000027"`, `href="mailto:support@havn.example"`, `href="https://support.havn.example/chat"`} {
		if !strings.Contains(body, link) {
			t.Errorf("lacks %s", link)
		}
	}
	if strings.Contains(body, "ZgotmplZ") {
		t.Error("a link was refused by the template")
	}
}

func TestThoseWhoHaveLeftReadHowLongTheDoorIsOpen(t *testing.T) {
	h := open(t, "nordlys")
	h.Side = httpkit.Alumni
	expect(t, read(t, h, "en"), []string{"Nordlys Energi AS: 60 months after", "Nordlys Nett AS: 36 months after"}, nil)
	h.Tenant.Alumni.Months = map[string]int{"*": 1}
	expect(t, read(t, h, "en"), []string{"open for 1 month after"}, []string{"Nordlys Nett AS:"})
	h.Side = httpkit.Staff
	expect(t, read(t, h, "en"), nil, []string{"How long do I have access?"})
}

func TestEveryShippedEmployerHasAWholePage(t *testing.T) {
	for _, slug := range []string{"askvik", "fjord", "havn", "nordlys", "skog"} {
		h := open(t, slug)
		for _, lang := range h.Kit.Catalog.Localizer("", nil, nil).Spoken(h.Tenant.Languages) {
			if text := read(t, h, lang); strings.Contains(text, "help.") {
				t.Errorf("%s shows a key: %s", slug, text)
			}
		}
	}
}
