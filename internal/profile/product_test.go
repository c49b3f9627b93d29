package profile_test

import (
	"testing"

	"tilgang/internal/e2e"
)

func TestTheChosenLanguageFollowsThePersonToAnotherDevice(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	first := s.Browser("havn")
	first.Lang = "da"
	if p := s.SignIn(first, who, "/profile"); !p.Has("Sider og mails er på") {
		t.Fatal(p.Text())
	}
	if p := first.Submit("language", "en"); !p.Has("Your language is saved.") || !p.Has("Pages and e-mails are in") {
		t.Error(p.Text())
	}
	second := s.Browser("havn")
	second.Lang = "da"
	if p := second.Get("/"); !p.Has("Velkommen til Havn") {
		t.Errorf("a visitor's page is not in the browser's language: %s", p.Text())
	}
	if p := s.SignIn(second, who, "/employment"); !p.Has("Employed now") || p.Has("Ansat nu") {
		t.Error(p.Text())
	}
}
