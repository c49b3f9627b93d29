package tenant

// everyLanguage is the key of a wording that is the same in all languages: a
// name, a title.
const everyLanguage = "*"

// In is the wording in the first of the languages that has one, best first; end
// the list with the tenant's default. Empty when none has.
func (t Text) In(languages ...string) string {
	for _, l := range languages {
		if s := t[l]; s != "" {
			return s
		}
	}
	return t[everyLanguage]
}
