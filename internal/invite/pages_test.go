package invite

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/tenancy"
	"tilgang/templates"
)

func TestThePagesFitTheirTemplates(t *testing.T) {
	catalog := sitetest.Texts(t)
	for _, lang := range catalog.Languages() {
		if err := pagetest.Check(templates.FS, catalog.Localizer(lang, nil, nil), Views()...); err != nil {
			t.Error(err)
		}
	}
}

// site is the pages behind the real request path.
type site struct {
	*bench
	app     *fiber.App
	cookies map[string]string
}

func (b *bench) site() *site {
	b.t.Helper()
	catalog := sitetest.Texts(b.t)
	engine, assets := sitetest.Look(b.t)
	k := &httpkit.Kit{
		Engine: engine, Assets: assets, Catalog: catalog, Clock: b.clock, Box: b.service.Box, Log: slog.New(slog.DiscardHandler), Port: "80",
		Find: b.find, Enter: func(c *httpkit.Ctx) error { c.SetContext(tenancy.Enter(c.Context(), c.Tenant())); return nil }, Gate: b.gate,
	}
	s := &site{bench: b, app: k.NewApp(func(f *fiber.Ctx) error { return nil }), cookies: map[string]string{}}
	k.Mount(s.app, NewPages(b.service, always).Routes())
	return s
}

func (b *bench) find(_ context.Context, host string) (httpkit.Site, bool, error) {
	for _, t := range b.tenants {
		if host == t.Slug+".example" {
			return httpkit.Site{Side: httpkit.Staff, Tenant: t, Host: host, Origin: "http://" + host}, true, nil
		}
	}
	return httpkit.Site{}, false, nil
}

// gate lets everybody into the admin's pages: whether they may is not ours.
func (b *bench) gate(c *httpkit.Ctx, g httpkit.Gate) (bool, error) {
	if g.Kind != "attempt" {
		return false, nil
	}
	a, err := b.service.Attempts.Find(c.Context(), c.Cookie(attempt.Cookie), c.Site.Host)
	if err != nil {
		return true, c.Redirect("/signin")
	}
	c.SetContext(attempt.With(c.Context(), a))
	return false, nil
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (a answer) has(words string) bool {
	return strings.Contains(strings.Join(strings.Fields(a.body), " "), words)
}

// ask sends one request and follows nothing.
func (s *site) ask(method, host, path string, form url.Values) answer {
	s.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	req.Host = host
	req.Header.Set("Accept-Language", "en")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "http://"+host)
	}
	for name, value := range s.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := s.app.Test(req, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(s.cookies, c.Name)
		} else {
			s.cookies[c.Name] = c.Value
		}
	}
	return answer{res, string(body)}
}

func (s *site) get(path string) answer { s.t.Helper(); return s.ask("GET", "havn.example", path, nil) }

func (s *site) post(path string, kv ...string) answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		form.Add(kv[i], kv[i+1])
	}
	return s.ask("POST", "havn.example", path, form)
}

