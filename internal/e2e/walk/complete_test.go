package walk_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"tilgang/internal/app"
	"tilgang/internal/e2e/browser"
	"tilgang/internal/message"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
)

const hour = time.Hour

// pageless are the routes of GET that answer with no page, and why.
func pageless() map[string]string {
	return map[string]string{
		"GET /brand/:version/brand.css":      "a stylesheet",
		"GET /brand/:version/logo.svg":       "a picture",
		"GET /help/picture/:name":            "a picture",
		"GET /.well-known/change-password":   "leads to /security/password",
		"GET /.well-known/security.txt":      "plain text",
		"GET /favicon.ico":                   "a picture",
		"GET /robots.txt":                    "plain text",
		"GET base /favicon.ico":              "a picture",
		"GET base /robots.txt":               "plain text",
		"GET /signin/next":                   "leads to the step that is owed",
		"GET /session":                       "JSON",
		"GET /captcha/challenge":             "JSON",
		"GET /invite/:token":                 "leads to /invite without the token",
		"GET /notme/:token":                  "leads to /notme without the token",
		"GET /reset/:token":                  "leads to /reset/password without the token",
		"GET /magiclink/:token":              "leads to /magiclink/open without the token",
		"GET /mfa/setup/recovery/file":       "a file",
		"GET /security/codes/file":           "a file",
		"GET /stepup/done":                   "leads to /security",
		"GET /admin/roster/template.csv":     "a file",
		"GET /admin/roster/template.xlsx":    "a file",
		"GET /admin/roster/:id/problems.csv": "a file",
		"GET base /practice/mailbox.json":    "JSON",
		"GET /document/file/:ticket":         "a file",
		"GET /.well-known/document-key.pem":  "a file",
		"GET /admin/document/manifest.csv":   "a file",
		"GET /admin/document/person":         "leads to the person's documents",

		"GET /federation/:connector/start":          "leads to the provider",
		"GET /federation/:connector/metadata":       "a file",
		"GET eid /.well-known/openid-configuration": "JSON",
		"GET eid /jwks":         "JSON",
		"GET eid /authorize/as": "leads back to the employer",
	}
}

// errorless are the routes of POST that never come back with their form.
func errorless() map[string]string {
	return map[string]string{
		"POST /language":                        "an unknown language is left out of account",
		"POST base /language":                   "as above",
		"POST /signout":                         "always leads on",
		"POST /invite/:token":                   "the same form as POST /invite",
		"POST /reset/:token":                    "the same form as POST /reset/password",
		"POST /magiclink/open":                  "leads on, or shows what GET /magiclink/open shows",
		"POST /invite/renew":                    "answers alike in every case",
		"POST /admin/people/invite":             "leads back to the list with what was done",
		"POST /admin/people/:id/invite":         "leads back to the person with what was done",
		"POST /admin/people/:id/invite/revoke":  "leads back to the person with what was done",
		"POST /admin/people/:id/roles":          "leads back to the person with what was done",
		"POST /admin/roster/:id/confirm":        "leads back to the file with what was done",
		"POST /admin/roster/:id/drop":           "leads back to the file with what was done",
		"POST /admin/recovery/:id/cancel":       "leads back to the case with what was done",
		"POST /recovery":                        "leads back to the page with what was done",
		"POST /security/signout":                "always leads on",
		"POST /security/devices":                "always leads on",
		"POST /security/devices/:id":            "leads on, or there is no such device",
		"POST /proofing":                        "leads back to the page with what was done",
		"POST /proofing/move":                   "always leads on",
		"POST eid /token":                       "JSON, for programs",
		"POST /federation/:connector/acs":       "always leads to the callback",
		"POST /security/code":                   "leads back to the page that asks for the code",
		"POST /security/codes/confirm":          "shown by GET /security/codes",
		"POST /alumni/closed":                   "leads back to the page with what was done",
		"POST /admin/people/:id/mydata":         "leads to the request",
		"POST /admin/people/:id/access/decline": "leads back to the list with what was done",
		"POST /document/take":                   "a file, or leads to who is there",
		"POST /mydata/copy":                     "leads to the page of the copy, or to who is there",
		"POST /mydata/copy/fetch":               "a file, or leads to who is there",
		"POST /mydata/copy/drop":                "leads back to the page with what was done",
		"POST /admin/document/:id/confirm":      "leads back to the delivery with what was done",
		"POST /admin/document/:id/drop":         "leads back to the delivery with what was done",

		"POST /admin/document/person/:id/release": "leads back to the person with what was done",
	}
}

// complete fails for each route that nobody visited.
func (w *walker) complete() {
	w.t.Helper()
	known := map[string]bool{}
	for _, r := range app.AllRoutes() {
		route := line(r.Method, string(r.Side), r.Path)
		known[route] = true
		without := pageless()[route] + errorless()[route]
		switch {
		case w.visits[route] && pageless()[route] != "":
			w.t.Errorf("%s is a page after all (%s)", route, without)
		case !w.visits[route] && without == "":
			w.t.Errorf("nobody visits %s (%s): add it to the walk, or say why it has no page", route, r.Where())
		}
	}
	for route := range w.visits {
		if !known[route] {
			w.t.Errorf("%s is visited and in no list", route)
		}
	}
	for _, list := range []map[string]string{pageless(), errorless()} {
		for route := range list {
			if !known[route] {
				w.t.Errorf("%s is excused and does not exist", route)
			}
		}
	}
}

