package i18n_test

import (
	"testing"
	"time"

	"tilgang/internal/i18n"
	"tilgang/templates"
)

func TestCountry(t *testing.T) {
	c, err := i18n.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range c.Languages() {
		words := c.Localizer(lang, time.UTC, time.Now)
		for code, want := range map[string]map[string]string{
			"NO": {"en": "Norway", "da": "Norge", "nb": "Norge", "sv": "Norge", "nn": "Noreg", "de": "Norwegen", "fi": "Norja", "pl": "Norwegia"},
			"DK": {"en": "Denmark", "da": "Danmark", "nb": "Danmark", "sv": "Danmark", "nn": "Danmark", "de": "Dänemark", "fi": "Tanska", "pl": "Dania"},
			"GB": {"en": "United Kingdom", "da": "Storbritannien", "nb": "Storbritannia", "sv": "Storbritannien", "nn": "Storbritannia", "de": "Vereinigtes Königreich", "fi": "Iso-Britannia", "pl": "Wielka Brytania"},
			"FR": {"en": "France", "da": "Frankrig", "nb": "Frankrike", "sv": "Frankrike", "nn": "Frankrike", "de": "Frankreich", "fi": "Ranska", "pl": "Francja"},
		} {
			if got := words.Country(code); want[lang] != "" && got != want[lang] {
				t.Errorf("%s in %s: %q", code, lang, got)
			}
		}
		if got := words.Country("?"); got != "?" {
			t.Errorf("%q", got)
		}
	}
}
