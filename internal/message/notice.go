package message

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/mileusna/useragent"

	"tilgang/internal/i18n"
	"tilgang/internal/message/render"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// The built-in kinds: something happened to how a person signs in, or to where
// we write. Each goes to the address that the account knew before.
const (
	PasswordChanged = "password_changed"
	FactorAdded     = "factor_added"
	RecoveryUsed    = "recovery_used"
	RecoveryMade    = "recovery_made"
	Locked          = "locked"
	AddressChanged  = "address_changed" // an open invitation went to another address
	ContactChanged  = "contact_changed" // HR has a new address for a person with an account
)

// The arguments of the built-in kinds, all optional.
const (
	ArgAt        = "at"         // moment of the fact, RFC 3339; the message's birth when missing
	ArgUserAgent = "user_agent" // what the browser called itself
	ArgNetwork   = "network"    // the asker's network address
	ArgFactor    = "factor"     // FactorAdded: totp, phone, push, passkey
	ArgLeft      = "left"       // RecoveryUsed: how many codes are left
	ArgCount     = "count"      // Locked: failed tries; missing: "several"
	ArgUntil     = "until"      // Locked: RFC 3339; missing: until a new password
)

// Facts are the arguments that say from where something was done.
func Facts(userAgent, network string) map[string]string {
	return map[string]string{ArgUserAgent: userAgent, ArgNetwork: network}
}

func (s *Service) notices() []Kind {
	own := func(name string, prepare func(n *notice)) Kind {
		return Kind{Name: name, Lane: outbox.Security, Prepare: func(_ context.Context, m Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
			n := &notice{Message: m, words: words, t: t, portal: s.Portal(t), Doc: Letter(words, t, s.Portal(t))}
			n.Why = words.T("mail.why.account", "Employer", t.Name)
			prepare(n)
			return n.Doc, nil
		}}
	}
	return []Kind{
		own(PasswordChanged, (*notice).passwordChanged), own(FactorAdded, (*notice).factorAdded), own(RecoveryUsed, (*notice).recoveryUsed),
		own(RecoveryMade, (*notice).recoveryMade), own(Locked, (*notice).locked), own(AddressChanged, (*notice).addressChanged), own(ContactChanged, (*notice).contactChanged),
	}
}

// notice is a mail of a built-in kind in the making.
type notice struct {
	Message
	render.Doc
	words  *i18n.Localizer
	t      *tenant.Tenant
	portal string
}

func (n *notice) say(key string, kv ...any) string {
	return n.words.T(key, append(kv, "Employer", n.t.Name, "Account", n.To, "When", n.at(ArgAt))...)
}

// at is a moment among the arguments; the message's birth when it is missing.
func (m Message) at(arg string) time.Time {
	if at, err := time.Parse(time.RFC3339, m.Args[arg]); err == nil {
		return at
	}
	return m.CreatedAt
}

// Origin is when and from where the fact of a message came about, as far as its
// arguments tell (ArgAt, ArgUserAgent, ArgNetwork).
func (m Message) Origin(words *i18n.Localizer) render.Facts {
	browser, device := Device(m.Args[ArgUserAgent])
	return render.Facts{
		{Label: words.T("mail.fact.when"), Value: when(words, m.at(ArgAt))},
		{Label: words.T("mail.fact.browser"), Value: browser},
		{Label: words.T("mail.fact.device"), Value: device},
		{Label: words.T("mail.fact.country"), Value: country(words, m.Country)},
		{Label: words.T("mail.fact.ip"), Value: m.Args[ArgNetwork]},
	}
}

func country(words *i18n.Localizer, code string) string {
	if code == "" {
		return ""
	}
	return words.Country(code)
}

func (n *notice) number(arg string) int {
	i, err := strconv.Atoi(n.Args[arg])
	if err != nil {
		return 0
	}
	return i
}

func (n *notice) add(blocks ...render.Block) { n.Blocks = append(n.Blocks, blocks...) }

// security closes a mail about a change: facts, the security page, what to do
// when it was somebody else.
func (n *notice) security() {
	n.add(n.Origin(n.words), render.Button{Label: n.words.T("mail.security.button"), URL: n.portal + "/security"})
	n.NotYou = n.words.T("mail.not_you.act", "Address", n.portal+"/reset")
}

