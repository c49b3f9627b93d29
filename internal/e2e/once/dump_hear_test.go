package once_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"tilgang/internal/e2e/dump"
	"tilgang/internal/message/practice"
)

// The sorts of secrets, by how they are seen.
const (
	cookieSort   = "cookie"
	passwordSort = "password"
	typedSort    = "typed code"
	tokenSort    = "token of an address"
	stateSort    = "word between us and an identity provider"
	pageSort     = "code on a page"
	mailSort     = "code in a mail, a text message or a call"
	seedSort     = "seed of an app"
	robotSort    = "answer to a robot check"
	numberSort   = "national number"
)

// ear hears what passes between a browser and the product.
type ear struct {
	next    http.RoundTripper
	secrets *dump.Secrets
}

// RoundTrip implements http.RoundTripper.
func (e ear) RoundTrip(req *http.Request) (*http.Response, error) {
	hearAddress(e.secrets, req.URL)
	hearCookies(e.secrets, req.Cookies())
	if req.GetBody != nil && strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if body, err := req.GetBody(); err == nil {
			text, _ := io.ReadAll(body) // of a string
			if form, err := url.ParseQuery(string(text)); err == nil {
				hearForm(e.secrets, form)
			}
		}
	}
	res, err := e.next.RoundTrip(req)
	if err != nil {
		return nil, err //nolint:wrapcheck // the browser's
	}
	hearCookies(e.secrets, res.Cookies())
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err //nolint:wrapcheck // the browser's
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		hearPage(e.secrets, string(body))
	}
	return res, nil
}

// longest words that a cookie has and that are no secret: a language, a flag.
const harmless = 20

func hearCookies(s *dump.Secrets, list []*http.Cookie) {
	for _, c := range list {
		if len(c.Value) > harmless {
			s.Add(cookieSort, c.Value)
		}
	}
}

// secretFields are the fields of forms by what is typed into them.
func secretFields() map[string]string {
	return map[string]string{"password": passwordSort, "password_confirm": passwordSort, "current_password": passwordSort, "code": typedSort, "altcha": robotSort}
}

func hearForm(s *dump.Secrets, form url.Values) {
	for name, sort := range secretFields() {
		s.Add(sort, form.Get(name))
	}
}

var (
	aToken   = regexp.MustCompile(`^[A-Za-z0-9_-]{43,}$`)
	aCode    = regexp.MustCompile(`\b(?:[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,3}|[0-9A-Z]{5}-[0-9A-Z]{5})\b`)
	aSeed    = regexp.MustCompile(`secret(?:=|%3D)([A-Z2-7]{32})`)
	aKey     = regexp.MustCompile(`\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b`)
	sixAlone = regexp.MustCompile(`\b[0-9]{6}\b`)
	sixSaid  = regexp.MustCompile(`\b(?:[0-9] ){5}[0-9]\b`)
	aBound   = regexp.MustCompile(`(?m)#([0-9A-Z][0-9A-Z-]{5,})\s*$`) // the last line of a text message
	tags     = regexp.MustCompile(`<[^>]*>`)
)

func hearAddress(s *dump.Secrets, u *url.URL) {
	for part := range strings.SplitSeq(u.Path, "/") {
		if aToken.MatchString(part) {
			s.Add(tokenSort, part)
		}
	}
	for _, name := range []string{"state", "code", "nonce"} {
		s.Add(stateSort, u.Query().Get(name))
	}
}

func hearPage(s *dump.Secrets, body string) {
	for _, m := range aSeed.FindAllStringSubmatch(body, -1) {
		s.Add(seedSort, m[1])
	}
	text := tags.ReplaceAllString(body, " ")
	for _, key := range aKey.FindAllString(strings.Join(strings.Fields(text), " "), -1) {
		s.Add(seedSort, strings.ReplaceAll(key, " ", ""))
	}
	for _, code := range aCode.FindAllString(text, -1) {
		s.Add(pageSort, code)
	}
}

// mails hears what was sent.
func (k *kept) mails() {
	for _, m := range k.App.Services.Mailbox.List(practice.Filter{}) {
		for _, link := range m.Links {
			if u, err := url.Parse(link); err == nil {
				hearAddress(k.secrets, u)
			}
		}
		for _, pattern := range []*regexp.Regexp{aCode, sixAlone} {
			for _, code := range pattern.FindAllString(m.Text, -1) {
				k.secrets.Add(mailSort, code)
			}
		}
		for _, code := range sixSaid.FindAllString(m.Text, -1) {
			k.secrets.Add(mailSort, strings.ReplaceAll(code, " ", ""))
		}
		for _, bound := range aBound.FindAllStringSubmatch(m.Text, -1) {
			k.secrets.Add(mailSort, bound[1])
		}
	}
}

// listen hears what a race is about to send.
func (k *kept) listen(r race) {
	form := url.Values{}
	for i := 0; i+1 < len(r.fields); i += 2 {
		form.Set(r.fields[i], r.fields[i+1])
	}
	hearForm(k.secrets, form)
	if u, err := url.Parse(r.path); err == nil {
		hearAddress(k.secrets, u)
	}
	for _, b := range r.from {
		hearCookies(k.secrets, b.Cookies())
	}
}
