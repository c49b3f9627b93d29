package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecretsOfRobotChecks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secrets")
	if err := os.WriteFile(file, []byte("# one a line\naskvik=0x4AAAA-secret\n\nskog=6Lc_other.secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := mustLoad(t, Serve, production("TILGANG_CAPTCHA_SECRETS_FILE="+file, "TILGANG_TURNSTILE_ENDPOINT=https://check.example/verify", "TILGANG_HCAPTCHA_ENDPOINT=http://127.0.0.1:9/")...)
	for slug, want := range map[string]string{"askvik": "0x4AAAA-secret", "skog": "6Lc_other.secret", "havn": ""} {
		if got := c.Captcha.Secrets[slug].Plain(); got != want {
			t.Errorf("%s: %q", slug, got)
		}
	}
	if c.Captcha.Endpoints["turnstile"] != "https://check.example/verify" || c.Captcha.Endpoints["hcaptcha"] != "http://127.0.0.1:9" || c.Captcha.Endpoints["recaptcha"] != "" {
		t.Error(c.Captcha.Endpoints)
	}
	for _, bad := range []string{"askvik", "askvik=short", "Askvik=0x4AAAA-secret", "askvik=0x4 AAAA-secret", "askvik=0x4AAAA-secret,askvik=0x4AAAA-other"} {
		_, err := Load(production("TILGANG_CAPTCHA_SECRETS="+bad), Serve)
		if err == nil || strings.Contains(err.Error(), "AAAA") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := Load(production("TILGANG_RECAPTCHA_ENDPOINT=http://check.example"), Serve); err == nil {
		t.Error("a secret would travel in clear")
	}
}
