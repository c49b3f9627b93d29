package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tilgang/internal/secret"
)

// service checks the shape of a database or queue address; it never shows the value.
func (r *reader) service(name, value string, schemes ...string) secret.Redacted {
	u, err := url.Parse(value)
	if err != nil || !slices.Contains(schemes, u.Scheme) || u.Host == "" {
		r.problem("%s is not readable: write it as %s://user:password@host:port/name, with odd characters in the password percent-encoded.",
			name, schemes[0])
		return ""
	}
	return secret.Redacted(value)
}

func (r *reader) address(name, value string) string {
	host, port, err := net.SplitHostPort(value)
	number, portErr := strconv.ParseUint(port, 10, 16)
	if err != nil || portErr != nil || number == 0 || strings.ContainsAny(host, "/@ ") {
		r.problem("%s=%q is no address: write host:port with a port from 1 to 65535, such as 127.0.0.1:8080.", name, value)
	}
	return value
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

func (r *reader) baseURL(value string) {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		r.problem("TILGANG_BASE_URL is not readable: write it as https://people.example.org.")
		return
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		r.problem("TILGANG_BASE_URL=%q goes beyond the host: leave only scheme, host and port.", value)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		r.problem("TILGANG_BASE_URL=%q is a number, and tenants need names below it: use a host name, localhost for a trial.", value)
	}
	host := strings.ToLower(u.Host)
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
	r.cfg.base = url.URL{Scheme: u.Scheme, Host: host}
	r.cfg.BaseURL = r.cfg.base.String()
}

func (r *reader) trustedProxies(value string) {
	for _, part := range split(value) {
		network, err := netip.ParsePrefix(part)
		if ip, ipErr := netip.ParseAddr(part); err != nil && ipErr == nil {
			network, err = ip.Prefix(ip.BitLen())
		}
		switch {
		case err != nil:
			r.problem("TILGANG_TRUSTED_PROXIES: %q is no network: write it as 10.0.0.0/8, several with commas.", part)
		case network.Bits() == 0:
			r.problem("TILGANG_TRUSTED_PROXIES: %q trusts everyone, so anybody could forge the sender's address: name the proxies' own network.", part)
		default:
			r.cfg.TrustedProxies = append(r.cfg.TrustedProxies, network.Masked())
		}
	}
}

func (r *reader) mail(value string) {
	r.cfg.Mail = Mail(value)
	if r.cfg.Mail != Practice && r.cfg.Mail != SMTPMail && r.cfg.Mail != SESMail {
		r.problem("TILGANG_MAIL=%q is unknown: write smtp for a mail server, ses for Amazon SES, practice for the mailbox inside the demo.", value)
	}
}

func (r *reader) log(value string) {
	for _, word := range split(strings.ToLower(value)) {
		switch word {
		case "json", "text":
			r.cfg.Log.Format = word
		case "debug", "info", "warn", "error":
			// The names are slog's own, so this cannot fail.
			_ = r.cfg.Log.Level.UnmarshalText([]byte(word))
		default:
			r.problem("TILGANG_LOG: %q is unknown: write json or text, and debug, info, warn or error, such as \"json info\".", word)
		}
	}
}

func split(value string) []string {
	return strings.FieldsFunc(value, func(c rune) bool { return c == ',' || c == ' ' })
}