func (n *notice) passwordChanged() {
	n.Subject, n.Preheader = n.say("mail.password_changed.subject"), n.say("mail.password_changed.preheader")
	n.Heading = n.say("mail.password_changed.heading")
	n.add(render.Paragraph{Text: n.say("mail.password_changed.text")})
	n.security()
}

func (n *notice) factorAdded() {
	n.Subject, n.Preheader = n.say("mail.factor_added.subject"), n.say("mail.factor_added.preheader")
	n.Heading = n.say("mail.factor_added.heading")
	n.add(render.Paragraph{Text: n.say("mail.factor_added.text", "Factor", n.factor())})
	n.security()
}

func (n *notice) factor() string {
	switch n.Args[ArgFactor] {
	case "phone":
		return n.words.T("mail.factor.phone")
	case "push":
		return n.words.T("mail.factor.push")
	case "passkey":
		return n.words.T("mail.factor.passkey")
	}
	return n.words.T("mail.factor.totp")
}

func (n *notice) recoveryUsed() {
	n.Subject, n.Preheader = n.say("mail.recovery_used.subject"), n.say("mail.recovery_used.preheader")
	n.Heading = n.say("mail.recovery_used.heading")
	n.add(render.Paragraph{Text: n.say("mail.recovery_used.text")}, render.Paragraph{Text: n.words.N("mail.recovery_used.left", n.number(ArgLeft))})
	n.security()
}

func (n *notice) recoveryMade() {
	n.Subject, n.Preheader = n.say("mail.recovery_made.subject"), n.say("mail.recovery_made.preheader")
	n.Heading = n.say("mail.recovery_made.heading")
	n.add(render.Paragraph{Text: n.say("mail.recovery_made.text")})
	n.security()
}

func (n *notice) locked() {
	n.Subject, n.Preheader = n.say("mail.locked.subject"), n.say("mail.locked.preheader")
	n.Heading = n.say("mail.locked.heading")
	n.add(render.Paragraph{Text: n.lockedText()})
	n.add(n.Origin(n.words), render.Paragraph{Text: n.say("mail.locked.was_you")}, render.Button{Label: n.say("mail.locked.button"), URL: n.portal + "/reset"})
	n.NotYou = n.say("mail.locked.not_you")
}

// lockedText says as much as the arguments tell.
func (n *notice) lockedText() string {
	count := n.number(ArgCount)
	switch {
	case count == 0:
		return n.say("mail.locked.text_some")
	case n.Args[ArgUntil] == "":
		return n.say("mail.locked.text_closed", "Count", count)
	}
	return n.words.T("mail.locked.text", "Count", count, "Account", n.To, "When", n.at(ArgUntil))
}

func (n *notice) addressChanged() {
	n.Subject, n.Preheader = n.say("mail.address_changed.subject"), n.say("mail.address_changed.preheader")
	n.Heading = n.say("mail.address_changed.heading")
	n.add(render.Paragraph{Text: n.say("mail.address_changed.text")})
	n.NotYou, n.Why = n.say("mail.address_changed.not_you"), n.say("mail.why.invited")
}

func (n *notice) contactChanged() {
	n.Subject, n.Preheader = n.say("mail.contact_changed.subject"), n.say("mail.contact_changed.preheader")
	n.Heading = n.say("mail.contact_changed.heading")
	n.add(render.Paragraph{Text: n.say("mail.contact_changed.text")}, render.Facts{{Label: n.words.T("mail.fact.when"), Value: when(n.words, n.at(ArgAt))}})
	n.NotYou = n.say("mail.contact_changed.not_you")
}

// Device names browser and device as far as the user agent tells, such as
// "Chrome 138" and "Android, Pixel 8"; both empty when it tells nothing.
func Device(userAgent string) (browser, device string) {
	if userAgent == "" {
		return "", ""
	}
	ua := useragent.Parse(userAgent)
	if ua.Name != "" {
		major, _, _ := strings.Cut(ua.Version, ".")
		browser = strings.TrimSpace(ua.Name + " " + major)
	}
	device = ua.OS
	if ua.Device != "" && ua.Device != ua.OS {
		device = strings.TrimPrefix(device+", "+ua.Device, ", ")
	}
	return browser, device
}
