package tenant

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestWhatIsStoredReadsAsTheFileDid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec, problems := Parse("havn", []byte(drawFile(t)), drawLogo(t))
		if len(problems) > 0 {
			t.Fatalf("parse: %v", Problems(problems))
		}
		built, err := Build(uuid.New(), "havn", spec.Name, "active", 3, spec.Values(), nil)
		if err != nil {
			t.Fatalf("build: %v", err)
		}
		if diff := sameTenant(spec.Tenant, built); diff != "" {
			t.Fatalf("the stored tenant differs (-file +stored):\n%s", diff)
		}
	})
}

// drawFile writes a right file with some of the keys.
func drawFile(t *rapid.T) string {
	some := rapid.Bool()
	pick := func(words ...string) string { return rapid.SampledFrom(words).Draw(t, "word") }
	number := func(low, high int) int { return rapid.IntRange(low, high).Draw(t, "number") }
	parts := []string{
		fmt.Sprintf("session: {idle: %dm, absolute: %dh}\n", number(5, 60), number(1, 24)),
		fmt.Sprintf("password: {min: %d, words: [havn, %q]}\n", number(8, 64), rapid.StringMatching(`[a-zæøå]{1,20}`).Draw(t, "w")),
		fmt.Sprintf("mfa: {methods: {totp: primary, phone: %s}, offer: %s, requirements: [{job_titles: [Butikschef], from: 20%d-0%d-10, postponements: %d}]}\n",
			pick("off", "primary", "backup"), pick("skip", "later", "mandatory"), number(10, 99), number(1, 9), number(0, 30)),
		fmt.Sprintf("reset: {mode: %s, magiclink: %s}\n", pick("link", "code"), pick("true", "false")),
		fmt.Sprintf("alumni: {windows: {\"*\": %d months}, notices: [%d]}\n", number(1, 600), number(1, 365)),
		fmt.Sprintf("support: {hours: {%s: 07:30-24:00}, whom_to_ask: {\"*\": %q}, holidays: [{date: 2027-12-2%d, name: {da: Jul, en: No}}]}\n",
			pick("mon-fri", "sat-mon", "sun"), pick("HR", "yes", "2027-01-01", "null", "012"), number(0, 9)),
		fmt.Sprintf("branding: {accent: \"#%06x\", sender_name: %q}\n", number(0, 0xffffff), pick("Havn", "~", "1.5", "Hr. Ø")),
		"captcha: always\n", "signin: {form: combined}\n", "manager: {depth: 3, may_create: true}\n", "hosts: []\n",
		"connectors: [{key: job, kind: practice_saml, name: Job, settings: {acr: \"a b\"}}]\n",
		"documents: {inbox: \"s3://payroll/havn/\"}\n", "senders: {email: no-reply@havn.example, sms: Havn}\n", "invitation: {send: manual, life: 90m}\n",
	}
	file := strings.Builder{}
	file.WriteString(head)
	for _, p := range parts {
		if some.Draw(t, "take") {
			file.WriteString(p)
		}
	}
	return file.String()
}

func drawLogo(t *rapid.T) []byte {
	if rapid.Bool().Draw(t, "logo") {
		return []byte("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><title>A &amp; B</title><path style='fill:#fff' d='M0 0h9'/></svg>")
	}
	return nil
}

func TestAnAdminsSettingWinsFieldByField(t *testing.T) {
	file := mustParse(t, head+"session: {idle: 20m, absolute: 8h}\nmfa: {methods: {phone: backup}, offer: skip}\n").Values()
	admin := map[string]json.RawMessage{
		"session": json.RawMessage(`{"idle":"10m"}`),
		"mfa":     json.RawMessage(`{"methods":{"push":"primary"}}`),
		"captcha": json.RawMessage(`"off"`),
	}
	got, err := Build(uuid.New(), "havn", "Havn", "active", 1, file, admin)
	if err != nil {
		t.Fatal(err)
	}
	if want := (SessionPolicy{10 * time.Minute, 8 * time.Hour}); got.Session != want {
		t.Errorf("session is %v, want %v", got.Session, want)
	}
	if m := got.Mfa; m.Totp != Primary || m.Phone != Backup || m.Push != Primary || m.Offer != OfferSkip {
		t.Errorf("methods are not default, file and admin laid over each other: %+v", m)
	}
	origins := []struct {
		section, field string
		want           Source
	}{
		{"session", "idle", FromAdmin},
		{"session", "absolute", FromFile},
		{"mfa", "methods.push", FromAdmin},
		{"mfa", "methods.phone", FromFile},
		{"mfa", "methods.totp", FromDefault},
		{"captcha", "", FromAdmin},
		{"languages", "", FromFile},
		{"signin", "form", FromDefault},
	}
	for _, o := range origins {
		if got := Origin(o.section, o.field, file, admin); got != o.want {
			t.Errorf("%s.%s comes from %s, want %s", o.section, o.field, got, o.want)
		}
	}
}

func TestATenantThatSetNothingIsOurDefaults(t *testing.T) {
	got, err := Build(uuid.Nil, "", "", "", 0, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Defaults()
	if diff := sameTenant(&want, got); diff != "" {
		t.Error(diff)
	}
	if got.Reset.Life != 24*time.Hour || got.Mfa.Postponements != 3 || got.Password.Min != 0 || got.Manager.Depth != 1 {
		t.Errorf("not the defaults that the guide promises: %+v", got)
	}
}

func TestStoredValuesAreCheckedLikeTheFile(t *testing.T) {
	cases := []struct{ name, section, value, want string }{
		{"an unknown section", "brnding", `{}`, `admin: brnding: unknown section; did you mean "branding"?`},
		{"an unknown key", "session", `{"idel":"5m"}`, `admin: session.idel: unknown key; did you mean "idle"?`},
		{"a colour that cannot be read", "branding", `{"primary":"#ffff00"}`, `admin: branding.primary: #ffff00 reaches 1.07:1`},
		{"a style sheet in a colour", "branding", `{"accent":"red}body{x:url(//evil)"}`, `is not a colour`},
		{"a logo with a script", "branding", `{"logo":"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><script/></svg>"}`, `<script> is not allowed`},
		{"what cannot be true beside the file", "mfa", `{"offer":"mandatory","methods":{"totp":"off"}}`, `no method is primary`},
		{"what is no JSON", "mfa", `{`, `admin: mfa: has no value`},
		{"half a number", "password", `{"min":8.5}`, `is not a whole number`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Build(uuid.New(), "havn", "Havn", "active", 1, nil, map[string]json.RawMessage{c.section: json.RawMessage(c.value)})
			var problems Problems
			if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func mustBuild(t testing.TB, spec *Spec) *Tenant {
	t.Helper()
	built, err := Build(uuid.New(), spec.Slug, spec.Name, "active", 1, spec.Values(), nil)
	if err != nil {
		t.Fatalf("build: %v", err)
	}
	return built
}

func requireSame(t testing.TB, spec *Spec, built *Tenant) {
	t.Helper()
	if diff := sameTenant(spec.Tenant, built); diff != "" {
		t.Fatalf("the stored tenant differs (-file +stored):\n%s", diff)
	}
}

// sameTenant compares all but what only the database knows.
func sameTenant(a, b *Tenant) string {
	x, y := *a, *b
	y.ID, y.Status, y.Version = x.ID, x.Status, x.Version
	zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	return cmp.Diff(x, y, zones)
}
