package voice_test

import (
	"strings"
	"testing"

	"tilgang/internal/message/voice"
)

func TestTheCodeIsSpokenSlowlyAndTwice(t *testing.T) {
	c := voice.Call{Words: "Hej fra Nord & Søn <A/S>. Koden er 123456. Igen: 123456.", Digits: "123456"}
	slow := `<prosody rate="x-slow"><say-as interpret-as="digits">123456</say-as></prosody>`
	if got := c.SSML(); strings.Count(got, slow) != 2 || !strings.Contains(got, "Nord &amp; Søn &lt;A/S&gt;") || strings.Count(got, "123456") != 2 {
		t.Errorf("spoken: %s", got)
	}
	if got := c.Plain(); got != "Hej fra Nord & Søn <A/S>. Koden er 1 2 3 4 5 6. Igen: 1 2 3 4 5 6." {
		t.Errorf("read: %s", got)
	}
}

func TestVoices(t *testing.T) {
	for language, want := range map[string]voice.Speaker{"nb": "LIV", "nn": "LIV", "nb-NO": "LIV", "DA": "NAJA", "sv": "ASTRID", "en": "EMMA", "de": "VICKI", "pl": "EWA"} {
		if got, ok := voice.For(language); !ok || got != want {
			t.Errorf("%s is read by %q, %v", language, got, ok)
		}
	}
	for _, mute := range []string{"fi", "", "xx"} {
		if got, ok := voice.For(mute); ok {
			t.Errorf("%q is read by %s", mute, got)
		}
	}
}

func TestNobodyCalls(t *testing.T) {
	var s voice.Nobody
	if _, err := s.Send(t.Context(), voice.Call{}); err == nil || s.Close() != nil {
		t.Error("nobody made a call")
	}
}
