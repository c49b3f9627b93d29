package app_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"tilgang/templates"
)

// otherWords are what else a thing was called once, by language: one thing has one
// word (docs/decisions/0031).
func otherWords() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`(?i)second (step|factor)|two-factor|2FA|unwanted mail|junk`),
		"da": regexp.MustCompile(`(?i)andet (trin|faktor)|tofaktor|uønsket mail|junk`),
		"nb": regexp.MustCompile(`(?i)andre faktor|tofaktor|uønsket e-post|søppelpostmappe`),
		"nn": regexp.MustCompile(`(?i)andre faktor|tofaktor|uønskt e-post`),
		"sv": regexp.MustCompile(`(?i)andra faktor|tvåfaktor|oönskad`),
		"fi": regexp.MustCompile(`(?i)kaksivaihe|toinen tekijä|\b(te|teidän)\b,? (on|voitte|pitää)`),
		"de": regexp.MustCompile(`(?i)zweite[nrs]? (Schritt|Faktor)|Zwei-Faktor|Junk|\b(du|dein|deine|deinen|dich|dir)\b`),
		"pl": regexp.MustCompile(`(?i)drugi(ego)? (krok|składnik)|dwuskładnik|niechcian|\bPan(i|a|u)?\b`),
	}
}

func TestOneThingHasOneWord(t *testing.T) {
	for lang, wrong := range otherWords() {
		data, err := templates.FS.ReadFile("i18n/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]json.RawMessage
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for key, said := range texts {
			if word := wrong.Find(said); word != nil {
				t.Errorf("%s %s says %q; its word is in docs/decisions/0031", lang, key, word)
			}
		}
	}
}
