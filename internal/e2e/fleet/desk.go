package fleet

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/sendertest"
)

// Yaml is an employer that asks for no second factor; %s is its name.
const Yaml = `name: %s
languages: [en, da, nb, sv]
time_zone: Europe/Copenhagen
legal_employers: [{key: main, name: %[1]s, country: DK}]
branding: {primary: "#0d6fb5", sender_name: %[1]s}
support:
  channels: [{kind: phone, value: "+45 70 00 00 27"}, {kind: email, value: help@post.example}]
  whom_to_ask: {account: {en: Ask your manager.}}
mfa: {methods: {totp: off, phone: off, push: off, passkey: off}, offer: skip}
`

// Admin invites an employer's first administrator and lets them choose a
// password by way of a process; a worker must run.
func (f *Fleet) Admin(slug string, by *Process) (address string) {
	f.TB.Helper()
	address = "admin@" + slug + ".example"
	f.Run("admin", "invite", "--tenant", slug, "--email", address, "--given", "Ada", "--family", "Min")
	b := f.Browser(slug, by)
	b.Get(f.Link(address))
	b.Submit("password", e2e.Word, "password_confirm", e2e.Word)
	return address
}

// SignIn signs somebody in by way of a process.
func (f *Fleet) SignIn(slug, address string, by *Process) *apptest.Browser {
	f.TB.Helper()
	b := f.Browser(slug, by)
	b.Get("/signin")
	b.Submit("email", address)
	b.Submit("password", e2e.Word)
	if b.Get("/session"); b.Page.Status != 200 {
		f.TB.Fatalf("%s is not signed in: %s", address, b.Page.Text())
	}
	return b
}

// Upload hands a staff file in and waits for the preview, which it opens.
func (f *Fleet) Upload(b *apptest.Browser, file string) (path string) {
	f.TB.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		f.TB.Fatal(err)
	}
	e2e.Upload(b, "/admin/roster", "file", filepath.Base(file), body)
	path = b.Page.URL.Path
	if !eventually(patience, func() bool { return b.Get(path).Field("confirm") != nil }) {
		f.TB.Fatalf("no preview came: %s", b.Page.Text())
	}
	return path
}

// MailTo waits for the newest mail to somebody.
func (f *Fleet) MailTo(address string) sendertest.ReceivedMail {
	f.TB.Helper()
	var found *sendertest.ReceivedMail
	if !eventually(patience, func() bool { found = f.newest(address); return found != nil }) {
		f.TB.Fatalf("no mail for %s", address)
	}
	return *found
}

func (f *Fleet) newest(address string) (found *sendertest.ReceivedMail) {
	mails, err := f.Sink.Mails()
	if err != nil {
		f.TB.Fatal(err)
	}
	for i := range mails {
		if strings.EqualFold(mails[i].To.Address, address) {
			found = &mails[i]
		}
	}
	return found
}

// secret is a link that carries a token, which no other address is as long as.
var secret = regexp.MustCompile(`https?://[^\s"<>]+/([a-z]+)/[A-Za-z0-9_-]{40,}`)

// Link waits for a mail to somebody and gives its link with a token.
func (f *Fleet) Link(address string) string {
	f.TB.Helper()
	return secret.FindString(f.MailTo(address).Text)
}
