package voice

import "strings"

// Speaker is a voice by the name that Amazon Polly gives it.
type Speaker string

// For is the voice of a language (BCP 47); ok false where there is none, and
// then no call is to be offered. Nynorsk is read by the voice for bokmål: what
// differs is the words. Finnish has no voice among those that calls may use.
func For(language string) (v Speaker, ok bool) {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	v, ok = map[string]Speaker{
		"da": "NAJA",
		"de": "VICKI",
		"en": "EMMA", // British English
		"nb": "LIV",
		"nn": "LIV",
		"pl": "EWA",
		"sv": "ASTRID",
	}[base]
	return v, ok
}
