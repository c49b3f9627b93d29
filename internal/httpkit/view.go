package httpkit

import "time"

// View is a page: a typed struct that embeds Base and names its template.
// It is always passed as a pointer, so that Shell reaches the page's own Base.
type View interface {
	// Template is the page's file under templates/ without ".html", e.g. "signin/identifier".
	Template() string
	Shell() *Base
}

// Localizer speaks the reader's language; internal/i18n implements it. A
// missing key comes back as the key itself, so a page is never empty.
type Localizer interface {
	T(key string, kv ...any) string
	N(key string, n int, kv ...any) string
	Date(t time.Time) string
	DateTime(t time.Time) string
	Moment(t time.Time) string
	Number(n int) string
	Lang() string
}

// The layouts. Card is one question in a narrow card (signed-out flows and
// set-up steps), Page is signed-in self-service, Console is HR, admin, manager.
const (
	LayoutCard    = "card"
	LayoutPage    = "page"
	LayoutConsole = "console"
)

// Base is the frame around a page's own content; every page struct embeds it.
type Base struct {
	Words Localizer // the reader's language; nil shows bare keys
	Lang  string    // BCP 47, for <html lang>

	Title     string // document title and, unless Heading is set, the h1
	Heading   string // h1 where it must differ from Title
	Lead      string // one paragraph under the h1
	Eyebrow   string // small line above the h1, e.g. the address being signed in
	Layout    string // LayoutCard when empty
	Wide      bool   // a wider card or column, for tables and two columns
	Celebrate bool   // a green tick above the h1: something was done
	Action    *Link  // the page's one primary action, beside the h1 (page, console)

	Tenant     Brand
	Signed     bool
	PersonName string
	Nav        []NavItem
	Account    []NavItem // links in the person's corner: profile, security
	Languages  []LanguageLink
	Path       string // where the language form returns to
	HelpURL    string // the help's topic for this page, /help#…; "/help" when empty
	ContactURL string

	Flash  []Notice
	Errors []FieldError // shown as a summary and, by name, at each Field
	Step   int          // "Step 2 of 4", shown when Steps > 2
	Steps  int
	Back   *Link // top left; Back wins over Cancel
	Cancel *Link

	Reference    string       // request id, shown small on error pages
	ShowRef      bool         // whether the reference is shown
	SessionWarn  *SessionWarn // signed-in pages; nil switches the warning off
	DraftKey     string       // opaque per account; empty: typed text is not kept over a sign-out
	RefreshAfter int          // seconds; without JavaScript the page reloads itself

	assets *Assets
}

// Brand is the employer as the frame shows it.
type Brand struct {
	Name     string
	LogoURL  string // empty: the name in words stands alone
	LogoAlt  string // what the logo says where it cannot be seen; used for a Wordmark
	Wordmark bool   // the logo is so wide that it writes the name itself: no words beside it
	BrandCSS string // URL of the stylesheet that sets the brand's colours
	HomeURL  string // where logo and name lead; "/" when empty
	Portal   string // words under the name where there is a second host, e.g. "Former employees"
}

// NavItem is one entry of a menu. Group starts a new heading in the console's rail.
type NavItem struct {
	Key, Label, URL string
	Icon            string // a name of part/icon.html; empty: none
	Group           string
	Current         bool
	Count           int // shown as a small number when above 0
}

// LanguageLink is one language of the switch, named in itself ("Dansk").
type LanguageLink struct {
	Code, Name string
	Current    bool
	URL        string // empty: a form posts language and path to /language
}

// Notice tells what happened: kind ok, info, warn or bad.
type Notice struct {
	Kind, Title, Text string
	Action            *Link
}

// FieldError is one thing to correct; Field is the form field's name, empty for the whole form.
type FieldError struct{ Field, Text string }

// Link leads somewhere. Kind is empty for a plain link, or a button's kind.
type Link struct {
	Label, URL, Kind string
	Icon             string
}

// SessionWarn says when the browser's session ends if nothing happens.
type SessionWarn struct {
	Seconds int  // from now
	Final   bool // the session's absolute end: it cannot be extended
}

// Shell gives the frame; embedding Base makes a struct half a View.
func (b *Base) Shell() *Base { return b }

// T is the text of key in the reader's language; kv come in pairs: name, value.
func (b *Base) T(key string, kv ...any) string {
	if b == nil || b.Words == nil {
		return key
	}
	return b.Words.T(key, kv...)
}

// N is T in the plural form that n asks for.
func (b *Base) N(key string, n int, kv ...any) string {
	if b == nil || b.Words == nil {
		return key
	}
	return b.Words.N(key, n, kv...)
}

// Date writes a day: "22 November 2026".
func (b *Base) Date(t time.Time) string { return b.spell(t, Localizer.Date) }

// DateTime writes a day and a time of day.
func (b *Base) DateTime(t time.Time) string { return b.spell(t, Localizer.DateTime) }

// Moment writes how near a time is: "today at 16:20, in 3 hours".
func (b *Base) Moment(t time.Time) string { return b.spell(t, Localizer.Moment) }

// Number writes n with the reader's separators.
func (b *Base) Number(n int) string {
	if b == nil || b.Words == nil {
		return ""
	}
	return b.Words.Number(n)
}

// Asset is the address of a file under web/, e.g. "css/app.css".
func (b *Base) Asset(name string) string {
	if b.assets == nil {
		return "/static/" + name
	}
	return b.assets.URL(name)
}

// H1 is the page's heading.
func (b *Base) H1() string {
	if b.Heading != "" {
		return b.Heading
	}
	return b.Title
}

// Home is where the logo leads.
func (b *Base) Home() string {
	if b.Tenant.HomeURL != "" {
		return b.Tenant.HomeURL
	}
	return "/"
}

// When makes a date whose full moment shows on hover and focus; the zero time gives an empty one.
func (b *Base) When(t time.Time) When {
	if t.IsZero() {
		return When{}
	}
	return When{Text: b.Date(t), Full: b.DateTime(t), ISO: t.UTC().Format(time.RFC3339)}
}

// ErrorOf is the text of the first error about the named field.
func (b *Base) ErrorOf(field string) string {
	if b == nil || field == "" {
		return ""
	}
	for _, e := range b.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

func (b *Base) spell(t time.Time, how func(Localizer, time.Time) string) string {
	if b == nil || b.Words == nil || t.IsZero() {
		return ""
	}
	return how(b.Words, t)
}

// voice lets a part speak: Engine.Render lends it the page's Base.
type voice struct{ base *Base }

type lender interface{ lend(*Base) }

func (v *voice) lend(b *Base) { v.base = b }

// T is Base.T for parts.
func (v voice) T(key string, kv ...any) string { return v.base.T(key, kv...) }

// N is Base.N for parts.
func (v voice) N(key string, n int, kv ...any) string { return v.base.N(key, n, kv...) }

// Number is Base.Number for parts.
func (v voice) Number(n int) string { return v.base.Number(n) }