func TestANewcomersWay(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	s := b.site()
	b.clock.Move(19*time.Hour + 40*time.Minute)
	link := s.get("/invite/" + m.Token)
	if link.StatusCode != 303 || link.Header.Get("Location") != "/invite" {
		t.Fatalf("the link leads to %d %s", link.StatusCode, link.Header.Get("Location"))
	}
	if link.Header.Get("Referrer-Policy") != "no-referrer" || link.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers are %v", link.Header)
	}
	for name, value := range s.cookies {
		if strings.Contains(value, m.Token) {
			t.Errorf("the cookie %s holds the token in clear", name)
		}
	}
	page := s.get("/invite")
	if page.StatusCode != 200 || strings.Contains(page.body, m.Token) {
		t.Fatalf("%d %s", page.StatusCode, page.body)
	}
	for _, words := range []string{"Hi Anna", "House of havn", "anna@work.example", "At least 15 characters", "today at 12:00, in 4 hours", `autocomplete="username"`, `autocomplete="new-password"`} {
		if !page.has(words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	wrong := s.post("/invite", "email", "x", "password", "kort", "password_confirm", "kort")
	if wrong.StatusCode != 422 || !wrong.has("The password is too short") || !wrong.has(`data-check="min:15" data-state="unmet"`) || wrong.has("kort<") {
		t.Errorf("%d %s", wrong.StatusCode, wrong.body)
	}
	done := s.post("/invite", "password", good, "password_confirm", good)
	if done.StatusCode != 303 || done.Header.Get("Location") != "/invite/done" || s.cookies["tilgang-80-attempt"] == "" {
		t.Fatalf("%d %s %v", done.StatusCode, done.Header.Get("Location"), s.cookies)
	}
	if again := s.post("/invite", "password", good, "password_confirm", good); again.StatusCode != 409 || !again.has("You already have a password") {
		t.Errorf("a late second click: %d %s", again.StatusCode, again.body)
	}
	if last := s.get("/invite/done"); !last.has("Your password is set") || !last.has(`href="/signin/next"`) || !last.has("The app and the website both take") {
		t.Errorf("%d %s", last.StatusCode, last.body)
	}
	s.get("/invite/" + m.Token)
	if used := s.get("/invite"); used.StatusCode != 410 || !used.has("You already have a password") || used.has("Anna") || used.has("anna@") {
		t.Errorf("%d %s", used.StatusCode, used.body)
	}
}

func TestFetchesChangeNothing(t *testing.T) {
	b := setUp(t)
	person, m := b.invited("Anna")
	before := b.contents()
	for range 10 {
		s := b.site()
		s.get("/invite/" + m.Token)
		s.get("/invite")
		s.ask("HEAD", "havn.example", "/invite/"+m.Token, nil)
		if empty := s.post("/invite/" + m.Token); empty.StatusCode != 422 {
			t.Errorf("a robot's button press is answered with %d", empty.StatusCode)
		}
	}
	if after := b.contents(); after != before {
		t.Errorf("the invitation changed:\n%s\n%s", before, after)
	}
	if s := b.state(b.ctx, person); s != Sent {
		t.Errorf("state is %s", s)
	}
	s := b.site()
	if done := s.post("/invite/"+m.Token, "password", good, "password_confirm", good); done.StatusCode != 303 {
		t.Errorf("then the human: %d %s", done.StatusCode, done.body)
	}
}

// contents is every invitation as text.
func (b *bench) contents() (text string) {
	b.t.Helper()
	for id := range b.tenants {
		found, err := b.service.StatesOf(tenancy.Enter(context.Background(), b.tenants[id]), b.everybody(id))
		if err != nil {
			b.t.Fatal(err)
		}
		for _, s := range found {
			text += string(s.State) + s.UpdatedAt.String()
			if s.OpenedAt != nil {
				text += s.OpenedAt.String()
			}
		}
	}
	return text
}

func TestDeadLinksLookAlikeAndNameNobody(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	b.clock.Move(24 * time.Hour)
	for name, token := range map[string]string{"expired": m.Token, "unknown": strings.Repeat("A", 43), "not a token": "hello"} {
		t.Run(name, func(t *testing.T) {
			s := b.site()
			s.get("/invite/" + token)
			page := s.get("/invite")
			if page.StatusCode != 410 || !page.has("This link no longer works") || !page.has(`action="/invite/renew"`) || page.has("Anna") || page.has("work.example") {
				t.Errorf("%d %s", page.StatusCode, page.body)
			}
			if name == "expired" != page.has("The link worked until 23 November 2026 at 12:00.") {
				t.Errorf("the moment: %s", page.body)
			}
			if post := s.post("/invite", "password", good, "password_confirm", good); post.StatusCode != 410 {
				t.Errorf("the form is answered with %d", post.StatusCode)
			}
			if again := s.post("/invite/renew"); again.StatusCode != 303 || again.Header.Get("Location") != "/invite/renewed" {
				t.Errorf("asking for a new one: %d", again.StatusCode)
			}
			if told := s.get("/invite/renewed"); told.StatusCode != 200 || told.has("work.example") {
				t.Errorf("%d %s", told.StatusCode, told.body)
			}
		})
	}
	b.work()
	if n := len(b.sent("anna@work.example")); n != 2 || len(b.post.taken()) != 2 {
		t.Errorf("%d mails to Anna of %d", n, len(b.post.taken()))
	}
}

func TestALinkOnAnotherEmployersHostIsUnknown(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	s := b.site()
	s.ask("GET", "skog.example", "/invite/"+m.Token, nil)
	page := s.ask("GET", "skog.example", "/invite", nil)
	if page.StatusCode != 410 || page.has("Anna") || page.has("havn") {
		t.Errorf("%d %s", page.StatusCode, page.body)
	}
	s.get("/invite/" + m.Token)
	if carried := s.ask("GET", "skog.example", "/invite", nil); carried.StatusCode != 410 {
		t.Errorf("a cookie of another host opens %d", carried.StatusCode)
	}
}

func TestTheTypedCodeLeadsToTheSamePage(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	s := b.site()
	wrong := s.post("/invite/code", "email", "anna@work.example", "code", "AAAAA-AAAAA")
	unknown := s.post("/invite/code", "email", "nobody@work.example", "code", m.Code)
	if wrong.StatusCode != 422 || unknown.StatusCode != 422 || wrong.body != strings.ReplaceAll(unknown.body, "nobody@", "anna@") {
		t.Errorf("a wrong code and an unknown address differ: %d %d", wrong.StatusCode, unknown.StatusCode)
	}
	if right := s.post("/invite/code", "email", "anna@work.example", "code", strings.ToLower(m.Code)); right.StatusCode != 303 || right.Header.Get("Location") != "/invite" {
		t.Fatalf("%d %s", right.StatusCode, right.body)
	}
	if page := s.get("/invite"); page.StatusCode != 200 || !page.has("Hi Anna") {
		t.Errorf("%d", page.StatusCode)
	}
}

func TestTwoTabsOneWinsAndTheOtherIsToldCalmly(t *testing.T) {
	b := setUp(t)
	_, m := b.invited("Anna")
	first, second := b.site(), b.site()
	first.get("/invite/" + m.Token)
	second.get("/invite/" + m.Token)
	if won := first.post("/invite", "password", good, "password_confirm", good); won.StatusCode != 303 {
		t.Fatalf("%d %s", won.StatusCode, won.body)
	}
	if told := second.post("/invite", "password", good, "password_confirm", good); told.StatusCode != 409 || !told.has("You already have a password") || !told.has(`href="/signin"`) {
		t.Errorf("%d %s", told.StatusCode, told.body)
	}
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	b := setUp(t)
	person, m := b.invited("Anna")
	s := b.site()
	req := httptest.NewRequest("POST", "/invite/"+m.Token, strings.NewReader(url.Values{"password": {good}, "password_confirm": {good}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Host = "havn.example"
	req.Header.Set("Origin", "http://evil.example")
	res, err := s.app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode < 400 || b.state(b.ctx, person) != Sent {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestHRSendsToOneAndToAll(t *testing.T) {
	b := setUp(t)
	s := b.site()
	ids := b.hire(b.ctx, nil, "Anna", "Bo")
	b.work()
	b.clock.Move(time.Hour)
	one := "/admin/people/per_" + ids[0].String()
	if sent := s.post(one + "/invite"); sent.StatusCode != 303 || sent.Header.Get("Location") != one {
		t.Errorf("%d %s", sent.StatusCode, sent.Header.Get("Location"))
	}
	s.post(one + "/invite")
	preview := s.get("/admin/people/invite-all")
	if !preview.has("This sends 1 mail") {
		t.Errorf("%d %s", preview.StatusCode, preview.body)
	}
	s.post("/admin/people/invite-all")
	s.post("/admin/people/invite-all")
	b.work()
	if a, o := len(b.sent("anna@work.example")), len(b.sent("bo@work.example")); a != 2 || o != 2 {
		t.Errorf("%d and %d mails", a, o)
	}
	if none := s.get("/admin/people/invite-all"); !none.has("Nobody is waiting") {
		t.Errorf("%d %s", none.StatusCode, none.body)
	}
	b.clock.Move(time.Hour)
	s.post("/admin/people/invite", "id", ids[0].String(), "id", ids[1].String())
	s.post(one + "/invite/revoke")
	b.work()
	if a, o := b.state(b.ctx, ids[0]), b.state(b.ctx, ids[1]); a != Revoked || o != Sent {
		t.Errorf("%s and %s", a, o)
	}
	if bad := s.post("/admin/people/nonsense/invite"); bad.StatusCode != 404 {
		t.Errorf("nonsense is %d", bad.StatusCode)
	}
	if foreign := s.ask("POST", "skog.example", one+"/invite", url.Values{}); foreign.StatusCode != 404 {
		t.Errorf("another employer's person is %d", foreign.StatusCode)
	}
}

func TestManyMailsAskForTheirNumber(t *testing.T) {
	b := setUp(t)
	s := b.site()
	var names []string
	for i := range typeAbove + 1 {
		names = append(names, "P"+string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	b.hire(b.ctx, nil, names...)
	b.work()
	b.clock.Move(time.Hour)
	if wrong := s.post("/admin/people/invite-all", "typed", "25"); wrong.StatusCode != 422 || !wrong.has("The number does not match") {
		t.Errorf("%d", wrong.StatusCode)
	}
	if right := s.post("/admin/people/invite-all", "typed", "26"); right.StatusCode != 303 {
		t.Errorf("%d", right.StatusCode)
	}
	b.work()
	if n := len(b.post.taken()); n != 52 {
		t.Errorf("%d mails", n)
	}
}

// always is a session that has just proven who sits there.
func always(*httpkit.Ctx) (bool, error) { return true, nil }
