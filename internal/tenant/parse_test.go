package tenant

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// head is a file that is right; tests add lines from line 7 on.
const head = `name: Havn
languages: [da, en]
time_zone: Europe/Copenhagen
legal_employers:
  - {key: havn-retail, name: Havn Retail A/S, country: DK}
# the rest
`

func TestAFileWithoutFaultsIsReadOverTheDefaults(t *testing.T) {
	spec := mustParse(t, head+`
password: {preset: lower_and_symbol_or_digit, min: 8, accepted_by: Mette Lund, reason: Old tills}
mfa:
  offer: skip
  requirements:
    - {job_titles: [Butikschef], from: 2027-03-01, postponements: 5}
session: {idle: 20m}
alumni: {windows: {"*": 5 years, havn-retail: 24 months}}
support: {hours: {mon-fri: "08:00-18:00", sat: 09:00-16:00}}
`)
	got := spec.Tenant
	if got.Name != "Havn" || got.Password.Min != 8 || got.Mfa.Offer != OfferSkip {
		t.Errorf("the file's values are not there: %+v", got)
	}
	if got.Session.Idle != 20*time.Minute || got.Session.Absolute != 12*time.Hour {
		t.Errorf("session is %+v, want the file's idle and the default's absolute", got.Session)
	}
	if want := map[string]int{"*": 60, "havn-retail": 24}; !cmp.Equal(got.Alumni.Months, want) {
		t.Errorf("windows are %v, want %v", got.Alumni.Months, want)
	}
	want := [7]Hours{{}, {480, 1080}, {480, 1080}, {480, 1080}, {480, 1080}, {480, 1080}, {540, 960}}
	if got.Support.Hours != want {
		t.Errorf("hours are %v, want %v", got.Support.Hours, want)
	}
	if from := got.Mfa.Requirements[0].From.Format(time.RFC3339); from != "2027-03-01T00:00:00+01:00" {
		t.Errorf("the requirement begins at %s, want midnight in Copenhagen", from)
	}
}

