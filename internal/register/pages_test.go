package register_test

import (
	"testing"

	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/register"
	"tilgang/templates"
)

func TestThePagesFitTheirTemplates(t *testing.T) {
	catalog := sitetest.Texts(t)
	for _, lang := range catalog.Languages() {
		if err := pagetest.Check(templates.FS, catalog.Localizer(lang, nil, nil), register.Views()...); err != nil {
			t.Error(err)
		}
	}
}
