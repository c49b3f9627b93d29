package httpkit_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tilgang/internal/httpkit"
	"tilgang/web"
)

var gallery = flag.String("gallery", "", "folder to write sample pages to, for looking at them")

// speech is a Localizer that shows which key was asked for.
type speech struct{}

func (speech) T(key string, _ ...any) string        { return "says " + key }
func (speech) N(key string, n int, _ ...any) string { return fmt.Sprint("says ", key, n) }
func (speech) Date(t time.Time) string              { return t.Format("2 January 2006") }
func (speech) DateTime(t time.Time) string          { return t.Format("Monday 2 January 2006 at 15:04") }
func (speech) Moment(t time.Time) string            { return "today at " + t.Format("15:04") }
func (speech) Number(n int) string                  { return fmt.Sprint(n) }
func (speech) Lang() string                         { return "en" }

// english speaks the layout's own texts.
type english struct {
	speech
	texts map[string]string
}

func (e english) T(key string, kv ...any) string {
	text := e.texts[key]
	for i := 0; i+1 < len(kv); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{{.%v}}", kv[i]), fmt.Sprint(kv[i+1]))
	}
	return text
}

func readEnglish(t *testing.T) english {
	t.Helper()
	data, err := os.ReadFile("../../templates/i18n/en.json")
	if err != nil {
		t.Fatal(err)
	}
	e := english{texts: map[string]string{}}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for key, text := range all {
		if plain, ok := text.(string); ok {
			e.texts[key] = plain
		}
	}
	return e
}

// sample is one page that holds any mix of parts.
type sample struct {
	httpkit.Base
	Fields   []httpkit.Field
	Checks   []httpkit.Check
	Choices  []httpkit.Choices
	Ways     []httpkit.Choice
	Preview  *httpkit.Preview
	QR       *httpkit.QR
	Codes    *httpkit.Codes
	Upload   *httpkit.Upload
	Progress *httpkit.Progress
	Buttons  []httpkit.Button
	Under    []httpkit.Link
	Cards    []httpkit.Card
	Tabs     []httpkit.Tab
	Toolbar  *httpkit.Toolbar
	Table    *httpkit.Table
	Rows     []httpkit.SummaryRow
	Events   []httpkit.Event
	Copy     *httpkit.Copy
	Empty    *httpkit.EmptyState
}

func (*sample) Template() string { return "gallery/sample" }

const sampleText = `{{define "main"}}
{{with .Tabs}}{{template "tabs" .}}{{end}}{{with .Toolbar}}{{template "toolbar" .}}{{end}}{{with .Table}}{{template "table" .}}{{end}}
{{with .Empty}}{{template "empty" .}}{{end}}{{with .QR}}{{template "qr" .}}{{end}}{{with .Codes}}{{template "codes" .}}{{end}}{{with .Progress}}<section id="live" data-poll="2">{{template "progress" .}}</section>{{end}}
{{with .Copy}}{{template "copy" .}}{{end}}
{{if or .Fields .Checks .Choices .Ways .Buttons .Upload .Preview}}<form method="post" class="stack" data-draft="sample">{{with .Preview}}{{template "preview" .}}{{end}}
{{range .Fields}}{{template "field" .}}{{end}}{{with .Upload}}{{template "upload" .}}{{end}}{{range .Choices}}{{template "choices" .}}{{end}}{{with .Ways}}{{template "ways" .}}{{end}}{{range .Checks}}{{template "check" .}}{{end}}
{{with .Buttons}}<div class="actions">{{range .}}{{template "button" .}}{{end}}</div>{{end}}</form>{{end}}
{{with .Under}}<p class="under">{{range .}}{{template "link" .}}{{end}}</p>{{end}}
{{with .Cards}}<div class="boxes">{{range .}}{{template "card" .}}{{end}}</div>{{end}}
{{with .Rows}}<section class="box"><h2>Employment</h2>{{template "summary" .}}</section>{{end}}
{{with .Events}}<section class="box"><h2>What happened</h2>{{template "timeline" .}}</section>{{end}}{{end}}`