// kinds are the kinds of mail, by their texts.
func (w *walker) kinds() (list []string) {
	for _, key := range w.App.Catalog.Keys(w.lang) {
		kind, isSubject := strings.CutSuffix(strings.TrimPrefix(key, "mail."), ".subject")
		if isSubject && strings.HasPrefix(key, "mail.") {
			list = append(list, kind)
		}
	}
	return list
}

// mails sends one of each kind and looks at it as a mail program shows it.
func (w *walker) mails() {
	w.t.Helper()
	box := w.App.Services.Mailbox
	to := "cashier." + w.lang + "@post.example"
	w.sendNotices(to)
	server := httptest.NewServer(http.HandlerFunc(func(res http.ResponseWriter, req *http.Request) {
		mail, _ := box.Get(strings.TrimPrefix(req.URL.Path, "/"))
		res.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = res.Write([]byte(mail.HTML))
	}))
	defer server.Close()
	p := w.letters()
	for _, kind := range w.kinds() {
		all := box.List(practice.Filter{Kind: kind})
		i := slices.IndexFunc(all, func(e practice.Entry) bool { return strings.Contains(e.HTML, `lang="`+w.lang+`"`) })
		if i < 0 {
			w.t.Errorf("no mail of the kind %s in %s was sent", kind, w.lang)
			continue
		}
		w.mail(p, strings.Replace(server.URL, "127.0.0.1", "mail.localhost", 1)+"/"+all[i].ID, all[i].HTML, kind)
	}
	if p != nil && slices.ContainsFunc(p.Requests(), func(h string) bool { return !strings.HasSuffix(h, ".localhost") }) {
		w.t.Errorf("the mails asked %q", p.Requests())
	}
	w.entry()
}

// letters is the window that shows mails; nil where none does.
func (w *walker) letters() *browser.Page {
	if w.frame != nil {
		return nil
	}
	return w.window()
}

// mail judges a mail as it stands at an address.
func (w *walker) mail(p *browser.Page, address, source, kind string) {
	w.t.Helper()
	where := "mail " + kind + " in " + w.lang
	if p == nil {
		w.words(source, where)
		w.lay(address, source, where)
		return
	}
	p.Goto(address)
	w.check(p, where)
	if slices.Contains([]string{"frozen", "invite", "locked", "magiclink", "new_signin", "password_changed", "recovery_started", "reset", "reset_code"}, kind) { // the others look like these
		w.picture(p, []string{"mail-" + kind})
	}
}

// entry looks at a mail inside the practice mailbox, in the mail's language.
func (w *walker) entry() {
	w.t.Helper()
	p := w.tab()
	p.Goto("http://" + w.Base + "/practice/mailbox/" + w.Mail("cashier."+w.lang+"@post.example").ID)
	w.look(p, "mail-entry")
	p.Goto(p.URL() + "/html")
	if p.Status() != http.StatusOK || len(p.Texts("script")) != 0 {
		w.t.Errorf("the mail as HTML answers %d", p.Status())
	}
	w.visits["GET base /practice/mailbox/:id/html"] = true
}

// sendNotices writes every built-in kind to somebody, and an invitation twice;
// the mails of a new password were sent by whoever walked that way.
func (w *walker) sendNotices(to string) {
	w.t.Helper()
	ctx := w.Operator("havn")
	err := w.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := people.ByNumber(ctx, "1301")
		if err != nil {
			return err
		}
		facts := message.Facts("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "192.0.2.17")
		facts[message.ArgLeft], facts[message.ArgFactor] = "3", "totp"
		facts[message.ArgMasked], facts[message.ArgTo] = "f***@p***.example", "s***@p***.example"
		facts[message.ArgConnector], facts[message.ArgHours] = "MitID", "72"
		for _, kind := range w.kinds() {
			told := strings.HasPrefix(kind, "recovery_") && kind != message.RecoveryUsed && kind != message.RecoveryMade
			own := strings.HasPrefix(kind, "invite") || strings.HasPrefix(kind, "reset") || strings.HasPrefix(kind, "magiclink") || strings.HasPrefix(kind, "alumni_") || kind == "mydata_ready"
			if told || own || kind == "access_pass" || kind == "address_proof" {
				continue
			}
			if err := w.App.Services.Messages.Send(ctx, message.New{Kind: kind, PersonID: who.ID, To: to, Language: w.lang, Args: facts}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Hire("havn", "1303;Ida;Lund;ida."+w.lang+"@post.example;"+w.lang+";Barista;Region Nord > Butik Aarhus;havn-retail;2026-11-01")
	w.Pass(2 * time.Minute)
	err = w.DB.Read(ctx, func(ctx context.Context) error {
		who, err := people.ByNumber(ctx, "1303")
		if err != nil {
			return err
		}
		w.ida = who.ID
		return nil
	})
	if err == nil {
		err = w.App.Services.Invite.Resend(ctx, w.ida)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.Work()
}
