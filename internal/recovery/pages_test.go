package recovery_test

import (
	"testing"

	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/recovery"
	"tilgang/templates"
)

func TestThePagesFitTheirTemplates(t *testing.T) {
	catalog := sitetest.Texts(t)
	for _, lang := range catalog.Languages() {
		if err := pagetest.Check(templates.FS, catalog.Localizer(lang, nil, nil), recovery.Views()...); err != nil {
			t.Error(err)
		}
	}
}