// TestGallery renders every part in every layout; with -gallery DIR the pages
// and what they load are written to files, to be served and looked at.
func TestGallery(t *testing.T) {
	assets, err := httpkit.NewAssets(web.FS)
	if err != nil {
		t.Fatal(err)
	}
	e, err := httpkit.NewEngine(files(t, map[string]string{"gallery/sample.html": sampleText}), assets)
	if err != nil {
		t.Fatal(err)
	}
	words := readEnglish(t)
	for name, page := range samples() {
		dressed(page, words)
		out := render(t, e, page)
		if strings.Contains(out, "says ") || strings.Contains(out, "ZgotmplZ") {
			t.Errorf("%s: a text or address is missing", name)
		}
		if *gallery != "" {
			write(t, name+".html", []byte(out))
		}
	}
	if *gallery != "" {
		for _, name := range []string{"css", "js", "img"} {
			copyDir(t, name, assets)
		}
	}
}

func dressed(p *sample, words httpkit.Localizer) {
	p.Words, p.Tenant = words, httpkit.Brand{Name: "Havn", LogoURL: "/logo.svg", BrandCSS: "/brand.css", Portal: ""}
	p.HelpURL, p.ContactURL = "/help", "/contact"
	p.Languages = []httpkit.LanguageLink{{Code: "da", Name: "Dansk", URL: "?da"}, {Code: "en", Name: "English", Current: true}, {Code: "sv", Name: "Svenska"}}
	if p.Layout == "" {
		return
	}
	p.Signed, p.PersonName = true, "Freja Lindholm"
	p.DraftKey, p.SessionWarn = "8c1f", &httpkit.SessionWarn{Seconds: 600}
	p.Account = []httpkit.NavItem{{Label: "Profile", URL: "/profile", Icon: "person"}, {Label: "Security", URL: "/security", Icon: "shield"}}
	p.Nav = []httpkit.NavItem{{Label: "Home", URL: "/", Icon: "home", Current: true}, {Label: "Employment", URL: "/employment", Icon: "work"}, {Label: "Documents", URL: "/document", Icon: "doc"}, {Label: "Help", URL: "/help", Icon: "help"}}
	if p.Layout == httpkit.LayoutConsole {
		p.Nav = []httpkit.NavItem{{Label: "Overview", URL: "/admin", Icon: "home"}, {Label: "People", URL: "/admin/people", Icon: "people", Current: true, Group: "People"}, {Label: "Staff file", URL: "/admin/roster", Icon: "upload"}, {Label: "Invitations", URL: "/admin/invite", Icon: "send", Count: 12}, {Label: "Messages", URL: "/admin/message", Icon: "mail", Group: "Watch"}, {Label: "Audit log", URL: "/admin/audit", Icon: "history"}, {Label: "Settings", URL: "/admin/settings", Icon: "settings", Group: "Rules"}}
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join(*gallery, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func copyDir(t *testing.T, dir string, assets *httpkit.Assets) {
	t.Helper()
	entries, err := web.FS.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		url := assets.URL(dir + "/" + e.Name())
		body, _, _, _ := assets.Open(url, "")
		write(t, url, body)
	}
}

var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func when(t time.Time) *httpkit.When {
	w := (&httpkit.Base{Words: speech{}}).When(t)
	return &w
}

func samples() map[string]*sample {
	all := map[string]*sample{}
	for _, group := range []map[string]*sample{cardSamples(), pageSamples(), consoleSamples()} {
		for name, s := range group {
			all[name] = s
		}
	}
	return all
}

func cardSamples() map[string]*sample {
	back := &httpkit.Link{Label: "Back", URL: "/"}
	identifier := &sample{
		Base:    httpkit.Base{Title: "Sign in", Cancel: &httpkit.Link{Label: "Cancel", URL: "/"}},
		Fields:  []httpkit.Field{{Name: "email", Type: "email", Label: "E-mail", Hint: "Your work address, or the private one you gave us.", Autocomplete: "username", Required: true}},
		Checks:  []httpkit.Check{{Name: "remember", Label: "Remember my e-mail on this device", Hint: "Leave this off on a shared computer."}},
		Buttons: []httpkit.Button{{Label: "Continue"}},
		Under:   []httpkit.Link{{Label: "Use a passkey instead", URL: "/passkey"}},
	}
	password := &sample{
		Base: httpkit.Base{Title: "Choose your password", Eyebrow: "freja.lindholm@havn.example", Lead: "You use it with your e-mail each time you sign in.", Back: back, Step: 1, Steps: 4},
		Fields: []httpkit.Field{
			{Name: "password", Type: "password", Label: "New password", Autocomplete: "new-password", Required: true, Reveal: true, Rules: []httpkit.RuleView{{Text: "At least 8 characters", Check: "min:8", State: "met"}, {Text: "A lower-case letter", Check: "lower", State: "met"}, {Text: "A symbol or a digit", Check: "symbol_or_digit", State: "unmet"}, {Text: "Not one that has leaked before"}}},
			{Name: "password_confirm", Type: "password", Label: "The same password again", Autocomplete: "new-password", Required: true, Reveal: true},
		},
		Buttons: []httpkit.Button{{Label: "Set password"}},
	}
	password.Errors = []httpkit.FieldError{{Field: "password", Text: "Add a symbol or a digit"}}
	code := &sample{
		Base:    httpkit.Base{Title: "Type the code from your phone", Lead: "We sent a text message to •• •• •• 15. The code works until 16:25, for 5 more minutes.", Back: back, Step: 2, Steps: 4, Flash: []httpkit.Notice{{Kind: "ok", Text: "A new code is on its way."}}},
		Fields:  []httpkit.Field{{Name: "code", Label: "Code", Hint: "6 digits", Code: true, InputMode: "numeric", Autocomplete: "one-time-code", Value: "482 913"}},
		Buttons: []httpkit.Button{{Label: "Verify"}, {Label: "Send a new code", Kind: "secondary", Name: "action", Value: "again", NoValidate: true}},
		Under:   []httpkit.Link{{Label: "Use a recovery code", URL: "/mfa/recovery"}},
	}
	return map[string]*sample{"card-identifier": identifier, "card-password": password, "card-code": code, "card-ways": waysSample(back), "card-qr": qrSample(back), "card-codes": codesSample(), "card-done": doneSample()}
}

func waysSample(back *httpkit.Link) *sample {
	return &sample{
		Base:    httpkit.Base{Title: "Choose your second factor", Lead: "It keeps your data yours, even when someone learns your password. You can add more later.", Back: back, Step: 2, Steps: 4},
		Ways:    []httpkit.Choice{{Icon: "mobile", Title: "Authenticator app", Text: "A code from an app, also without coverage", URL: "/totp", Tag: &httpkit.Tag{Kind: "ok", Text: "Recommended"}}, {Icon: "fingerprint", Title: "Passkey", Text: "Your fingerprint, face or a security key", URL: "/passkey"}, {Icon: "chat", Title: "Text message or call", Text: "A code to your phone number", URL: "/phone"}},
		Buttons: []httpkit.Button{{Label: "Skip for now", Kind: "quiet", Name: "action", Value: "skip"}},
	}
}

func qrSample(back *httpkit.Link) *sample {
	const picture = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3Cpath d='M0 0h3v3H0zM6 0h3v3H6zM0 6h3v3H0zM4 4h1v1H4zM6 6h1v1H6zM8 8h1v1H8zM4 0h1v2H4zM4 7h1v2H4zM7 4h2v1H7z'/%3E%3C/svg%3E`
	return &sample{
		Base:    httpkit.Base{Title: "Scan the code with your app", Back: back, Step: 3, Steps: 4},
		QR:      &httpkit.QR{Image: template.URL(picture), Alt: "QR code for your authenticator app", Key: "JBSW Y3DP EHPK 3PXP", Note: "Havn: freja.lindholm@havn.example"},
		Fields:  []httpkit.Field{{Name: "code", Label: "The 6 digits that the app shows", Code: true, InputMode: "numeric"}},
		Buttons: []httpkit.Button{{Label: "Turn on"}},
	}
}

func codesSample() *sample {
	return &sample{
		Base:    httpkit.Base{Title: "Save your recovery codes", Lead: "Each works once, when your phone is lost or broken. Keep them where you keep important papers.", Step: 4, Steps: 4},
		Codes:   &httpkit.Codes{Codes: []string{"7K3M-Q9TX", "P4WD-2HRN", "XB81-V6CE", "9TGF-M0JA", "D5QZ-8YKP", "HN27-RW4T", "4CVX-E1MB", "ZJ96-A3GD", "Q8PT-5NHK", "W2RY-C7XF"}, FileName: "havn-recovery-codes.txt", Heading: "Havn: recovery codes for freja.lindholm@havn.example, 22 November 2026"},
		Checks:  []httpkit.Check{{Name: "saved", Label: "I have saved these codes"}},
		Buttons: []httpkit.Button{{Label: "Continue"}},
	}
}

func doneSample() *sample {
	return &sample{
		Base:  httpkit.Base{Title: "Your password is set", Lead: "Sign in with your new password. We also sent you a mail to say that it was changed.", Celebrate: true},
		Under: []httpkit.Link{{Label: "Go to sign-in", URL: "/signin", Kind: "primary"}},
	}
}

func pageSamples() map[string]*sample {
	home := &sample{
		Base: httpkit.Base{Layout: "page", Title: "Hello, Freja"},
		Cards: []httpkit.Card{
			{Kind: "todo", Icon: "shield", Title: "Set up your second factor", Text: "Havn asks store managers for one from 1 March 2026.", Links: []httpkit.Link{{Label: "Set it up", URL: "/mfa/setup", Kind: "primary"}}},
			{Icon: "doc", Title: "Newest payslip", Figure: "February 2026", Text: "Paid on 27 February", Tag: &httpkit.Tag{Kind: "info", Text: "New"}, Links: []httpkit.Link{{Label: "Open payslip", URL: "/d", Kind: "secondary"}, {Label: "All documents", URL: "/document"}}},
			{Icon: "work", Title: "My employment", Rows: []httpkit.SummaryRow{{Label: "Job title", Text: "Butikschef"}, {Label: "Manager", Text: "Mikkel Thomsen"}}, Links: []httpkit.Link{{Label: "See everything", URL: "/e"}}},
			{Icon: "mail", Title: "Private address", Text: "With a private e-mail you get back in after your last day, and when your work mail is closed.", Links: []httpkit.Link{{Label: "Add private e-mail", URL: "/p"}}},
		},
	}
	profile := &sample{
		Base:   httpkit.Base{Layout: "page", Title: "Employment", Lead: "What Havn has on file. Is something wrong? Ask your local HR.", Flash: []httpkit.Notice{{Kind: "ok", Title: "Your phone number is changed", Text: "We told your old number too."}, {Kind: "warn", Text: "Your last day is 31 March 2026. You keep your documents for 24 months."}}},
		Rows:   []httpkit.SummaryRow{{Label: "Employer", Text: "Havn Detail A/S"}, {Label: "Employee number", Text: "20417"}, {Label: "Job title", Text: "Butikschef", Sub: "Aarhus, Store Torv"}, {Label: "First day", When: when(start)}, {Label: "Standing", Tag: &httpkit.Tag{Kind: "ok", Text: "Employed"}}, {Label: "Phone", Text: "+45 •• •• •• 15", Action: &httpkit.Link{Label: "Change", URL: "/c"}}},
		Events: []httpkit.Event{{Kind: "ok", Title: "Signed in", Text: "Chrome on Android, Aarhus", When: *when(start)}, {Kind: "bad", Title: "Wrong password, twice", Text: "Unknown browser", When: *when(start)}, {Title: "Invited", When: *when(start)}},
	}
	edit := &sample{
		Base:    httpkit.Base{Layout: "page", Title: "Change phone number", Back: &httpkit.Link{Label: "Profile", URL: "/profile"}},
		Fields:  []httpkit.Field{{Name: "country", Type: "select", Label: "Country", Options: []httpkit.Option{{Value: "45", Label: "Denmark (+45)", Selected: true}}}, {Name: "phone", Type: "tel", Prefix: "+45", Label: "Phone number", Value: "12 34 56 78"}, {Name: "note", Type: "textarea", Label: "Note to HR", Optional: true}},
		Choices: []httpkit.Choices{{Name: "channel", Legend: "How should the code reach you?", Options: []httpkit.Option{{Value: "sms", Label: "Text message", Selected: true}, {Value: "voice", Label: "Call", Hint: "A voice reads the code out twice."}}}},
		Buttons: []httpkit.Button{{Label: "Send code"}, {Label: "Cancel", Kind: "quiet"}},
	}
	empty := &sample{Base: httpkit.Base{Layout: "page", Title: "Documents"}, Empty: &httpkit.EmptyState{Icon: "doc", Title: "No documents yet", Text: "Your first payslip comes here on 27 March 2026. We send you a mail when it does."}}
	return map[string]*sample{"page-home": home, "page-profile": profile, "page-edit": edit, "page-empty": empty}
}

func consoleSamples() map[string]*sample {
	state := func(kind, text string) httpkit.Cell { return httpkit.Cell{Tag: &httpkit.Tag{Kind: kind, Text: text}} }
	row := func(id, name, job, unit string, c httpkit.Cell, mails string) httpkit.Row {
		return httpkit.Row{ID: id, Cells: []httpkit.Cell{{Text: name, Sub: job, URL: "/p/" + id}, {Text: unit}, {When: when(start)}, c, {Text: mails}}}
	}
	table := &httpkit.Table{
		Caption: "People", Select: "id", Action: "/x",
		Bulk:    []httpkit.Button{{Label: "Send invitation again", Kind: "secondary", Icon: "send"}},
		Columns: []httpkit.Column{{Label: "Name", SortURL: "?s", Sorted: "asc"}, {Label: "Unit", SortURL: "?u"}, {Label: "First day", SortURL: "?d"}, {Label: "Sign-in"}, {Label: "Mails", Number: true}},
		Rows:    []httpkit.Row{row("1", "Anna Berg", "Salgsassistent", "Aarhus", state("ok", "Active"), "1"), row("2", "Christian Østergaard Nørregaard-Sørensen", "Butikschef", "København, Amagerbrogade", state("warn", "Not opened"), "2"), row("3", "Emma Holm", "Lagermedarbejder", "Odense", state("bad", "Mail bounced"), "1"), row("4", "Freja Lindholm", "Butikschef", "Aarhus", state("wait", "Starts 1 March"), "0")},
		Pager:   httpkit.Pager{NextURL: "?n", Text: "1–50 of 1,204"},
	}
	people := &sample{
		Base:    httpkit.Base{Layout: "console", Title: "People", Lead: "Everyone with an employment, and how far they are.", Action: &httpkit.Link{Label: "Add person", URL: "/new", Kind: "primary", Icon: "add"}},
		Tabs:    []httpkit.Tab{{Label: "All", URL: "?", Current: true, Count: "1,204"}, {Label: "Not through", URL: "?", Count: "31"}, {Label: "Bounced", URL: "?", Count: "2"}},
		Toolbar: &httpkit.Toolbar{Action: "/p", Search: &httpkit.Field{Name: "q", Label: "Search", Placeholder: "Name, number or e-mail"}, Filters: []httpkit.Field{{Name: "unit", Type: "select", Label: "Unit", Options: []httpkit.Option{{Label: "All units"}}}}, ClearURL: "?"},
		Table:   table,
	}
	file := &sample{
		Base:    httpkit.Base{Layout: "console", Title: "Upload staff file", Back: &httpkit.Link{Label: "Staff file", URL: "/r"}},
		Preview: &httpkit.Preview{Title: "This sends 214 welcome mails", Text: "They go out now, in each person's language. Nothing is sent to the 3 rows with a fault.", Items: []string{"Row 14: the start date “31.02.2026” does not exist", "Row 88: no e-mail address"}, More: 1},
		Upload:  &httpkit.Upload{Name: "file", Label: "Staff file", Hint: "CSV or Excel, at most 20 MB.", Accept: ".csv,.xlsx"},
		Fields:  []httpkit.Field{{Name: "count", Label: "Type 214 to confirm", InputMode: "numeric"}},
		Buttons: []httpkit.Button{{Label: "Send 214 mails"}, {Label: "Discard", Kind: "danger"}},
	}
	running := &sample{Base: httpkit.Base{Layout: "console", Title: "Staff file of 22 November", RefreshAfter: 5}, Progress: &httpkit.Progress{Done: 640, Total: 1204, Label: "Adding people", Detail: "About a minute left. You can leave this page."}, Copy: &httpkit.Copy{Label: "Address for your systems", Text: "https://havn.example/scim/v2"}}
	return map[string]*sample{"console-people": people, "console-file": file, "console-running": running}
}
