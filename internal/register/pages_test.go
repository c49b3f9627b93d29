package register_test

import (
	"testing"

	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/i18n"
	"tilgang/internal/register"
	"tilgang/templates"
)

func TestThePagesFitTheirTemplates(t *testing.T) {
	catalog, err := i18n.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	catalog.OnMissing = func(lang, key string) { t.Errorf("%s lacks %s", lang, key) }
	for _, lang := range catalog.Languages() {
		if err := pagetest.Check(templates.FS, catalog.Localizer(lang, nil, nil), register.Views()...); err != nil {
			t.Error(err)
		}
	}
}
