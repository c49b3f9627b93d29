package walk_test

import (
	"regexp"
	"slices"
	"strings"

	"tilgang/internal/tenant"
)

var languageLine = regexp.MustCompile(`(?m)^languages: \[.*\]`)

// speaks makes an employer of the walk offer the walker's language too: its own stay the first,
// and all that it wrote itself stays in them.
func (w *walker) speaks(slug string) {
	w.T.Helper()
	own := tenant.MustFrom(w.Operator(slug)).Languages
	if slices.Contains(own, w.lang) {
		return
	}
	offered := strings.Join(append(slices.Clone(own), w.lang), ", ")
	yaml := languageLine.ReplaceAllString(string(w.File(slug+"/tenant.yaml")), "languages: ["+offered+"]")
	spec, problems := tenant.Parse(slug, []byte(yaml), w.File(slug+"/logo.svg"))
	if len(problems) > 0 {
		w.T.Fatal(tenant.Problems(problems))
	}
	w.Apply(spec)
}
