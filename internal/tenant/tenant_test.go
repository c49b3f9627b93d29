package tenant

import (
	"context"
	"testing"
)

func TestASlugIsAHostLabelThatIsFree(t *testing.T) {
	for slug, want := range map[string]bool{
		"havn": true, "a1": true, "a-b-c": true, "abcdefghijabcdefghijabcdefghija": true,
		"": false, "a": false, "1a": false, "-a": false, "a-": false, "Havn": false, "hav_n": false, "havn.x": false, "håvn": false,
		"abcdefghijabcdefghijabcdefghijab": false, "alumni": false, "eid": false, "www": false, "api": false, "practice": false, "havn\n": false,
	} {
		if got := ValidSlug(slug); got != want {
			t.Errorf("%q: got %v, want %v", slug, got, want)
		}
	}
}

func TestHostsAreBuiltBelowTheBase(t *testing.T) {
	if got := HostOf("havn", "localhost:8080"); got != "havn.localhost:8080" {
		t.Error(got)
	}
	if got := AlumniHostOf("havn", "tilgang.example"); got != "alumni.havn.tilgang.example" {
		t.Error(got)
	}
}

func TestTheContextCarriesTheTenantOrNone(t *testing.T) {
	ctx := context.Background()
	if _, ok := From(ctx); ok {
		t.Error("a tenant out of nothing")
	}
	if _, ok := From(With(ctx, nil)); ok {
		t.Error("nil counts as a tenant")
	}
	want := &Tenant{Slug: "havn"}
	if got := MustFrom(With(ctx, want)); got != want {
		t.Errorf("got %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("MustFrom went on without a tenant")
		}
	}()
	MustFrom(ctx)
}

func TestAWordingFallsBackToTheNextLanguage(t *testing.T) {
	w := Text{"da": "Spørg HR", "en": "Ask HR"}
	for want, got := range map[string]string{"Ask HR": w.In("en", "da"), "Spørg HR": w.In("pl", "da"), "": w.In("pl"), "HR": Text{"*": "HR"}.In("pl")} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
