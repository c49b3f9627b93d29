package reset_test

import (
	"strings"
	"testing"

	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/reset"
	"tilgang/templates"
)

func TestThePagesFitTheirTemplates(t *testing.T) {
	catalog := sitetest.Texts(t)
	for _, lang := range catalog.Languages() {
		if err := pagetest.Check(templates.FS, catalog.Localizer(lang, nil, nil), reset.Views()...); err != nil {
			t.Error(err)
		}
	}
}

func TestThePagesSayWhomToAsk(t *testing.T) {
	w := setUp(t)
	b := w.Browser("havn")
	ask := b.Get("/reset") // a Sunday
	for _, p := range []string{ask.Text(), b.Submit("email", "somebody@havn.example").Text()} {
		for _, words := range []string{"Ask your manager.", "+45 70 00 00 27", "Press 1", "help@havn.example", "Support is closed now. It opens tomorrow at 08:00"} {
			if !strings.Contains(p, words) {
				t.Errorf("no %q in %s", words, p)
			}
		}
	}
	if !strings.Contains(ask.Body, `href="tel:+4570000027"`) && !strings.Contains(ask.Body, `href="tel:&#43;4570000027"`) {
		t.Error("the number cannot be called")
	}
	w.Pass(day)
	b.Lang = "da"
	if p := b.Get("/reset"); !p.Has("Spørg din leder.") || !p.Has("Supporten har åbent nu. Den lukker i dag") {
		t.Error(p.Text())
	}
}
