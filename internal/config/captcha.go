package config

import (
	"regexp"
	"strings"

	"tilgang/internal/secret"
)

// Captcha is what outside verifiers of robot checks need; nothing where no
// employer names one.
type Captcha struct {
	Secrets   map[string]secret.Redacted // by the employer's slug
	Endpoints map[string]string          // by provider, in place of its own
}

var secretLine = regexp.MustCompile(`^([a-z][a-z0-9-]{1,30})=([!-~]{8,200})$`)

// captchaSecrets reads one employer a line, or several with commas; it never
// shows a value.
func (r *reader) captchaSecrets(value string) {
	r.cfg.Captcha.Secrets = map[string]secret.Redacted{}
	for _, line := range strings.FieldsFunc(value, func(c rune) bool { return c == '\n' || c == '\r' || c == ',' }) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := secretLine.FindStringSubmatch(line)
		if m == nil {
			r.problem("TILGANG_CAPTCHA_SECRETS has a line that is not slug=secret: write one employer a line, with the provider's secret key behind its slug.")
			continue
		}
		if _, twice := r.cfg.Captcha.Secrets[m[1]]; twice {
			r.problem("TILGANG_CAPTCHA_SECRETS names %s twice: keep one of the lines.", m[1])
		}
		r.cfg.Captcha.Secrets[m[1]] = secret.Redacted(m[2])
	}
}

func (r *reader) captchaEndpoint(provider, name, value string) {
	if r.cfg.Captcha.Endpoints == nil {
		r.cfg.Captcha.Endpoints = map[string]string{}
	}
	r.cfg.Captcha.Endpoints[provider] = r.endpoint(name, value)
}
