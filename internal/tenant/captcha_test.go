package tenant

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestTheRobotCheckIsAWordOrAGroup(t *testing.T) {
	for written, want := range map[string]CaptchaPolicy{
		"always":          {Mode: CaptchaAlways},
		"{mode: off}":     {Mode: CaptchaOff},
		"{provider: own}": {Mode: CaptchaAdaptive},
		"{provider: hcaptcha, site_key: 10000000-ffff-ffff-ffff-000000000001}":    {Mode: CaptchaAdaptive, Provider: "hcaptcha", SiteKey: "10000000-ffff-ffff-ffff-000000000001"},
		"{mode: always, provider: turnstile, site_key: 0x4AAAAAAADnPIDROrmt1Wwj}": {Mode: CaptchaAlways, Provider: "turnstile", SiteKey: "0x4AAAAAAADnPIDROrmt1Wwj"},
	} {
		spec, problems := Parse("havn", []byte(head+"captcha: "+written+"\n"), nil)
		if len(problems) > 0 || spec.Tenant.Captcha != want {
			t.Errorf("%s: %v", written, problems)
		}
	}
	for written, want := range map[string]string{
		"{provider: turnstile}":                                       "captcha.site_key: is missing",
		"{provider: friendly, site_key: 0x4AAAAAAADn}":                `unknown value "friendly"`,
		"{provider: turnstile, site_key: 0x4AAAAAAADn, secret: 0x4A}": "captcha.secret: unknown key",
		`{provider: turnstile, site_key: "<b>key</b>"}`:               "is not a site key",
		"[always]": "is not a group of keys",
	} {
		_, problems := Parse("havn", []byte(head+"captcha: "+written+"\n"), nil)
		if !strings.Contains(Problems(problems).Error(), want) {
			t.Errorf("%s: %v", written, problems)
		}
	}
}

func TestAnAdminsRobotCheckLiesOverTheFiles(t *testing.T) {
	file := map[string]json.RawMessage{"captcha": json.RawMessage(`{"mode":"always","provider":"turnstile","site_key":"0x4AAAAAAADn"}`)}
	for admin, want := range map[string]CaptchaPolicy{
		`"off"`:              {Mode: CaptchaOff, Provider: "turnstile", SiteKey: "0x4AAAAAAADn"},
		`{"provider":"own"}`: {Mode: CaptchaAlways},
	} {
		got, err := Build(uuid.New(), "havn", "Havn", "active", 1, file, map[string]json.RawMessage{"captcha": json.RawMessage(admin)})
		if err != nil || got.Captcha != want {
			t.Errorf("%s: %+v, %v", admin, got, err)
		}
	}
}