func TestEveryFaultIsToldWithItsPlaceAndAWayOut(t *testing.T) {
	cases := []struct {
		name, yaml string
		want       []string
	}{
		{"a phone as the way in and the only factor", "mfa: {methods: {totp: off, phone: primary}, offer: mandatory}\ninvitation: {without_email: sms}\n", []string{`:7:29: invitation.without_email: the phone would be both the way in and the only second factor; set mfa.methods.totp to primary, or write without_email: letter`}},
		{"a letter that lives too long", "invitation: {without_email: letter, letter_life: 600h}\n", []string{`:6:50: invitation.letter_life: 600h is out of range; write 1h to 504h`}},
		{"an unknown key", "mfa:\n  methds: {totp: primary}\n", []string{`:7:3: mfa.methds: unknown key; did you mean "methods"?`}},
		{"an unknown key at the top", "pasword: {}\n", []string{`:6:1: pasword: unknown key; did you mean "password"?`}},
		{"a key written twice", "session: {idle: 10m, idle: 20m}\n", []string{`:6:22: session.idle: is written twice; keep one of them`}},
		{"text for a number", "password: {min: twelve}\n", []string{`:6:17: password.min: is not a whole number; write 8 to 64`}},
		{"an inbox that is none", "documents: {inbox: payroll}\n", []string{`:6:20: documents.inbox: "payroll" is no folder and no part of a bucket; write "file:/srv/payroll/havn" or "s3://bucket/havn"`}},
		{"a number for text", "senders: {sms: 1234}\n", []string{`:6:16: senders.sms: is not text; write it in quotes: "1234"`}},
		{"a door that opens at once", "mfa: {recovery: {cooling_off: 10m}}\n", []string{`:6:31: mfa.recovery.cooling_off: 10m is out of range; write 1h to 336h`}},
		{"a door that never closes", "mfa: {recovery: {open: 2000h}}\n", []string{`:6:24: mfa.recovery.open: 2000h is out of range; write 24h to 720h`}},
		{"a pass for a week", "mfa: {access_pass: {life: 168h}}\n", []string{`:6:27: mfa.access_pass.life: 168h is out of range; write 5m to 8h`}},
		{"a pass without a life", "mfa: {access_pass: {}}\n", []string{`:6:20: mfa.access_pass.life: is missing`}},
		{"too many calls", "mfa: {sms: {calls_per_day: 0}}\n", []string{`:6:28: mfa.sms.calls_per_day: 0 is out of range; write 1 to 100000`}},
		{"a device trusted for too long", "mfa: {trusted_device: 31 days}\n", []string{`:6:23: mfa.trusted_device: 31 days is out of range; write 1 to 30 days, or off`}},
		{"a device trusted for what is no time", "mfa: {trusted_device: always}\n", []string{`:6:23: mfa.trusted_device: "always" is not a number of days; write "30 days" or "off"`}},
		{"too many texts", "mfa: {sms: {per_day: 1000000}}\n", []string{`:6:22: mfa.sms.per_day: 1000000 is out of range; write 1 to 100000`}},
		{"a country by its name", "mfa: {sms: {countries: [Norge]}}\n", []string{`:6:24: mfa.sms.countries: "Norge" is not a country code; write two capital letters: "NO", "DK"`}},
		{"a country that is none", "mfa: {sms: {countries: [XX]}}\n", []string{`:6:24: mfa.sms.countries: "XX" is not a country code; write two capital letters: "NO", "DK"`}},
		{"a set with a space", "senders: {configuration_set: a b}\n", []string{`:6:30: senders.configuration_set: "a b" is not a name of a configuration set; write up to 64 letters, digits, _ or -`}},
		{"an answer to nobody", "senders: {reply_to: nobody}\n", []string{`:6:21: senders.reply_to: "nobody" is not an e-mail address`}},
		{"a list for a group", "mfa: [totp]\n", []string{`:6:6: mfa: is not a group of keys`}},
		{"a word for a switch", "reset: {magiclink: yes}\n", []string{`:6:20: reset.magiclink: is not true or false; write true or false`}},
		{"a key without a value", "session:\n  idle:\n", []string{`:7:8: session.idle: has no value; write text or remove the key`}},
		{"an unknown method", "mfa: {methods: {sms: primary}}\n", []string{`:6:17: mfa.methods.sms: unknown key; write one of: totp, phone, push, passkey`}},
		{"an unknown use", "mfa: {methods: {totp: primery}}\n", []string{`:6:23: mfa.methods.totp: unknown value "primery"; did you mean "primary"?`}},
		{"an unknown role", "mfa: {requirements: [{roles: [managers]}]}\n", []string{`:6:31: mfa.requirements[0].roles[0]: unknown value "managers"; did you mean "manager"?`}},
		{"mandatory without methods", "mfa:\n  offer: mandatory\n  methods: {totp: off}\n", []string{`:7:10: mfa.offer: a second factor is mandatory but no method is primary; set one of mfa.methods to primary`}},
		{"a requirement without methods", "mfa: {requirements: [{roles: [hr], methods: [phone]}]}\n", []string{`:6:45: mfa.requirements[0].methods: none of the methods that count is primary; set one of them to primary in mfa.methods`}},
		{"postponements without a date", "mfa: {requirements: [{roles: [hr], postponements: 2}]}\n", []string{`:6:51: mfa.requirements[0].postponements: nothing can be postponed when it holds at once; add from, a date`}},
		{"a preset that nobody signed", "password: {preset: four_classes, min: 8}\n", []string{
			`:6:20: password.preset: a composition rule needs accepted_by; add accepted_by, or leave the rule out: length and the list of known passwords protect better`,
			`:6:20: password.preset: a composition rule needs reason; add reason, or leave the rule out: length and the list of known passwords protect better`,
		}},
		{"a preset below eight", "password: {preset: four_classes, min: 6, accepted_by: A, reason: B}\n", []string{
			`:6:39: password.min: 6 is out of range; write 8 to 64, or 0 for: as the second factor allows`,
			`:6:39: password.min: the preset four_classes needs at least 8`,
		}},
		{"a link that lives too long", "invitation: {life: 48h}\n", []string{`:6:20: invitation.life: 48h is out of range; write 1m to 24h`}},
		{"a code that lives too long", "reset: {mode: code, life: 2h}\n", []string{`:6:27: reset.life: a code lives 1h at most; write "15m", or mode: link`}},
		{"a duration in words", "session: {idle: ten minutes}\n", []string{`:6:17: session.idle: "ten minutes" is not a duration; write hours, minutes or seconds: "24h", "30m"`}},
		{"idle longer than absolute", "session: {idle: 2h, absolute: 1h}\n", []string{
			`:6:17: session.idle: 2h is out of range; write 5m to 1h`,
			`:6:17: session.idle: idle is longer than absolute; write a shorter idle`,
		}},
		{"a date that is none", "support: {holidays: [{date: 2027-02-30}]}\n", []string{`:6:29: support.holidays[0].date: "2027-02-30" is not a date; write year, month, day: "2027-03-01"`}},
		{"a text without the default language", "support: {whom_to_ask: {account: {en: Ask HR}}}\n", []string{`:6:34: support.whom_to_ask.account: is not written in the default language da; add da`}},
		{"a text in an unknown language", "support: {whom_to_ask: {account: {da: Spørg HR, dk: Spørg}}}\n", []string{`:6:49: support.whom_to_ask.account.dk: unknown key; did you mean "da"?`}},
		{"a colour too light", "branding: {primary: \"#7fb2e5\"}\n", []string{`:6:21: branding.primary: #7fb2e5 reaches 2.23:1 on white; links and buttons need 4.5:1; the nearest colour that passes is "#497aaa"`}},
		{"a colour by name", "branding: {primary: red}\n", []string{`:6:21: branding.primary: "red" is not a colour; write # and six digits in quotes: "#0b5cad"`}},
		{"a script as a link", "support: {links: [{url: \"javascript:alert(1)\", name: Help}]}\n", []string{`:6:25: support.links[0].url: "javascript:alert(1)" is not an https address; write for example "https://www.havn.example/help"`}},
		{"a link without encryption", "support: {links: [{url: \"http://havn.example/\", name: Help}]}\n", []string{`:6:25: support.links[0].url: "http://havn.example/" is not an https address; write for example "https://www.havn.example/help"`}},
		{"hours that end before they begin", "support: {hours: {mon: 18:00-08:00}}\n", []string{`:6:24: support.hours.mon: "18:00-08:00" is not an opening time; write "08:00-18:00" or "closed"`}},
		{"a day named twice", "support: {hours: {mon-fri: 08:00-18:00, wed: closed}}\n", []string{`:6:41: support.hours.wed: wed is named twice; name each day once`}},
		{"a window for nobody", "alumni: {windows: {havn-retial: 2 years}}\n", []string{`:6:33: alumni.windows.havn-retial: no legal employer has this key; did you mean "havn-retail"?`}},
		{"an alumni twin as a host", "hosts: [alumni.havn.example, Havn]\n", []string{
			`:6:9: hosts[0]: the alumni host comes by itself; write the host without alumni.`,
			`:6:30: hosts[1]: "Havn" is not a host name in lower case; write for example "people.havn.example"`,
		}},
		{"a secret in a connector", "connectors: [{key: adfs, kind: practice_saml, name: Job, settings: {client_secret: x}}]\n", []string{`:6:69: connectors[0].settings.client_secret: unknown key; write one of: issuer, client_id, client_secret_name, scopes, acr, level, national_claim, country, entity_id, sso_url, certificate, signing_key_name, domains`}},
		{"a SAML provider of which nothing is known", "connectors: [{key: adfs, kind: saml, name: Job}]\n", []string{
			`:6:14: connectors[0]: saml needs settings.entity_id; write what the provider gave you`,
			`:6:14: connectors[0]: saml needs settings.sso_url; write what the provider gave you`,
			`:6:14: connectors[0]: saml needs settings.certificate; write what the provider gave you`,
		}},
		{"a SAML provider with a broken certificate", "connectors: [{key: adfs, kind: saml, name: Job, settings: {entity_id: x, sso_url: \"http://x.example\", certificate: MIIB}}]\n", []string{
			`:6:83: connectors[0].settings.sso_url: "http://x.example" is not an https address; write for example "https://www.havn.example/help"`,
			`:6:116: connectors[0].settings.certificate: is not a certificate of an RSA key of 2048 bits or more; copy X509Certificate from the provider's metadata, in one line; several with commas`,
		}},
		{"a line break smuggled into a name", "branding: {sender_name: \"Havn\\r\\nBcc: x\"}\n", []string{`:6:25: branding.sender_name: holds a line break or a character that cannot be seen`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, problems := Parse("havn", []byte(strings.Replace(head, "# the rest\n", "", 1)+c.yaml), nil)
			if diff := cmp.Diff(c.want, lines(problems)); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWholeFileIsRefused(t *testing.T) {
	cases := []struct{ name, slug, yaml, want string }{
		{"when it is empty", "havn", "", `the file is empty`},
		{"when it is not YAML", "havn", "name: [", `not YAML`},
		{"when it is a list", "havn", "- a\n", `is not a group of keys`},
		{"when it holds an alias", "havn", "a: &x [1]\nb: [*x, *x]\n", `anchors and aliases are not read`},
		{"when it holds a tag", "havn", "name: !!binary aGk=\n", `the tag "!!binary" is not read`},
		{"when it merges", "havn", "name: A\n<<: {b: 1}\n", `the tag "!!merge" is not read`},
		{"when it holds two documents", "havn", "name: A\n---\nname: B\n", `more than one document`},
		{"when it is not UTF-8", "havn", "name: Sm\xf8r\n", `not UTF-8`},
		{"when it is over 256 KiB", "havn", "name: " + strings.Repeat("x", maxFile), `over 256 KiB`},
		{"when its folder is reserved", "alumni", head, `cannot be a tenant's folder`},
		{"when it names no language", "havn", strings.Replace(head, "[da, en]", "[]", 1), `languages: names no language`},
		{"when it names an unknown language", "havn", strings.Replace(head, "[da, en]", "[dk]", 1), `unknown value "dk"`},
		{"when it names an unknown zone", "havn", strings.Replace(head, "Europe/Copenhagen", "Europe/Aarhus", 1), `unknown time zone "Europe/Aarhus"`},
		{"when it follows the machine's zone", "havn", strings.Replace(head, "Europe/Copenhagen", "Local", 1), `unknown time zone "Local"`},
		{"when it lacks its name", "havn", strings.Replace(head, "name: Havn", "", 1), `name: is missing`},
		{"when two legal employers share a key", "havn", strings.Replace(head, "# the rest", "  - {key: havn-retail, name: B, country: NO}", 1), `"havn-retail" is used twice`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			spec, problems := Parse(c.slug, []byte(c.yaml), nil)
			if spec != nil || !strings.Contains(Problems(problems).Error(), c.want) {
				t.Errorf("got %v, want a problem with %q", lines(problems), c.want)
			}
		})
	}
}

func TestAllFaultsOfAFileAreToldAtOnceInItsOrder(t *testing.T) {
	_, problems := Parse("havn", []byte("name: 7\nlanguages: [xx]\ntime_zone: Mars/Base\ncaptcha: maybe\n"), []byte("<svg/>"))
	want := []string{
		"havn/logo.svg: ", "havn/tenant.yaml:1:1: legal_employers: ", "havn/tenant.yaml:1:7: name: ",
		"havn/tenant.yaml:2:13: languages[0]: ", "havn/tenant.yaml:3:12: time_zone: ", "havn/tenant.yaml:4:10: captcha: ",
	}
	if len(problems) != len(want) {
		t.Fatalf("got %d problems, want %d:\n%v", len(problems), len(want), Problems(problems))
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("problem %d is %s, want it to begin with %s", i, p, want[i])
		}
	}
}

func TestAFolderIsRead(t *testing.T) {
	fsys := fstest.MapFS{
		"havn/tenant.yaml": {Data: []byte(head)},
		"havn/logo.svg":    {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`)},
		"bad/tenant.yaml":  {Data: []byte("nme: A\n")},
	}
	spec, err := ParseFile(fsys, "havn")
	if err != nil || spec.Slug != "havn" || len(spec.Tenant.Branding.Logo) == 0 {
		t.Fatalf("got %+v, %v; want havn with its logo", spec, err)
	}
	var problems Problems
	if _, err := ParseFile(fsys, "bad"); !errors.As(err, &problems) {
		t.Errorf("got %v, want Problems", err)
	}
	if _, err := ParseFile(fsys, "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{head, "", "a: &a [*a]", "? {a: b}\n: c\n", "mfa: {requirements: [{from: 2027-01-01}]}", "password: {min: 0x10}", "support: {hours: {fri-mon: 00:00-24:00}}", "\"\": {}\n"} {
		f.Add([]byte(s), []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`))
	}
	f.Fuzz(func(t *testing.T, yaml, logo []byte) {
		spec, problems := Parse("havn", yaml, logo)
		if (spec == nil) != (len(problems) > 0) {
			t.Fatalf("a spec and %d problems", len(problems))
		}
		for _, p := range problems {
			if strings.ContainsAny(p.Path, "\n\r\x1b") {
				t.Fatalf("the path echoes control characters: %q", p.Path)
			}
		}
		if spec != nil {
			requireSame(t, spec, mustBuild(t, spec))
		}
	})
}

func mustParse(t testing.TB, yaml string) *Spec {
	t.Helper()
	spec, problems := Parse("havn", []byte(yaml), nil)
	if len(problems) > 0 {
		t.Fatalf("parse: %v", Problems(problems))
	}
	return spec
}

// lines are the problems without the file's name.
func lines(problems []Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, strings.TrimPrefix(fmt.Sprint(p), "havn/tenant.yaml"))
	}
	return out
}
