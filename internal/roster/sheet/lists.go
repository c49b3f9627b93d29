package sheet

import "strings"

// lists are the tenant's words from Options, ready to look up.
type lists struct {
	languages map[string]string // folded name or code to code
	employers names
	roles     names
	countries map[string]string
	fallback  string // country
}

// names finds a spelling, first exactly and then folded.
type names struct {
	exact  map[string]bool
	folded map[string]string // "" where two fold alike
}

func newLists(opt Options) *lists {
	return &lists{
		languages: languageWords(),
		employers: newNames(opt.LegalEmployers),
		roles:     newNames(opt.KnownRoles),
		countries: opt.Countries,
		fallback:  strings.ToUpper(opt.Country),
	}
}

func newNames(list []string) names {
	n := names{map[string]bool{}, map[string]string{}}
	for _, s := range list {
		f := fold(s)
		if other, ok := n.folded[f]; ok && other != s {
			s, n.exact[s] = "", true
		}
		n.folded[f] = s
		if s != "" {
			n.exact[s] = true
		}
	}
	return n
}

func (n names) find(s string) (string, bool) {
	if n.exact[s] {
		return s, true
	}
	s = n.folded[fold(s)]
	return s, s != ""
}

// country is the legal employer's own, or the tenant's.
func (l *lists) country(employer string) string {
	if c := l.countries[employer]; c != "" {
		return strings.ToUpper(c)
	}
	return l.fallback
}
