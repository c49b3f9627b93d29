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
	h.Routes = (&help.Pages{Catalog: h.Kit.Catalog}).Routes()
	return h
}

// read is the page in a language, all that it says.
func read(t *testing.T, h *sitetest.Host, lang string) string {
	t.Helper()
	a := h.Get("/help?all=1", "Accept-Language", lang)
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

func TestThePageFollowsThePolicy(t *testing.T) {
	cases := map[string]struct {
		change    func(*tenant.Tenant)
		want, not []string
	}{
		"the shipped rules of havn": {func(*tenant.Tenant) {}, []string{
			"A link works for 24 hours from", "At least 8 characters",
			"no-reply@havn.example", "goes out as soon as Havn has registered you", "An authenticator app on your phone",
			"Havn has not switched on text messages and calls", "You can skip it when you sign in", "depending on job title",
			"When nothing happens for 30 minutes", "After 12 hours you sign in again", "Your nearest manager can send you a new invitation.",
		}, []string{"everybody uses it", "put it off", "characters are enough", "passkey"}},
		"the life of a link":         {func(x *tenant.Tenant) { x.Invitation.Life, x.Reset.Life = 90*time.Minute, 45*time.Minute }, []string{"A link works for 1 hour and 30 minutes", "The link works once, for 45 minutes"}, []string{"24 hours"}},
		"when mails go out":          {func(x *tenant.Tenant) { x.Invitation.Send, x.Invitation.DaysBeforeStart = tenant.SendDaysBefore, 12 }, []string{"12 days before your first day"}, []string{"as soon as"}},
		"mails by hand":              {func(x *tenant.Tenant) { x.Invitation.Send = tenant.SendManual }, []string{"Havn decides when"}, []string{"as soon as"}},
		"the shortest password":      {func(x *tenant.Tenant) { x.Password.Min = 21 }, []string{"At least 21 characters"}, []string{"At least 8"}},
		"shorter beside the step":    {func(x *tenant.Tenant) { x.Password = tenant.PasswordPolicy{} }, []string{"At least 15 characters", "8 characters are enough"}, nil},
		"how often it is put off":    {func(x *tenant.Tenant) { x.Mfa.Offer, x.Mfa.Postponements = tenant.OfferLater, 4 }, []string{"put it off 4 times"}, []string{"You can skip"}},
		"a step for everybody":       {func(x *tenant.Tenant) { x.Mfa.Offer = tenant.OfferMandatory }, []string{"everybody uses it"}, []string{"You can skip", "depending on"}},
		"a step for nobody yet":      {func(x *tenant.Tenant) { x.Mfa.Requirements = nil }, []string{"You can skip"}, []string{"depending on"}},
		"a date to come":             {func(x *tenant.Tenant) { x.Mfa.Requirements[0].From = time.Date(2027, 3, 1, 0, 0, 0, 0, x.Zone) }, []string{"From 1 March 2027"}, nil},
		"no method at all":           {func(x *tenant.Tenant) { x.Mfa.Totp = tenant.Off }, nil, []string{"The extra step", "authenticator app", "recovery code"}},
		"how long a session is idle": {func(x *tenant.Tenant) { x.Session.Idle, x.Session.Absolute = 7*time.Minute, 3*time.Hour }, []string{"for 7 minutes", "After 3 hours"}, []string{"30 minutes"}},
		"whom to ask":                {func(x *tenant.Tenant) { x.Support.WhomToAsk = nil }, []string{"Ask HR at your workplace."}, []string{"nearest manager"}},
		"the sender":                 {func(x *tenant.Tenant) { x.Senders.Email = "post@havn.example" }, []string{"post@havn.example"}, []string{"no-reply@havn.example"}},
		"no sender known":            {func(x *tenant.Tenant) { x.Senders.Email = "" }, []string{"Look in your spam folder."}, []string{"let through what comes from"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := open(t, "havn")
			c.change(h.Tenant)
			expect(t, read(t, h, "en"), c.want, c.not)
			read(t, h, "da")
		})
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
	a := h.Get("/help?all=1", "Accept-Language", "en", "Cookie", "tilgang-8080-zone=America/New_York")
	expect(t, a.Main(), []string{"08:00 to 18:00", "Closes today at 18:00", "those of the clock in Copenhagen"}, []string{"12:00"})
	if strings.Contains(h.Get("/help?all=1", "Accept-Language", "en").Main(), "clock in") {
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

func TestThePageIsPublicHasContactAndOpensForPrinting(t *testing.T) {
	h := open(t, "havn")
	closed, all := h.Get("/help").Body, h.Get("/help?all=1").Body
	if !strings.Contains(closed, `id="contact"`) || strings.Contains(closed, "<details class=\"more\" id=\"no-mail\" open") {
		t.Error("the page does not begin closed, with a contact")
	}
	if strings.Count(all, " open><summary>") != strings.Count(all, `<details class="more"`) {
		t.Error("not all answers are open")
	}
	for _, id := range []string{"start", "signin", "step", "whom", "contact"} {
		if !strings.Contains(all, `href="#`+id+`"`) || strings.Count(all, ` id="`+id+`"`) != 1 {
			t.Errorf("the contents do not lead to %s", id)
		}
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
