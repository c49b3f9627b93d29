package tenant

import "time"

// PasswordPolicy says what a new password must be. It is checked when a
// password is chosen; passwords chosen under an older policy keep working.
type PasswordPolicy struct {
	// Preset names a composition rule of an employer: "" (none),
	// "lower_and_symbol_or_digit" or "four_classes". NIST SP 800-63B-4 3.1.1.2
	// and ASVS 6.2.5 advise against both, so a tenant must sign for one in
	// AcceptedBy and Reason.
	Preset     string
	Min        int // code points; 8 to 64; 0 means by second factor: 8 when one is mandatory, else 15 (NIST SP 800-63B-4)
	Classes    []Class
	Words      []string // context words, beside the employer's and the person's own names
	AcceptedBy string
	Reason     string
}

// Class is a kind of character that a composition rule asks for.
type Class string

// The classes. SymbolOrDigit is met by either of the two.
const (
	Lower         Class = "lower"
	Upper         Class = "upper"
	Digit         Class = "digit"
	Symbol        Class = "symbol"
	SymbolOrDigit Class = "symbol_or_digit"
)

// MethodUse says how a second factor may be used.
type MethodUse string

// Off: nobody may use it. Primary: it alone meets a requirement. Backup: only
// beside a primary one.
const (
	Off     MethodUse = "off"
	Primary MethodUse = "primary"
	Backup  MethodUse = "backup"
)

// MfaPolicy says which second factors exist and who must have one.
type MfaPolicy struct {
	Totp, Phone, Push, Passkey MethodUse
	Offer                      MfaOffer
	Postponements              int // how often Later may be pressed when Offer is OfferLater; 0 to 30
	Requirements               []MfaRequirement
	SMS                        SMSPolicy
	TrustedDays                int // how long a device that its owner trusts is not asked; 0: each sign-in asks; at most 30
	Recovery                   RecoveryPolicy
	AccessPass                 AccessPassPolicy
}

// RecoveryPolicy is how people who have lost every factor get back in, after two
// others agreed.
type RecoveryPolicy struct {
	CoolingOff time.Duration // from the approval until the door opens; 1 h to 14 days
	Open       time.Duration // how long it stays open, and how long an approval is waited for; 1 to 30 days
}

// AccessPassPolicy is about codes that HR or a manager makes for somebody who
// stands there without a second factor.
type AccessPassPolicy struct {
	Life time.Duration // of the code, and of the session that it opens; 0: no passes; 5 min to 8 h
}

// SMSPolicy bounds what text messages and calls with codes may cost an employer (toll
// fraud: whoever owns a number is paid for what is sent to it).
type SMSPolicy struct {
	Countries []string // ISO 3166-1 alpha-2; empty: those of the languages and legal employers
	PerDay    int      // texts and calls of the whole employer in 24 h; a quarter of them in one hour; 1 to 100,000
	Calls     int      // calls among them, bounded alike; 1 to 100,000
}

// MfaOffer is what a person meets whom no requirement names.
type MfaOffer string

// OfferSkip: set up or skip for good. OfferLater: set up or postpone, counted.
// OfferMandatory: set up, nothing else.
const (
	OfferSkip      MfaOffer = "skip"
	OfferLater     MfaOffer = "later"
	OfferMandatory MfaOffer = "mandatory"
)

// MfaRequirement makes a second factor mandatory for those it names. Its
// empty fields match everybody; filled ones must all match.
type MfaRequirement struct {
	Roles         []string
	JobTitles     []string // compared after folding case and space
	OrgUnits      []string // a unit's name; it covers the units below it
	Standings     []string
	From          time.Time // date in the tenant's zone; zero: at once
	Postponements int       // how often Later may still be pressed before From
	Methods       []string  // which primary methods count; empty: all
}

// InvitationPolicy says how welcome mails go out.
type InvitationPolicy struct {
	Life            time.Duration // 1 min to 24 h from the sending (NIST SP 800-63B-4 4.2.1.2)
	Send            InvitationSend
	DaysBeforeStart int
	WithoutEmail    WithoutEmail
	LetterLife      time.Duration // of a printed letter's code; 1 h to 21 days (NIST SP 800-63B-4 4.2.1.2: the longest for codes on paper)
	Switch          time.Time     // first day, in the tenant's zone, on which people sign in here and no longer elsewhere; zero: they always did
}

// newcomers is how long after a switch pages still say how it works.
const newcomers = 90 * 24 * time.Hour

