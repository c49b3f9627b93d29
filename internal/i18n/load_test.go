package i18n

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// folder is a templates folder with these files.
func folder(files map[string]string) fstest.MapFS {
	made := fstest.MapFS{}
	for name, text := range files {
		made[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return made
}

func load(t *testing.T, files map[string]string) *Catalog {
	t.Helper()
	c, err := Load(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	c.OnMissing = func(lang, key string) { t.Errorf("%s lacks %q", lang, key) }
	return c
}

func TestLoadMergesMainFileAndParts(t *testing.T) {
	c := load(t, map[string]string{
		"i18n/da.json":              `{"app.name": "Tilgang"}`,
		"i18n/parts/invite.da.json": `{"invite.title": "Velkommen"}`,
		"i18n/parts/invite.en.json": `{"invite.title": "Welcome"}`,
		"i18n/README.md":            `not a catalogue`,
	})
	if diff := cmp.Diff([]string{"en", "da"}, c.Languages()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"app.name", "invite.title"}, c.Keys("da")); diff != "" {
		t.Error(diff)
	}
	if c.Default() != "en" || !c.Has("da") || c.Has("sv") {
		t.Error("the default is English and only what was found is there")
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no file at all":            {nil, "no i18n/<lang>.json"},
		"a language nobody knows":   {map[string]string{"i18n/fr.json": `{}`}, `"fr"`},
		"a key twice in one file":   {map[string]string{"i18n/da.json": `{"a.b":"x","a.b":"y"}`}, "given twice"},
		"a key twice in two files":  {map[string]string{"i18n/da.json": `{"a.b":"x"}`, "i18n/parts/a.da.json": `{"a.b":"x"}`}, "given twice"},
		"a key without a dot":       {map[string]string{"i18n/da.json": `{"title":"x"}`}, "lower case words with dots"},
		"a list as text":            {map[string]string{"i18n/da.json": `{"a.b":["x"]}`}, "a text is a string"},
		"a number as text":          {map[string]string{"i18n/da.json": `{"a.b":1}`}, "a text is a string"},
		"null as text":              {map[string]string{"i18n/da.json": `{"a.b":null}`}, "at least two"},
		"only one plural form":      {map[string]string{"i18n/da.json": `{"a.b":{"other":"x"}}`}, "at least two"},
		"no form other":             {map[string]string{"i18n/da.json": `{"a.b":{"one":"x","few":"y"}}`}, "at least two"},
		"a form that is none":       {map[string]string{"i18n/da.json": `{"a.b":{"one":"x","other":"y","some":"z"}}`}, "no plural form"},
		"a condition in a text":     {map[string]string{"i18n/da.json": `{"a.b":"{{if .X}}y{{end}}"}`}, "placeholder"},
		"a lower-case placeholder":  {map[string]string{"i18n/da.json": `{"a.b":"{{.name}}"}`}, "placeholder"},
		"a third brace":             {map[string]string{"i18n/da.json": `{"a.b":"{{{.Name}}"}`}, "placeholder"},
		"a name with a dash":        {map[string]string{"i18n/da.json": `{"a.b":"{{.My-name}}"}`}, "placeholder"},
		"braces that only close":    {map[string]string{"i18n/da.json": `{"a.b":"{{.Name}} }}"}`}, "placeholder"},
		"an unclosed placeholder":   {map[string]string{"i18n/da.json": `{"a.b":"{{.Name}"}`}, "placeholder"},
		"text behind the object":    {map[string]string{"i18n/da.json": `{} {}`}, "after the end"},
		"a file that is no object":  {map[string]string{"i18n/da.json": `[]`}, "not a JSON object"},
		"a file that ends too soon": {map[string]string{"i18n/da.json": `{"a.b":"x"`}, "does not end"},
		"a file with a broken line": {map[string]string{"i18n/da.json": `{"a.b" "x"}`}, "near byte"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Load(folder(c.files)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want something about %q", err, c.want)
			}
		})
	}
	t.Run("and tells all faults at once", func(t *testing.T) {
		_, err := Load(folder(map[string]string{"i18n/da.json": `{"x":"1","a.b":2}`, "i18n/fr.json": `{}`}))
		for _, want := range []string{`"x"`, `"a.b"`, `"fr"`} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s is not told: %v", want, err)
			}
		}
	})
}

func TestMatch(t *testing.T) {
	all := map[string]string{}
	for _, lang := range Known() {
		all["i18n/"+lang+".json"] = `{}`
	}
	c := load(t, all)
	long := strings.Repeat("da,", 100) + "da"
	for name, tc := range map[string]struct {
		allowed, wanted []string
		want            string
	}{
		"the saved choice wins":                        {Known(), []string{"fi", "da", "sv,en;q=0.8"}, "fi"},
		"the cookie comes next":                        {Known(), []string{"", "da", "sv"}, "da"},
		"then the browser":                             {Known(), []string{"", "", "sv-FI,sv;q=0.9,en;q=0.8", "nb"}, "sv"},
		"by its weights":                               {Known(), []string{"en;q=0.1, da"}, "da"},
		"then the tenant's default":                    {Known(), []string{"", "", "", "pl"}, "pl"},
		"nobody's wish is English":                     {Known(), nil, "en"},
		"a language nobody speaks is passed":           {Known(), []string{"xx", "ja", "da"}, "da"},
		"within a header too":                          {Known(), []string{"ja, ko;q=0.9, de;q=0.1"}, "de"},
		"rubbish is passed":                            {Known(), []string{"../../etc", "\x00", ";;;", "da"}, "da"},
		"an endless header is passed":                  {Known(), []string{long, "sv"}, "sv"},
		"no is bokmål":                                 {Known(), []string{"no"}, "nb"},
		"nn-NO is nynorsk":                             {Known(), []string{"nn-NO"}, "nn"},
		"a tenant without nynorsk answers bokmål":      {[]string{"nb", "en"}, []string{"nn"}, "nb"},
		"what the tenant does not offer is not given":  {[]string{"da", "en"}, []string{"fi", "sv-SE,en;q=0.5"}, "en"},
		"a tenant's first language is its default":     {[]string{"da", "en"}, []string{"ja"}, "da"},
		"what the catalogue lacks is not offered":      {[]string{"fr", "da"}, []string{"fr"}, "da"},
		"a tenant that offers nothing offers all":      {nil, []string{"pl"}, "pl"},
		"a British reader of a tenant in English":      {[]string{"en"}, []string{"en-GB,en-US;q=0.9"}, "en"},
		"the same language twice in a list is no harm": {[]string{"da", "da", "en"}, []string{"en"}, "en"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.MatchIn(tc.allowed, tc.wanted...); got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if len(tc.allowed) == len(Known()) && c.Match(tc.wanted...) != tc.want {
				t.Fatal("Match differs")
			}
		})
	}
}

func TestEveryKnownLanguageHasItsGrammar(t *testing.T) {
	for _, lang := range Known() {
		g := grammarOf(lang)
		if g.tag.String() != lang || g.name == "" || g.clock == "" || g.and == "" || g.thousands == "" || g.at == "" {
			t.Errorf("%s: incomplete", lang)
		}
		if slices.Contains(g.months[:], "") || slices.Contains(g.weekdays[:], "") {
			t.Errorf("%s: a month or weekday is missing", lang)
		}
		for _, f := range []forms{g.inMinutes, g.inHours, g.seconds, g.minutes, g.hours, g.days} {
			if !strings.Contains(f.other, "{n}") {
				t.Errorf("%s: a form lacks its number: %q", lang, f.other)
			}
		}
	}
}
