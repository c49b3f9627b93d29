package config

import (
	"regexp"
	"strings"

	"tilgang/internal/secret"
)

var clientLine = regexp.MustCompile(`^([a-z][a-z0-9-]{1,30}/[a-z][a-z0-9-]{0,39})=([!-~]{8,500})$`)

// clientSecrets reads what identity providers gave, one slug/name=secret a line;
// it never shows a value. An employer's file can name its own alone.
func (r *reader) clientSecrets(value string) {
	r.cfg.ClientSecrets = map[string]secret.Redacted{}
	for _, line := range strings.FieldsFunc(value, func(c rune) bool { return c == '\n' || c == '\r' }) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := clientLine.FindStringSubmatch(line)
		if m == nil {
			r.problem("TILGANG_CLIENT_SECRETS has a line that is not slug/name=secret: write one a line, with the name that the employer's file uses.")
			continue
		}
		if _, twice := r.cfg.ClientSecrets[m[1]]; twice {
			r.problem("TILGANG_CLIENT_SECRETS names %s twice: keep one of the lines.", m[1])
		}
		r.cfg.ClientSecrets[m[1]] = secret.Redacted(m[2])
	}
}
