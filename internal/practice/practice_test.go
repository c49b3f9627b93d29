package practice_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/console"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/i18n/i18ntest"
	mailbox "tilgang/internal/message/practice"
	"tilgang/internal/practice"
	"tilgang/internal/tenant"
	"tilgang/templates"
	"tilgang/tenants"
)

type demo struct {
	*sitetest.Host
	pages *practice.Pages
	box   *mailbox.Mailbox
}

func open(t *testing.T) *demo {
	t.Helper()
	box, err := mailbox.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	d := &demo{Host: sitetest.New(t, nil), box: box}
	d.pages = &practice.Pages{
		Mailbox: box,
		Tenants: func(context.Context) ([]*tenant.Tenant, error) {
			return []*tenant.Tenant{shipped(t, "fjord"), shipped(t, "havn")}, nil
		},
		Portal:       func(x *tenant.Tenant) string { return "http://" + x.Slug + ".localhost:8080" },
		AlumniPortal: func(x *tenant.Tenant) string { return "http://alumni." + x.Slug + ".localhost:8080" },
	}
	d.Routes = append(d.pages.Routes(), console.NewPages(console.Deps{Catalog: d.Kit.Catalog}).BaseRoutes()...)
	d.Kit.Frame = (&console.Frame{Policy: sitetest.Policy(t), Box: sitetest.Box(t)}).Fill
	return d
}

func shipped(t *testing.T, slug string) *tenant.Tenant {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		t.Fatal(err)
	}
	return spec.Tenant
}

func (d *demo) deliver(t *testing.T, e mailbox.Entry) mailbox.Entry {
	t.Helper()
	kept, err := d.box.Deliver(e)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func welcome() mailbox.Entry {
	return mailbox.Entry{
		Tenant: "havn", Kind: "invite", Channel: mailbox.Email, To: "bo@havn.example", From: "Havn <no-reply@havn.example>",
		Subject: "Havn: vælg din adgangskode", Text: "Hej Bo <b>\n\nVælg her:\nhttp://havn.localhost:8080/invite/abc?x=1&y=2. Tak.\n",
		HTML: `<p>Hej <script>alert(1)</script></p>`, CreatedAt: time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC),
	}
}

func expect(t *testing.T, a sitetest.Answer, want []string, not ...string) {
	t.Helper()
	if a.Status != http.StatusOK {
		t.Fatalf("status %d: %s", a.Status, a.Text())
	}
	for _, w := range want {
		if !strings.Contains(a.Text(), w) {
			t.Errorf("page lacks %q:\n%s", w, a.Text())
		}
	}
	for _, w := range not {
		if strings.Contains(a.Text(), w) {
			t.Errorf("page says %q:\n%s", w, a.Text())
		}
	}
}

func TestTemplatesFitTheirPages(t *testing.T) {
	if err := pagetest.Check(templates.FS, nil, practice.Views()...); err != nil {
		t.Error(err)
	}
}

func TestTheFrontPageLeadsToEachEmployer(t *testing.T) {
	d := open(t)
	a := d.Get("/", "Accept-Language", "en")
	expect(t, a, []string{"Try Tilgang", "Fjord", "Havn", "can be skipped. For some it is mandatory.", "stands in the window where"}, "Sign in as")
	if !strings.Contains(a.Body, `href="http://havn.localhost:8080"`) || !strings.Contains(a.Body, `href="http://alumni.havn.localhost:8080"`) {
		t.Error("no way to the portals")
	}
	i18ntest.Mixed(t, d.Kit.Catalog, a.Body, "en")
	for lang, want := range map[string]string{"da": "Prøv Tilgang", "nb": "Prøv Tilgang", "sv": "Prova Tilgang"} {
		page := d.Get("/", "Accept-Language", lang)
		expect(t, page, []string{want})
		i18ntest.Mixed(t, d.Kit.Catalog, page.Body, lang)
	}
}

func TestAnEmployersUnwrittenLanguageIsNotPromised(t *testing.T) {
	d := open(t)
	havn := shipped(t, "havn")
	havn.Languages = []string{"da", "xx"}
	d.pages.Tenants = func(context.Context) ([]*tenant.Tenant, error) { return []*tenant.Tenant{havn}, nil }
	expect(t, d.Get("/", "Accept-Language", "en"), []string{"Languages: Dansk."}, "xx")
}

