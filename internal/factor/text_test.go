package factor

import (
	"context"
	"strings"
	"testing"
	"time"

	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/tenant"
	"tilgang/templates"
)

func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	c, err := i18n.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func words(t *testing.T) *i18n.Localizer {
	t.Helper()
	return catalog(t).Localizer("en", time.UTC, time.Now)
}

// gsm are the letters of one septet (3GPP TS 23.038 6.2.1), as far as our
// languages use them.
const gsm = "@£$¥èéùìòÇ\nØø\rÅåÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

func TestATextIsOneSegmentAndEndsInItsOrigin(t *testing.T) {
	c := catalog(t)
	for _, lang := range c.Languages() {
		l := setUpLine(t)
		digits := l.begin(l.anna, 100)
		var text, replaced string
		l.do(func(ctx context.Context) (err error) {
			w := c.Localizer(lang, time.UTC, time.Now)
			havn := *tenant.MustFrom(ctx)
			havn.Name = "Nordlys Energi og Nett"
			text, err = l.phones.textOfCode(ctx, message.Message{RefID: l.texts[0].RefID, Args: map[string]string{ArgHost: l.texts[0].Host}}, w, &havn)
			if err == nil {
				replaced, err = textOfReplaced(ctx, message.Message{}, w, &havn)
			}
			return err
		})
		lines := strings.Split(text, "\n")
		if last := lines[len(lines)-1]; last != "@havn.localhost #"+digits {
			t.Errorf("%s ends in %q", lang, last)
		}
		if strings.Contains(text, "://") || strings.Count(text, digits) != 2 || !strings.Contains(text, "Nordlys") {
			t.Errorf("%s: %s", lang, text)
		}
		for _, s := range []string{text, replaced} {
			if n := len([]rune(s)); n > 160 {
				t.Errorf("%s: %d letters: %s", lang, n, s)
			}
			for _, r := range s {
				if !strings.ContainsRune(gsm, r) {
					t.Errorf("%s: %q makes the text twice as long: %s", lang, r, s)
				}
			}
		}
	}
}
