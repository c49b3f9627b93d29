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
	if !slices.Contains(tenant.MustFrom(w.Operator(slug)).Languages, w.lang) {
		w.changes(slug, func(yaml string) string { return yaml })
	}
}

// changes puts an employer's file in force as a test would have it, in the walker's language too.
func (w *walker) changes(slug string, change func(yaml string) string) {
	w.T.Helper()
	offered := tenant.MustFrom(w.Operator(slug)).Languages
	if !slices.Contains(offered, w.lang) {
		offered = append(slices.Clone(offered), w.lang)
	}
	yaml := languageLine.ReplaceAllString(change(string(w.File(slug+"/tenant.yaml"))), "languages: ["+strings.Join(offered, ", ")+"]")
	spec, problems := tenant.Parse(slug, []byte(yaml), w.File(slug+"/logo.svg"))
	if len(problems) > 0 {
		w.T.Fatal(tenant.Problems(problems))
	}
	w.Apply(spec)
}