func TestTheFrontPageShowsHowToSignInWhereItIsKnown(t *testing.T) {
	d := open(t)
	d.pages.Accounts = func() []practice.Account {
		return []practice.Account{
			{Tenant: "havn", URL: "http://havn.localhost:8080", Role: "hr", Email: "hr@havn.example", Password: "fjorten glade heste", TOTPSecret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"},
			{Tenant: "havn", URL: "http://havn.localhost:8080", AlumniURL: "http://alumni.havn.localhost:8080", Role: "alumnus", Email: "gl@privat.example", Password: "p"},
		}
	}
	d.Clock.Set(time.Unix(59, 0))
	a := d.Get("/", "Accept-Language", "en")
	// The code is that of RFC 6238, appendix B, cut to six digits.
	expect(t, a, []string{"hr@havn.example", "fjorten glade heste", "287082", "Former employee", "None set up"}, "stands in the window where")
	if !strings.Contains(a.Body, `href="http://havn.localhost:8080/signin"`) || !strings.Contains(a.Body, `href="http://alumni.havn.localhost:8080/signin"`) {
		t.Error("a role does not lead to its own sign-in page")
	}
}

func TestTheMailboxListsNewestFirstAndFilters(t *testing.T) {
	d := open(t)
	expect(t, d.Get("/practice/mailbox", "Accept-Language", "en"), []string{"Nothing here yet"})
	d.deliver(t, welcome())
	other := welcome()
	other.Tenant, other.To, other.Subject, other.Channel, other.Text = "fjord", "ann@fjord.example", "", mailbox.SMS, "Your code\nline two"
	d.deliver(t, other)
	page := d.Get("/practice/mailbox", "Accept-Language", "en")
	expect(t, page, []string{"Havn: vælg din adgangskode", "bo@havn.example", "Your code", "Text message", "Mailbox 2"})
	if strings.Index(page.Body, "ann@fjord.example") > strings.Index(page.Body, "bo@havn.example") {
		t.Error("the newest is not first")
	}
	expect(t, d.Get("/practice/mailbox?tenant=havn", "Accept-Language", "en"), []string{"bo@havn.example", "Clear filters"}, "ann@fjord.example")
	expect(t, d.Get("/practice/mailbox?to=ANN@fjord", "Accept-Language", "en"), []string{"ann@fjord.example"}, "bo@havn.example")
}

func TestOneMessageIsShownAsTextWithItsLinks(t *testing.T) {
	d := open(t)
	kept := d.deliver(t, welcome())
	a := d.Get("/practice/mailbox/" + kept.ID)
	expect(t, a, []string{"Hej Bo <b>", "Havn <no-reply@havn.example>", "Invitation"})
	if !strings.Contains(a.Body, `<a href="http://havn.localhost:8080/invite/abc?x=1&amp;y=2">`) || strings.Contains(a.Body, "<script>alert") {
		t.Error("the link does not work, or the mail's own HTML runs here")
	}
	for _, id := range []string{"none", "..", kept.ID + "x"} {
		if a := d.Get("/practice/mailbox/" + id); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", id, a.Status)
		}
	}
}

func TestTheMailsHTMLIsLockedIn(t *testing.T) {
	d := open(t)
	kept := d.deliver(t, welcome())
	a := d.Get("/practice/mailbox/" + kept.ID + "/html")
	csp := a.Header.Get("Content-Security-Policy")
	if a.Body != kept.HTML || a.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%v %s", a.Header, a.Body)
	}
	if !strings.HasPrefix(csp, "sandbox ") || strings.Contains(csp, "allow-scripts") || strings.Contains(csp, "allow-same-origin") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	bare := welcome()
	bare.HTML = ""
	if a := d.Get("/practice/mailbox/" + d.deliver(t, bare).ID + "/html"); a.Status != http.StatusNotFound {
		t.Errorf("without HTML: %d", a.Status)
	}
}

func TestTheFeedIsTheListAsJSON(t *testing.T) {
	d := open(t)
	if a := d.Get("/practice/mailbox.json"); a.Body != "[]" || a.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("%v %q", a.Header, a.Body)
	}
	d.deliver(t, welcome())
	d.deliver(t, welcome())
	a := d.Get("/practice/mailbox.json")
	var got []mailbox.Entry
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d.box.List(mailbox.Filter{}), got); diff != "" {
		t.Error(diff)
	}
	var raw []map[string]any
	if err := json.Unmarshal([]byte(a.Body), &raw); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id", "tenant", "kind", "channel", "to", "from", "subject", "text", "html", "links", "created_at"} {
		if _, there := raw[0][name]; !there {
			t.Errorf("no %s", name)
		}
	}
}

func TestAnEmployersHostKnowsNothingOfIt(t *testing.T) {
	d := open(t)
	d.Tenant, d.Side = shipped(t, "havn"), "staff"
	for _, path := range []string{"/practice/mailbox", "/practice/mailbox.json"} {
		if a := d.Get(path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}