// Preparing tells whether people still sign in elsewhere: an invitation then is
// content with a confirmed address.
func (p InvitationPolicy) Preparing(now time.Time) bool { return now.Before(p.Switch) }

// Moving tells whether a switch lies ahead or less than 90 days back.
func (p InvitationPolicy) Moving(now time.Time) bool {
	return !p.Switch.IsZero() && now.Before(p.Switch.Add(newcomers))
}

// WithoutEmail is how people come in who have no e-mail address.
type WithoutEmail string

// ByNobody: HR adds an address. ByLetter: HR prints a letter and hands it over.
// ByText: a text message goes to the phone in the staff file, and a letter is
// for those who have none.
const (
	ByNobody WithoutEmail = "off"
	ByLetter WithoutEmail = "letter"
	ByText   WithoutEmail = "sms"
)

// Letters tells whether HR may print letters; then people without an address
// sign in with their employee number.
func (p InvitationPolicy) Letters() bool {
	return p.WithoutEmail == ByLetter || p.WithoutEmail == ByText
}

// Texts tells whether invitations go out as text messages where there is no
// e-mail address.
func (p InvitationPolicy) Texts() bool { return p.WithoutEmail == ByText }

// InvitationSend is the moment at which an invitation goes out.
type InvitationSend string

// The moments of sending.
const (
	SendOnImport   InvitationSend = "on_import"
	SendDaysBefore InvitationSend = "days_before_start"
	SendManual     InvitationSend = "manual"
)

// SessionPolicy bounds a signed-in browser.
type SessionPolicy struct {
	Idle     time.Duration // 5 to 60 min
	Absolute time.Duration // 1 to 24 h
}

// SigninForm is the shape of the first sign-in page.
type SigninForm string

// The two shapes: address first, or address and password on one page.
const (
	IdentifierFirst SigninForm = "identifier_first"
	Combined        SigninForm = "combined"
)

// ManagerPolicy says what line managers may do.
type ManagerPolicy struct {
	Depth     int // levels of reports that a manager reaches; 1 to 10
	MayCreate bool
}

// ResetPolicy and AlumniPolicy are read from tenant.yaml and kept
// with the others, so that a tenant's file is whole from the first day.
type ResetPolicy struct {
	Mode      string        // ByLink or ByCode
	Life      time.Duration // of what Mode sends, from the sending
	Magiclink bool
}

// The ways to a new password: a link that works in any browser, or six digits
// typed in the one that asked.
const (
	ByLink = "link"
	ByCode = "code"
)

// LinkLife is how long a link lives, also where people get codes: what HR has
// sent, or what follows too many wrong codes, is not typed while one waits.
func (p ResetPolicy) LinkLife() time.Duration {
	if p.Mode == ByCode {
		return maxLink
	}
	return p.Life
}

// CaptchaPolicy says when the robot check is asked, and who makes it.
type CaptchaPolicy struct {
	Mode     CaptchaMode
	Provider string // recaptcha, hcaptcha or turnstile; empty: our own, without a third party
	SiteKey  string // the provider's public key; its secret is the installation's setting
}

// CaptchaMode is when the robot check is asked.
type CaptchaMode string

// CaptchaAdaptive asks after signs of trouble only.
const (
	CaptchaAlways   CaptchaMode = "always"
	CaptchaAdaptive CaptchaMode = "adaptive"
	CaptchaOff      CaptchaMode = "off"
)

// AlumniPolicy is what a leaver keeps, and for how long after the last day.
type AlumniPolicy struct {
	Months   map[string]int // calendar months, by legal employer's key; "*" for the rest
	Classes  []string
	ReadOnly bool   // whoever has left changes no data, only how they sign in and are spoken to
	Proofing string // ProofAlways or ProofUnmatched
	Notices  []int  // days before the end
	Handover int    // days before the last day of work from which the leaver is asked for a private address
}

// MonthsOf is the window of a legal employer in calendar months; 0 is none.
func (p AlumniPolicy) MonthsOf(employer string) int {
	if months, own := p.Months[employer]; own {
		return months
	}
	return p.Months["*"]
}

// The classes of data that a route or a datum can belong to; DataClasses lists
// them all.
const (
	ClassProfile    = "profile"
	ClassEmployment = "employment"
)

// Who must prove who they are before any data is shown: everybody who has left,
// or those whose address HR does not have.
const (
	ProofAlways    = "always"
	ProofUnmatched = "unmatched_address"
)
