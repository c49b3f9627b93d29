package render_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/message/render"
)

const texts = "../../../templates/i18n/"

// catalogue holds a language's mail texts; plural forms stand as key.one, key.other.
type catalogue map[string]string

func read(t testing.TB, lang string) catalogue {
	t.Helper()
	raw, err := os.ReadFile(texts + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var loose map[string]any
	if err := json.Unmarshal(raw, &loose); err != nil {
		t.Fatal(err)
	}
	c := catalogue{}
	for key, value := range loose {
		if !strings.HasPrefix(key, "mail.") {
			continue
		}
		switch value := value.(type) {
		case string:
			c[key] = value
		case map[string]any:
			for form, text := range value {
				c[key+"."+form] = text.(string)
			}
		}
	}
	return c
}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

// languages are those that have a catalogue.
func languages(t testing.TB) (list []string) {
	t.Helper()
	files, err := filepath.Glob(texts + "*.json")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		list = append(list, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	return list
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	en := read(t, "en")
	for _, lang := range languages(t) {
		own := read(t, lang)
		for key := range en {
			if strings.TrimSpace(own[key]) == "" {
				t.Errorf("%s is missing in %s", key, lang)
			}
			if diff := cmp.Diff(arguments(en[key]), arguments(own[key])); diff != "" {
				t.Errorf("%s takes other arguments in %s (-en +%s):\n%s", key, lang, lang, diff)
			}
		}
		for key := range own {
			// Polish has two plural forms more than English.
			alike := strings.NewReplacer(".few", ".other", ".many", ".other").Replace(key)
			if strings.TrimSpace(en[alike]) == "" {
				t.Errorf("%s is missing in English", key)
			}
		}
	}
}

func arguments(text string) []string {
	var names []string
	for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// say fills a text as the catalogue will; a missing key or argument fails the test.
func (c catalogue) say(t testing.TB, key string, args map[string]any) string {
	t.Helper()
	text, ok := c[key]
	if !ok {
		t.Fatalf("no text %s", key)
	}
	var b strings.Builder
	if err := template.Must(template.New(key).Option("missingkey=error").Parse(text)).Execute(&b, args); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sample are arguments of a real mail.
func sample(lang string) map[string]any {
	args := map[string]any{
		"Employer": "Havn", "Name": "Mette", "Address": "https://havn.example/invite/code", "Account": "mette@work.example",
		"Count": 12, "Value": "+45 70 00 00 00", "Hours": "Mon–Fri 08–18, Sat 09–16", "Whom": "your store manager",
		"Line": "Phone: +45 70 00 00 00", "Note": "press 1 for support",
		"When": "Tuesday 3 March 2026 at 16:20", "Factor": "An authenticator app",
	}
	maps.Copy(args, map[string]map[string]any{
		"da": {
			"Hours": "man.–fre. 8–18, lør. 9–16", "Whom": "din butikschef", "Line": "Telefon: +45 70 00 00 00",
			"Note": "tast 1 for support", "When": "tirsdag den 3. marts 2026 kl. 16.20", "Factor": "En godkendelsesapp",
		},
		"nb": {
			"Hours": "man.–fre. 8–18, lør. 9–16", "Whom": "butikksjefen din", "Line": "Telefon: +45 70 00 00 00",
			"Note": "tast 1 for brukerstøtte", "When": "3. mars 2026 kl. 16.20", "Factor": "En autentiseringsapp",
		},
		"sv": {
			"Hours": "mån–fre 8–18, lör 9–16", "Whom": "din butikschef", "Line": "Telefon: +45 70 00 00 00",
			"Note": "tryck 1 för support", "When": "3 mars 2026 kl. 16:20", "Factor": "En autentiseringsapp",
		},
		"nn": {
			"Hours": "man.–fre. 8–18, lau. 9–16", "Whom": "butikksjefen din", "Line": "Telefon: +45 70 00 00 00",
			"Note": "tast 1 for brukarstøtte", "When": "3. mars 2026 kl. 16.20", "Factor": "Ein autentiseringsapp",
		},
		"de": {
			"Hours": "Mo.–Fr. 8–18 Uhr, Sa. 9–16 Uhr", "Whom": "Ihre Filialleitung", "Line": "Telefon: +45 70 00 00 00",
			"Note": "1 für den Support drücken", "When": "3. März 2026 um 16:20 Uhr", "Factor": "Eine Authenticator-App",
		},
		"fi": {
			"Hours": "ma–pe 8–18, la 9–16", "Whom": "myymäläpäällikkösi", "Line": "Puhelin: +45 70 00 00 00",
			"Note": "tuki: valitse 1", "When": "3. maaliskuuta 2026 klo 16.20", "Factor": "Todennussovellus",
		},
		"pl": {
			"Hours": "pon.–pt. 8–18, sob. 9–16", "Whom": "kierownik sklepu", "Line": "Telefon: +45 70 00 00 00",
			"Note": "wybierz 1, aby połączyć się z pomocą", "When": "3 marca 2026 o 16:20", "Factor": "Aplikacja uwierzytelniająca",
		},
	}[lang])
	return args
}

const invitation = "https://havn.example/invite/q7Vw2n4bXk0Jr5sT8uYzAa1Bc3De6Fg9Hi2Jk4Lm7No"

// invite is the welcome mail of a language.
func invite(t testing.TB, lang string) render.Doc {
	t.Helper()
	c, args := read(t, lang), sample(lang)
	say := func(key string) string { return c.say(t, "mail."+key, args) }
	return render.Doc{
		Lang: lang, Subject: say("invite.subject"), Preheader: say("invite.preheader"), Heading: say("invite.heading"),
		Blocks: []render.Block{
			render.Paragraph{Text: say("greeting")},
			render.Paragraph{Text: say("invite.text")},
			render.Button{Label: say("invite.button"), URL: invitation},
			render.Address{Intro: say("link.copy"), URL: invitation},
			render.Code{Label: say("invite.code"), Value: "K7QM4-T9XWB"},
		},
		Expires: say("expires") + " " + say("expires.renew"), NotYou: say("not_you.invite"),
		Support: render.Support{Heading: say("support.heading"), Lines: []string{
			say("support.whom"), say("support.note"), say("support.open"),
		}},
		Signature: say("signature"), Why: say("why.employee"), NoReply: say("no_reply"),
		Brand: render.Brand{Name: "Havn"},
	}
}

// security is a mail about something that happened to an account.
func security(t *testing.T, lang, kind string) render.Doc {
	t.Helper()
	c, args := read(t, lang), sample(lang)
	say := func(key string) string { return c.say(t, "mail."+key, args) }
	return render.Doc{
		Lang: lang, Subject: say(kind + ".subject"), Preheader: say(kind + ".preheader"), Heading: say(kind + ".heading"),
		Blocks: []render.Block{
			render.Paragraph{Text: say(kind + ".text")},
			render.Facts{
				{Label: say("fact.device"), Value: "Pixel 8"},
				{Label: say("fact.browser"), Value: "Chrome 138"},
				{Label: say("fact.country"), Value: "Norge"},
				{Label: say("fact.ip"), Value: "192.0.2.17"},
			},
			render.Button{Label: say("security.button"), URL: "https://havn.example/security"},
		},
		NotYou:    say("not_you.act"),
		Support:   render.Support{Heading: say("support.heading"), Lines: []string{say("support.phone"), say("support.page")}},
		Signature: say("signature"), Why: say("why.account"), NoReply: say("no_reply"),
		Brand: render.Brand{Name: "Havn"},
	}
}
