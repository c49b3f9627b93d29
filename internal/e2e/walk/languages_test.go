package walk_test

import (
	"regexp"
	"slices"
	"strings"

	"tilgang/internal/tenant"
)

var languageLine = regexp.MustCompile(`(?m)^languages: \[.*\]`)

// speaks makes Havn, where the walk goes, offer the walker's language too: its own stay the first,
// and all that Havn wrote itself stays in them.
func (w *walker) speaks(lang string) {
	w.T.Helper()
	own := tenant.MustFrom(w.Operator("havn")).Languages
	if slices.Contains(own, lang) {
		return
	}
	offered := strings.Join(append(slices.Clone(own), lang), ", ")
	yaml := languageLine.ReplaceAllString(string(w.File("havn/tenant.yaml")), "languages: ["+offered+"]")
	spec, problems := tenant.Parse("havn", []byte(yaml), w.File("havn/logo.svg"))
	if len(problems) > 0 {
		w.T.Fatal(tenant.Problems(problems))
	}
	w.Apply(spec)
}
