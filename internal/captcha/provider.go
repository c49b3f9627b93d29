package captcha

import "net/url"

// The outside verifiers that an employer may name.
const (
	ReCAPTCHA = "recaptcha" // version 3: a score, never a picture
	HCaptcha  = "hcaptcha"
	Turnstile = "turnstile"
)

// leastScore is from which score on reCAPTCHA's word is taken; 0.5 is what
// Google advises to begin with.
const leastScore = 0.5

// provider is what differs between them.
type provider struct {
	name     string // as people know it
	endpoint string // where tokens are verified
	script   string // what the page loads; the site key follows where it ends in "="
	field    string // the answer's form field, where a page runs the provider's script by itself
	actions  bool   // tells for which form the token was made
	scores   bool
	allows   map[string][]string // additions to the page's Content-Security-Policy
}

// ProviderName is what a provider is called; empty for our own check.
func ProviderName(key string) string {
	o, _ := providerOf(key)
	return o.name
}

// providerOf is the description of a provider by its name in tenant.yaml.
func providerOf(name string) (provider, bool) {
	switch name {
	case ReCAPTCHA:
		hosts := []string{"https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"}
		return provider{
			name: "reCAPTCHA", endpoint: "https://www.google.com/recaptcha/api/siteverify", script: "https://www.google.com/recaptcha/api.js?render=",
			field: "g-recaptcha-response", actions: true, scores: true,
			allows: map[string][]string{"script-src": hosts, "frame-src": {hosts[0], "https://recaptcha.google.com/recaptcha/"}, "connect-src": hosts[:1]},
		}, true
	case HCaptcha:
		hosts := []string{"https://hcaptcha.com", "https://*.hcaptcha.com"}
		return provider{
			name: "hCaptcha", endpoint: "https://api.hcaptcha.com/siteverify", script: "https://js.hcaptcha.com/1/api.js?render=explicit", field: "h-captcha-response",
			allows: map[string][]string{"script-src": hosts, "frame-src": hosts, "style-src": hosts, "connect-src": hosts},
		}, true
	case Turnstile:
		hosts := []string{"https://challenges.cloudflare.com"}
		return provider{
			name: "Turnstile", endpoint: "https://challenges.cloudflare.com/turnstile/v0/siteverify", script: hosts[0] + "/turnstile/v0/api.js?render=explicit",
			field: "cf-turnstile-response", actions: true, allows: map[string][]string{"script-src": hosts, "frame-src": hosts},
		}, true
	}
	return provider{}, false
}

// scriptFor is the address of the provider's script for a site key.
func (p provider) scriptFor(siteKey string) string {
	if p.scores {
		return p.script + url.QueryEscape(siteKey)
	}
	return p.script
}
