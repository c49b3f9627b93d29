package config

import (
	"net/url"
	"strconv"

	"tilgang/internal/secret"
)

// mostConnections keeps a slip of the finger from drowning a mail server.
const mostConnections = 100

func (r *reader) smtpURL(value string) {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		r.problem("TILGANG_SMTP_URL is not readable: write it as smtp://user:password@host:587?tls=starttls, with odd characters in the password percent-encoded.")
		return
	}
	s := &r.cfg.SMTP
	s.Host, s.User = u.Hostname(), u.User.Username()
	password, _ := u.User.Password()
	s.Password = secret.Redacted(password)
	r.smtpTLS(u.Query())
	s.Port = map[TLS]int{StartTLS: 587, ImplicitTLS: 465, NoTLS: 25}[s.TLS]
	if u.Port() != "" {
		s.Port, err = strconv.Atoi(u.Port())
		if err != nil || s.Port < 1 || s.Port > 65535 {
			r.problem("TILGANG_SMTP_URL has a port that does not exist: write one from 1 to 65535.")
		}
	}
}

func (r *reader) smtpTLS(query url.Values) {
	for name := range query {
		if name != "tls" {
			r.problem("TILGANG_SMTP_URL has the option %q, which is unknown: only tls=starttls, tls=tls and tls=none are known.", name)
		}
	}
	switch tls := TLS(query.Get("tls")); tls {
	case "":
	case StartTLS, ImplicitTLS, NoTLS:
		r.cfg.SMTP.TLS = tls
	default:
		r.problem("TILGANG_SMTP_URL has tls=%q, which is unknown: write starttls, tls or none.", tls)
	}
}

func (r *reader) smtpConnections(value string) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > mostConnections {
		r.problem("TILGANG_SMTP_CONNECTIONS=%q is no number from 1 to %d: write how many conversations your mail server takes at a time.", value, mostConnections)
	}
	r.cfg.SMTP.Connections = n
}
