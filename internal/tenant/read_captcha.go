package tenant

import (
	"regexp"

	"gopkg.in/yaml.v3"
)

// siteKeys have no letters but these with any of the providers.
var siteKeys = regexp.MustCompile(`^[A-Za-z0-9_.-]{8,100}$`)

// Providers are the outside verifiers of robot checks that a tenant can name.
func Providers() []string { return []string{"recaptcha", "hcaptcha", "turnstile"} }

// captcha reads a single word, the mode, or a group of keys with the provider.
func (r *reader) captcha(a at, into *CaptchaPolicy) {
	if !a.absent() && a.node.Kind == yaml.ScalarNode {
		r.captchaMode(a, into)
		return
	}
	o := r.object(a, "mode", "provider", "site_key")
	r.captchaMode(o["mode"], into)
	provider := into.Provider
	choice(r, o["provider"], &provider, append(Providers(), "own")...)
	if into.Provider = provider; provider == "own" {
		into.Provider, into.SiteKey = "", ""
	}
	r.text(o["site_key"], &into.SiteKey, longestWord)
	if o["site_key"].node != nil && !siteKeys.MatchString(into.SiteKey) {
		r.tell(o["site_key"], "format", shown(into.SiteKey)+" is not a site key", "copy it from the provider's console; the secret key does not belong here")
	}
}

func (r *reader) captchaMode(a at, into *CaptchaPolicy) {
	choice(r, a, &into.Mode, CaptchaAlways, CaptchaAdaptive, CaptchaOff)
}

// checkCaptcha looks at provider and key together.
func (r *reader) checkCaptcha(t *Tenant) {
	if t.Captcha.Provider != "" && t.Captcha.SiteKey == "" {
		r.tellPath("captcha.site_key", "missing", "is missing", "copy it from the provider's console")
	}
}
