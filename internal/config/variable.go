package config

import "tilgang/internal/secret"

// variable is one setting: its name and how its value is read.
type variable struct {
	name   string
	secret bool // may be given as NAME_FILE
	read   func(r *reader, value string)
}

// variables are all that Load knows.
func variables() []variable {
	return []variable{
		{"TILGANG_DATABASE_URL", true, func(r *reader, v string) {
			r.cfg.DatabaseURL = r.service("TILGANG_DATABASE_URL", v, "postgres", "postgresql")
		}},
		{"TILGANG_DATABASE_OWNER_URL", true, func(r *reader, v string) {
			r.cfg.DatabaseOwnerURL = r.service("TILGANG_DATABASE_OWNER_URL", v, "postgres", "postgresql")
		}},
		{"TILGANG_REDIS_URL", true, func(r *reader, v string) {
			r.cfg.RedisURL = r.service("TILGANG_REDIS_URL", v, "redis", "rediss")
		}},
		{"TILGANG_DATA_DIR", false, func(r *reader, v string) { r.cfg.DataDir = v }},
		{"TILGANG_LISTEN", false, func(r *reader, v string) {
			r.cfg.Listen = r.address("TILGANG_LISTEN", v)
		}},
		{"TILGANG_METRICS_LISTEN", false, func(r *reader, v string) {
			r.cfg.MetricsListen = r.address("TILGANG_METRICS_LISTEN", v)
		}},
		{"TILGANG_BASE_URL", false, (*reader).baseURL},
		{"TILGANG_TRUSTED_PROXIES", false, (*reader).trustedProxies},
		{"TILGANG_KEYSET", false, func(r *reader, v string) { r.cfg.KeysetPath = v }},
		{"TILGANG_MAIL", false, (*reader).mail},
		{"TILGANG_SMTP_URL", true, (*reader).smtpURL},
		{"TILGANG_SMTP_CONNECTIONS", false, (*reader).smtpConnections},
		{"TILGANG_SES_ENDPOINT", false, func(r *reader, v string) { r.cfg.AWS.SESEndpoint = r.endpoint("TILGANG_SES_ENDPOINT", v) }},
		{"TILGANG_SES_CONFIGURATION_SET", false, (*reader).configurationSet},
		{"TILGANG_SMS", false, (*reader).sms},
		{"TILGANG_SNS_ENDPOINT", false, func(r *reader, v string) { r.cfg.AWS.SNSEndpoint = r.endpoint("TILGANG_SNS_ENDPOINT", v) }},
		{"TILGANG_SNS_MAX_PRICE", false, (*reader).maxPrice},
		{"TILGANG_CAPTCHA_SECRETS", true, (*reader).captchaSecrets},
		{"TILGANG_CLIENT_SECRETS", true, (*reader).clientSecrets},
		{"TILGANG_RECAPTCHA_ENDPOINT", false, func(r *reader, v string) { r.captchaEndpoint("recaptcha", "TILGANG_RECAPTCHA_ENDPOINT", v) }},
		{"TILGANG_HCAPTCHA_ENDPOINT", false, func(r *reader, v string) { r.captchaEndpoint("hcaptcha", "TILGANG_HCAPTCHA_ENDPOINT", v) }},
		{"TILGANG_TURNSTILE_ENDPOINT", false, func(r *reader, v string) { r.captchaEndpoint("turnstile", "TILGANG_TURNSTILE_ENDPOINT", v) }},
		{"TILGANG_VOICE", false, (*reader).voice},
		{"TILGANG_VOICE_ENDPOINT", false, func(r *reader, v string) { r.cfg.AWS.VoiceEndpoint = r.endpoint("TILGANG_VOICE_ENDPOINT", v) }},
		{"TILGANG_VOICE_ORIGIN", false, (*reader).voiceOrigin},
		{"TILGANG_VOICE_MAX_PRICE", false, (*reader).voiceMaxPrice},
		{"TILGANG_FILES", false, (*reader).files},
		{"TILGANG_FILES_ENDPOINT", false, func(r *reader, v string) { r.cfg.Files.Endpoint = r.endpoint("TILGANG_FILES_ENDPOINT", v) }},
		{"TILGANG_GEOIP", false, func(r *reader, v string) { r.cfg.GeoIP = v }},
		{"TILGANG_LOG", false, (*reader).log},
		// The keyset differs: TILGANG_KEYSET is a path, with _FILE the content is taken.
		{"TILGANG_KEYSET_FILE", false, func(r *reader, v string) {
			r.cfg.KeysetJSON = secret.Redacted(r.file("TILGANG_KEYSET_FILE", v))
		}},
	}
}
