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
// we write. Each goes to the addresses that the account knew before.
const (
	NewSignin       = "new_signin" // from a browser or a country not seen at this account before
	PasswordChanged = "password_changed"
	FactorAdded     = "factor_added"    // beside those on file
	FactorReplaced  = "factor_replaced" // one of the same kind went
	RecoveryUsed    = "recovery_used"
	RecoveryMade    = "recovery_made"
	Locked          = "locked"
	AddressChanged  = "address_changed" // an open invitation went to another address
	ContactChanged  = "contact_changed" // HR has a new address for a person with an account
	Frozen          = "frozen"          // somebody said that it was not them
	Unfrozen        = "unfrozen"        // changes are possible again
)

// The arguments of the built-in kinds, all optional.
const (
	ArgAt        = "at"         // moment of the fact, RFC 3339; the message's birth when missing
	ArgUserAgent = "user_agent" // what the browser called itself
	ArgNetwork   = "network"    // the asker's network address
	ArgFactor    = "factor"     // FactorAdded, FactorReplaced: totp, phone, push, passkey
	ArgLeft      = "left"       // RecoveryUsed: how many codes are left
	ArgCount     = "count"      // Locked: failed tries; missing: "several"
	ArgUntil     = "until"      // Locked: RFC 3339; missing: until a new password
	ArgDevice    = "device"     // NewSignin: id of the browser
	ArgWhy       = "why"        // Unfrozen: undone, returned, hr
)

// Facts are the arguments that say from where something was done.
func Facts(userAgent, network string) map[string]string {
	return map[string]string{ArgUserAgent: userAgent, ArgNetwork: network}
}

// Denial is what a mail about an account offers to whoever did not do it: an
// address to open and a code to type there. Zero: nothing.
type Denial struct{ URL, Code string }

// LetDeny names who mints denials, in the transaction that claims a message;
// before the worker starts.
func (s *Service) LetDeny(mint func(ctx context.Context, m Message, t *tenant.Tenant) (Denial, error)) {
	s.denial = mint
}

// Deny lets a mail end with its denial; intro says when to use it.
func (s *Service) Deny(ctx context.Context, m Message, words *i18n.Localizer, t *tenant.Tenant, intro string, d *render.Doc) error {
	if s.denial == nil {
		return nil
	}
	minted, err := s.denial(ctx, m, t)
	if err != nil || minted.URL == "" {
		return err
	}
	d.After = []render.Block{render.Paragraph{Text: intro}, render.Address{URL: minted.URL}, render.Code{Label: words.T("mail.not_me.code"), Value: minted.Code}}
	return nil
}

func (s *Service) notices() (kinds []Kind) {
	for name, prepare := range map[string]func(*notice){
		NewSignin:       func(n *notice) { n.told("mail.new_signin") },
		PasswordChanged: func(n *notice) { n.told("mail.password_changed") },
		FactorAdded:     func(n *notice) { n.told("mail.factor_added") }, FactorReplaced: func(n *notice) { n.told("mail.factor_replaced") },
		RecoveryUsed: (*notice).recoveryUsed, RecoveryMade: func(n *notice) { n.told("mail.recovery_made") },
		Locked: (*notice).locked, AddressChanged: (*notice).addressChanged, ContactChanged: (*notice).contactChanged,
		FactorRemoved: func(n *notice) { n.told("mail.factor_removed") },
		AddressAdded:  func(n *notice) { n.told("mail.address_added") }, AddressRemoved: func(n *notice) { n.told("mail.address_removed") },
		IdentityLinked:   func(n *notice) { n.identity("mail.identity_linked") },
		IdentityUnlinked: func(n *notice) { n.identity("mail.identity_unlinked") },
		IdentityMoved:    func(n *notice) { n.identity("mail.identity_moved") },
		RecoveredByEID:   func(n *notice) { n.identity("mail.recovered_by_eid") },
		IdentityDecided:  (*notice).identityDecided,
		Frozen:           (*notice).frozen, Unfrozen: (*notice).unfrozen,
	} {
		kinds = append(kinds, Kind{Name: name, Lane: outbox.Security, Prepare: s.prepareBy(prepare)})
	}
	return kinds
}

