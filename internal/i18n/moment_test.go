package i18n

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/message"
	"golang.org/x/text/number"
	"pgregory.net/rapid"
)

// speakers has all languages, so that each grammar can be heard.
func speakers(t *testing.T) *Catalog {
	t.Helper()
	files := map[string]string{}
	for _, lang := range Known() {
		files["i18n/"+lang+".json"] = `{}`
	}
	return load(t, files)
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func copenhagen(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestDatesAreNative(t *testing.T) {
	c, zone := speakers(t), copenhagen(t)
	now := func() time.Time { return at("2026-11-22T12:22:00Z") }
	for lang, want := range map[string][5]string{
		"da": {"22. november 2026 kl. 16.20", "i dag kl. 16.20, om 3 timer", "i morgen kl. 09.05", "i går kl. 14.02", "a, b og c"},
		"nb": {"22. november 2026 kl. 16.20", "i dag kl. 16.20, om 3 timer", "i morgen kl. 09.05", "i går kl. 14.02", "a, b og c"},
		"nn": {"22. november 2026 kl. 16.20", "i dag kl. 16.20, om 3 timar", "i morgon kl. 09.05", "i går kl. 14.02", "a, b og c"},
		"sv": {"22 november 2026 kl. 16:20", "i dag kl. 16:20, om 3 timmar", "i morgon kl. 09:05", "i går kl. 14:02", "a, b och c"},
		"fi": {"22. marraskuuta 2026 klo 16.20", "tänään klo 16.20, 3 tunnin kuluttua", "huomenna klo 09.05", "eilen klo 14.02", "a, b ja c"},
		"en": {"22 November 2026 at 16:20", "today at 16:20, in 3 hours", "tomorrow at 09:05", "yesterday at 14:02", "a, b and c"},
		"de": {"22. November 2026 um 16:20 Uhr", "heute um 16:20 Uhr, in 3 Stunden", "morgen um 09:05 Uhr", "gestern um 14:02 Uhr", "a, b und c"},
		"pl": {"22 listopada 2026 o 16:20", "dzisiaj o 16:20, za 3 godziny", "jutro o 09:05", "wczoraj o 14:02", "a, b i c"},
	} {
		l := c.Localizer(lang, zone, now)
		for i, got := range []string{
			l.DateTime(at("2026-11-22T15:20:00Z")), l.Moment(at("2026-11-22T15:20:00Z")),
			l.Moment(at("2026-11-23T08:05:00Z")), l.Moment(at("2026-11-21T13:02:00Z")), l.List([]string{"a", "b", "c"}),
		} {
			if got != want[i] {
				t.Errorf("%s: got %q, want %q", lang, got, want[i])
			}
		}
	}
}

func TestMomentKeepsToTheReadersDay(t *testing.T) {
	c := speakers(t)
	now := at("2026-11-22T12:22:00Z")
	for name, tc := range map[string]struct {
		now, t time.Time
		want   string
	}{
		"seconds left":                         {now, now.Add(20 * time.Second), "today at 13:22, in less than a minute"},
		"one minute":                           {now, now.Add(time.Minute), "today at 13:23, in 1 minute"},
		"ten minutes":                          {now, now.Add(10 * time.Minute), "today at 13:32, in 10 minutes"},
		"an hour":                              {now, now.Add(time.Hour), "today at 14:22, in 1 hour"},
		"an hour and a half in minutes":        {now, now.Add(90 * time.Minute), "today at 14:52, in 90 minutes"},
		"two hours":                            {now, now.Add(2 * time.Hour), "today at 15:22, in 2 hours"},
		"this moment":                          {now, now, "today at 13:22"},
		"earlier today":                        {now, now.Add(-time.Hour), "today at 12:22"},
		"shortly after midnight is tomorrow":   {at("2026-11-22T22:59:00Z"), at("2026-11-22T23:01:00Z"), "tomorrow at 00:01"},
		"late on the day before yesterday":     {now, at("2026-11-20T22:59:00Z"), "20 November 2026 at 23:59"},
		"the day after tomorrow":               {now, at("2026-11-24T10:00:00Z"), "24 November 2026 at 11:00"},
		"the same day of another year":         {now, at("2025-11-22T12:22:00Z"), "22 November 2025 at 13:22"},
		"tomorrow over the end of summer time": {at("2026-10-24T20:00:00Z"), at("2026-10-25T22:30:00Z"), "tomorrow at 23:30"},
		"tomorrow over its beginning":          {at("2026-03-28T22:30:00Z"), at("2026-03-29T21:30:00Z"), "tomorrow at 23:30"},
		"new year's eve":                       {at("2026-12-31T12:00:00Z"), at("2027-01-01T00:00:00Z"), "tomorrow at 01:00"},
	} {
		t.Run(name, func(t *testing.T) {
			l := c.Localizer("en", copenhagen(t), func() time.Time { return tc.now })
			if got := l.Moment(tc.t); got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDurations(t *testing.T) {
	c := speakers(t)
	for lang, cases := range map[string]map[time.Duration]string{
		"en": {
			0: "0 seconds", time.Second: "1 second", 10 * time.Minute: "10 minutes", time.Hour: "1 hour",
			24 * time.Hour: "24 hours", 90 * time.Minute: "1 hour and 30 minutes", 72 * time.Hour: "3 days",
			-5 * time.Minute: "5 minutes", 48*time.Hour + time.Hour + time.Second: "2 days, 1 hour and 1 second",
			1500 * time.Millisecond: "2 seconds", 24 * 1095 * time.Hour: "1,095 days",
		},
		"da": {24 * time.Hour: "24 timer", 15 * time.Minute: "15 minutter", 30 * 24 * time.Hour: "30 dage"},
		"nn": {24 * time.Hour: "24 timar", 15 * time.Minute: "15 minutt", 72 * time.Hour: "3 dagar", 90 * time.Minute: "1 time og 30 minutt"},
		"de": {time.Hour: "1 Stunde", 24 * time.Hour: "24 Stunden", 72 * time.Hour: "3 Tage", 90 * time.Minute: "1 Stunde und 30 Minuten"},
		"pl": {
			time.Minute: "1 minuta", 90 * time.Minute: "1 godzina i 30 minut", 24 * 1095 * time.Hour: "1095 dni", time.Hour: "1 godzina", 2 * time.Hour: "2 godziny", 5 * time.Hour: "5 godzin", 22 * time.Hour: "22 godziny",
			14 * 24 * time.Hour: "14 dni",
		},
		"fi": {time.Hour: "1 tunti", 24 * time.Hour: "24 tuntia", 72 * time.Hour: "3 päivää", 90 * time.Minute: "1 tunti ja 30 minuuttia"},
	} {
		for d, want := range cases {
			if got := c.Localizer(lang, nil, nil).Duration(d); got != want {
				t.Errorf("%s: %v is %q, want %q", lang, d, got, want)
			}
		}
	}
}

// The words of a moment stand in the case that their preposition asks for.
func TestSoonIsNative(t *testing.T) {
	c := speakers(t)
	now := at("2026-03-01T08:00:00Z")
	for lang, want := range map[string][5]string{
		"nn": {"om under eitt minutt", "om 1 minutt", "om 5 minutt", "om 1 time", "om 22 timar"},
		"fi": {"alle minuutin kuluttua", "1 minuutin kuluttua", "5 minuutin kuluttua", "1 tunnin kuluttua", "22 tunnin kuluttua"},
		"de": {"in weniger als einer Minute", "in 1 Minute", "in 5 Minuten", "in 1 Stunde", "in 22 Stunden"},
		"pl": {"za mniej niż minutę", "za 1 minutę", "za 5 minut", "za 1 godzinę", "za 22 godziny"},
	} {
		l := c.Localizer(lang, time.UTC, func() time.Time { return now.Add(-8 * time.Hour) })
		for i, after := range []time.Duration{20 * time.Second, time.Minute, 5 * time.Minute, time.Hour, 22 * time.Hour} {
			_, got, _ := strings.Cut(l.Moment(now.Add(after-8*time.Hour)), ", ")
			if got != want[i] {
				t.Errorf("%s after %v: got %q, want %q", lang, after, got, want[i])
			}
		}
	}
}

func TestDaysAndMonthsAreNative(t *testing.T) {
	c := speakers(t)
	for lang, want := range map[string][5]string{
		"nn": {"1. mars 2026", "laurdag", "1 dag", "tysdag", "mars 2026"},
		"fi": {"1. maaliskuuta 2026", "lauantai", "1 päivä", "tiistai", "maaliskuu 2026"},
		"de": {"1. März 2026", "Samstag", "1 Tag", "Dienstag", "März 2026"},
		"pl": {"1 marca 2026", "sobota", "1 dzień", "wtorek", "marzec 2026"},
	} {
		l := c.Localizer(lang, time.UTC, nil)
		for i, got := range []string{
			l.Date(at("2026-03-01T08:00:00Z")), l.Weekday(time.Saturday), l.counted(l.grammar.days, 1), l.Weekday(time.Tuesday), l.Month(at("2026-03-01T08:00:00Z")),
		} {
			if got != want[i] {
				t.Errorf("%s: got %q, want %q", lang, got, want[i])
			}
		}
	}
}

func TestNumbersAreWrittenAsTheUnicodeTablesDo(t *testing.T) {
	c := speakers(t)
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom(Known()).Draw(t, "lang")
		least := 0
		if lang == "pl" {
			// Polish sets thousands apart from five digits on, which the library does not know.
			least = 10000
		}
		n := rapid.IntRange(least, 1<<50).Draw(t, "n")
		want := message.NewPrinter(grammarOf(lang).tag).Sprint(number.Decimal(n))
		if got := c.Localizer(lang, nil, nil).Number(n); got != want {
			t.Fatalf("%s: %q, want %q", lang, got, want)
		}
	})
}

func TestNumbersBelowZeroAndPolish(t *testing.T) {
	c := speakers(t)
	en, pl := c.Localizer("en", nil, nil), c.Localizer("pl", nil, nil)
	for want, got := range map[string]string{
		"-1,234,567": en.Number(-1234567), "-999": en.Number(-999), "9999": pl.Number(9999), "10\u00a0000": pl.Number(10000),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSmallWords(t *testing.T) {
	l := speakers(t).Localizer("da", copenhagen(t), nil)
	for want, got := range map[string]string{
		"mandag": l.Weekday(time.Monday), "søndag": l.Weekday(time.Sunday),
		"Svenska": l.LanguageName("sv"), "English": l.LanguageName("en"), "xx": l.LanguageName("xx"),
		"": l.List(nil), "a": l.List([]string{"a"}), "a og b": l.List([]string{"a", "b"}),
		"1. juli 2026": l.Date(at("2026-06-30T22:00:00Z")), "00.00": l.Time(at("2026-06-30T22:00:00Z")),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
