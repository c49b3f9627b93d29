package tenant

import (
	"time"

	"github.com/google/uuid"
)

// Tenant is one employer as every request sees it: resolved values, read-only.
type Tenant struct {
	ID             uuid.UUID
	Slug           string
	Name           string
	Status         string    // active or suspended
	Version        int64     // grows with every applied change
	Changed        time.Time // when Version last grew; zero where it is not known
	Hosts          []string
	Languages      []string // BCP 47; the first is the default
	Zone           *time.Location
	LegalEmployers []LegalEmployer
	Branding       Branding
	Support        Support
	Password       PasswordPolicy
	Mfa            MfaPolicy
	Invitation     InvitationPolicy
	Reset          ResetPolicy
	Captcha        CaptchaPolicy
	Signin         SigninForm
	Alumni         AlumniPolicy
	Session        SessionPolicy
	Manager        ManagerPolicy
	Connectors     []Connector
	Documents      DocumentPolicy
	Senders        Senders
}

// LegalEmployer is a legal entity that employs; Key is the word a staff file uses.
type LegalEmployer struct {
	Key, Name, Country, Number string
}

// Branding is how the employer looks: a logo and tokens, never free CSS.
type Branding struct {
	Logo       []byte // SVG, checked: no script, no outside reference
	LogoAlt    string
	Primary    Colour // buttons, links, focus ring, on white
	OnPrimary  Colour // computed text colour on Primary, at least 4.5:1
	PrimaryInk Colour // Primary as text on the dark scheme, at least 4.5:1
	Accent     Colour // large surfaces; carries no text
	SenderName string
}

// Colour is a CSS colour, #rrggbb in lower case.
type Colour string

// Support is whom a person can ask, by what way and when.
type Support struct {
	Channels  []Channel
	Hours     [7]Hours // by time.Weekday; Sunday first; the zero value is closed
	Holidays  []Holiday
	WhomToAsk map[string]Text // by topic: account, mail, factor, data, payslip; "*" for the rest
	Links     []Link
}

// Channel is one way to reach support: kind is phone, email, chat or web.
type Channel struct {
	Kind, Value string
	Note        Text // "press 1 for support", "answered within 5 minutes"
}

// Hours is an opening time of a day in minutes after midnight; Open == Close is closed.
type Hours struct{ Open, Close int }

// Holiday is a date on which support is closed.
type Holiday struct {
	Date string // 2006-01-02
	Name Text
}

// Link is a page of the employer's own.
type Link struct {
	URL  string
	Name Text
}

// Text is an employer's own wording by language.
type Text map[string]string

// Senders are the addresses that mails and text messages come from.
type Senders struct {
	Email            string
	ReplyTo          string // where an answer goes; empty: nobody reads them
	ConfigurationSet string // of Amazon SES, for reports of this tenant alone; empty: the installation's
	SMS              string
}
