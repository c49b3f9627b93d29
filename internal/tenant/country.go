package tenant

import "slices"

// spokenIn is the country of people who read a language of ours at work. None
// speaks for a language's other countries: an employer names those.
func spokenIn(language string) string {
	return map[string]string{
		"nb": "NO", "nn": "NO", "da": "DK", "sv": "SE", "fi": "FI", "en": "GB", "de": "DE", "pl": "PL",
	}[language]
}

// PhoneCountries are the countries whose numbers get text messages, the most
// likely first: those that the employer named, else its legal employers' and
// its languages'.
func (t *Tenant) PhoneCountries() []string {
	if len(t.Mfa.SMS.Countries) > 0 {
		return t.Mfa.SMS.Countries
	}
	var list []string
	add := func(country string) {
		if country != "" && !slices.Contains(list, country) {
			list = append(list, country)
		}
	}
	for _, l := range t.LegalEmployers {
		add(l.Country)
	}
	for _, l := range t.Languages {
		add(spokenIn(l))
	}
	return list
}