// prepareBy writes a notice and, where there is an account, its denial, which
// takes the place of advice.
func (s *Service) prepareBy(prepare func(*notice)) func(context.Context, Message, *i18n.Localizer, *tenant.Tenant) (render.Doc, error) {
	return func(ctx context.Context, m Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
		n := &notice{Message: m, words: words, t: t, portal: s.Portal(t), Doc: Letter(words, t, s.Portal(t)), deny: words.T("mail.not_me.open")}
		n.Why = words.T("mail.why.account", "Employer", t.Name)
		prepare(n)
		if n.deny == "" {
			return n.Doc, nil
		}
		err := s.Deny(ctx, m, words, t, n.deny, &n.Doc)
		if err == nil && len(n.After) == 0 && n.NotYou == "" {
			n.NotYou = words.T("mail.not_you.act", "Address", n.portal+"/reset")
		}
		return n.Doc, err
	}
}

// notice is a mail of a built-in kind in the making.
type notice struct {
	Message
	render.Doc
	words  *i18n.Localizer
	t      *tenant.Tenant
	portal string
	deny   string // when to use the denial; empty: the mail has none
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

// At is the moment of the fact that a message tells of.
func (m Message) At() time.Time { return m.at(ArgAt) }

// Origin is when and from where the fact of a message came about, as far as its
// arguments tell (ArgAt, ArgUserAgent, ArgNetwork).
func (m Message) Origin(words *i18n.Localizer) render.Facts {
	browser, device := Device(m.Args[ArgUserAgent])
	return render.Facts{
		{Label: words.T("mail.fact.when"), Value: When(words, m.at(ArgAt))},
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

// head are the texts that every notice has, by the beginning of their keys.
func (n *notice) head(key string) {
	n.Subject, n.Preheader, n.Heading = n.say(key+".subject"), n.say(key+".preheader"), n.say(key+".heading")
}

// told is the notice of a change: what, from where, and the way to the security
// page.
func (n *notice) told(key string, more ...render.Block) {
	n.head(key)
	n.add(render.Paragraph{Text: n.say(key+".text", "Factor", n.factor(), "Masked", n.Args[ArgMasked])})
	n.add(more...)
	n.security()
}

// security adds from where it was, and the way to the security page.
func (n *notice) security() {
	n.add(n.Origin(n.words), render.Button{Label: n.words.T("mail.security.button"), URL: n.portal + "/security"})
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
	n.told("mail.recovery_used", render.Paragraph{Text: n.words.N("mail.recovery_used.left", n.number(ArgLeft))})
}

func (n *notice) locked() {
	n.head("mail.locked")
	n.add(render.Paragraph{Text: n.lockedText()})
	n.add(n.Origin(n.words), render.Paragraph{Text: n.say("mail.locked.was_you")}, render.Button{Label: n.say("mail.locked.button"), URL: n.portal + "/reset"})
	n.NotYou, n.deny = n.say("mail.locked.not_you"), n.say("mail.not_me.suspect")
}

// frozen has no denial of its own: the mail that was answered takes it back.
func (n *notice) frozen() {
	n.head("mail.frozen")
	n.add(render.Paragraph{Text: n.say("mail.frozen.text")}, n.Origin(n.words))
	n.add(render.Paragraph{Text: n.say("mail.frozen.next")}, render.Button{Label: n.say("mail.frozen.button"), URL: n.portal + "/reset"})
	n.NotYou, n.deny = n.say("mail.frozen.mistake"), ""
}

func (n *notice) unfrozen() {
	n.head("mail.unfrozen")
	why := n.say("mail.unfrozen.returned")
	switch n.Args[ArgWhy] {
	case "undone":
		why = n.say("mail.unfrozen.undone")
	case "hr":
		why = n.say("mail.unfrozen.hr")
	}
	n.add(render.Paragraph{Text: why})
	n.security()
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
	n.head("mail.address_changed")
	n.add(render.Paragraph{Text: n.say("mail.address_changed.text")})
	n.NotYou, n.Why, n.deny = n.say("mail.address_changed.not_you"), n.say("mail.why.invited"), ""
}

func (n *notice) contactChanged() {
	n.head("mail.contact_changed")
	n.add(render.Paragraph{Text: n.say("mail.contact_changed.text")}, render.Facts{{Label: n.words.T("mail.fact.when"), Value: When(n.words, n.at(ArgAt))}})
	n.NotYou, n.deny = n.say("mail.contact_changed.not_you"), n.say("mail.not_me.suspect")
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
