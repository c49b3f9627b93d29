package strength_test

import (
	"slices"
	"strings"
)

// The employers of the walk.
const (
	off       = "off"
	offered   = "offered"
	mandatory = "mandatory"
)

// state is all that the model knows: the account, this browser's flow, and its
// session. Sets are sorted words with spaces between.
type state struct {
	policy   string
	invited  bool   // there is no account yet
	enrolled string // factors on file: phone, totp
	saved    bool   // recovery codes are
	young    bool   // the password was chosen a moment ago, by mail
	skipped  bool   // the offer of a factor was answered
	seen     bool   // somebody signed in once
	trusted  bool   // this browser is a trusted one
	linked   bool   // an electronic identity is tied to the account

	flow     bool   // something is under way
	activate bool   // it began with an invitation
	proven   string // what it has proven
	settled  bool   // in it the offer was answered
	trusts   bool   // at its end the browser is to be trusted

	session string // what the open session stands on; empty for none
}

// The pages that a flow may owe.
const (
	toStart     = "/signin"
	toPassword  = "/signin/password"
	toChallenge = "/mfa"
	toSetup     = "/mfa/setup"
	toCodes     = "/mfa/setup/recovery"
	toEnd       = "/" // nothing: the session is opened
)

func has(set, word string) bool { return slices.Contains(strings.Fields(set), word) }

func with(set, word string) string {
	words := strings.Fields(set)
	if !slices.Contains(words, word) {
		words = append(words, word)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// factored tells whether a set holds a second factor. A pass, a trusted browser
// and an electronic identity are none.
func factored(set string) bool { return has(set, "totp") || has(set, "phone") || has(set, "recovery") }

// level is what a set of proofs comes to.
func level(set string) int {
	if factored(set) {
		return 2
	}
	return 1
}

// challenged tells whether a factor on file is still to be proven.
func (s state) challenged() bool {
	passed := has(s.proven, "pass") && has(s.proven, "pwd")
	return s.known() && s.enrolled != "" && !factored(s.proven) && !passed
}

// lost tells whether the electronic identity stands for a factor on file that was
// lost: a new one may take its place, and where none is demanded, none.
func (s state) lost() bool { return s.challenged() && has(s.proven, "pwd") && has(s.proven, "eid") }

func (s state) known() bool { return has(s.proven, "pwd") || has(s.proven, "link") }

// demanded is the page that a flow owes.
func (s state) demanded() string {
	typed := has(s.proven, "pwd")
	switch {
	case !s.flow:
		return toStart
	case !s.known():
		return toPassword
	case typed && has(s.proven, "pass"):
		return toEnd
	case s.lost():
		return toSetup
	case s.challenged() && s.trusted && typed && s.saved && !s.activate:
		return toEnd
	case s.challenged():
		return toChallenge
	case s.enrolled != "" && !s.saved && typed:
		return toCodes
	case s.enrolled != "" || s.policy == off:
		return toEnd
	case s.policy == mandatory && !typed:
		return toPassword // a link sets no factor up
	case s.policy == mandatory:
		return toSetup
	case typed && !s.settled && !s.skipped:
		return toSetup
	}
	return toEnd
}

// usable tells whether the challenge takes a factor: it is on file, and the
// employer has not switched it off.
func (s state) usable(kind string) bool {
	return s.challenged() && has(s.enrolled, kind) && s.policy != off
}

// do is what a step makes of a state. What is not owed changes nothing.
func (s state) do(step string) state {
	switch step {
	case "signin":
		return s.begin(toStart)
	case "signout":
		s.session = ""
		return s.stop()
	case "next":
		return s.end()
	case "invitation":
		if s.invited {
			s.invited = false
			s = s.begin("pwd")
			s.activate = true
		}
	case "password":
		if s.flow && !s.activate && !s.invited {
			s.proven = with(s.proven, "pwd")
		}
	case "reset":
		return s.reset()
	case "link":
		if s.invited {
			return s.begin(toStart) // the mail is the invitation again
		}
		return s.begin("link")
	}
	return s.second(step)
}

// second are the steps after the first.
func (s state) second(step string) state {
	trusting := strings.HasSuffix(step, ", trusting")
	kind := strings.TrimSuffix(step, ", trusting")
	switch {
	case (kind == "totp" || kind == "phone") && s.usable(kind):
		s.proven = with(s.proven, kind)
		s.trusts = s.trusts || trusting
	case step == "recovery" && s.challenged() && s.saved:
		s.proven, s.trusted = with(s.proven, "recovery"), false // something was lost
	case step == "pass" && s.passes():
		s.proven = with(s.proven, "pass")
	case step == "eid" && s.recovers():
		s.proven = with(s.proven, "eid")
	case step == "skip" && s.lost() && s.policy != mandatory:
		s.enrolled, s.saved, s.session, s.trusted = "", false, "", false
	case step == "skip" && s.policy == offered && s.demanded() == toSetup:
		s.settled, s.skipped = true, true
	case step == "add totp" && s.demanded() == toSetup && s.policy != off:
		return s.enrol("totp")
	case step == "add phone" && s.addsPhone():
		return s.enrol("phone")
	case step == "save codes" && s.demanded() == toCodes:
		s.saved = true
	}
	return s
}

// passes tells whether a pass lets somebody through: a typed password, and a
// factor that is owed; on file and older than a new password, or never set up
// before the very first sign-in.
func (s state) passes() bool {
	if !s.flow || !has(s.proven, "pwd") || has(s.proven, "pass") || factored(s.proven) {
		return false
	}
	if s.enrolled != "" {
		return !s.young
	}
	return s.policy == mandatory && !s.seen
}

// recovers tells whether the identity tied to the account may stand for a lost
// factor: after a typed password, where no factor is proven yet.
func (s state) recovers() bool {
	return s.flow && !s.activate && s.linked && has(s.proven, "pwd") && !has(s.proven, "eid") && !factored(s.proven)
}

// addsPhone tells whether a phone may go on file: as what is owed, or beside a
// factor that was proven, before the codes are saved.
func (s state) addsPhone() bool {
	beside := s.demanded() == toCodes && !has(s.enrolled, "phone") && has(s.proven, "totp")
	return s.policy != off && (s.demanded() == toSetup || beside)
}

// enrol puts a factor on file: whatever was opened before ends, and so does
// every trust. In place of a lost one it is alone, and new codes are owed.
func (s state) enrol(kind string) state {
	if s.lost() {
		s.enrolled, s.saved = "", false
	}
	s.enrolled, s.proven = with(s.enrolled, kind), with(s.proven, kind)
	s.session, s.trusted = "", false
	return s
}

// begin starts a flow that has proven one thing, or nothing.
func (s state) begin(proven string) state {
	s = s.stop()
	s.flow = true
	if proven != toStart {
		s.proven = proven
	}
	return s
}

func (s state) stop() state {
	s.flow, s.activate, s.proven, s.settled, s.trusts = false, false, "", false, false
	return s
}

// reset chooses a new password by mail: every session and every trust ends, and
// what comes next is a sign-in from its beginning.
func (s state) reset() state {
	if s.invited {
		return s.stop() // the mail is the invitation again
	}
	s.session, s.trusted, s.young = "", false, true
	return s.begin(toStart)
}

// end opens the session of a flow that owes nothing.
func (s state) end() state {
	if s.demanded() != toEnd {
		return s
	}
	s.session, s.seen = s.proven, true
	if s.challenged() {
		s.session = with(s.session, "device")
	}
	if s.trusts && !s.activate && (has(s.proven, "totp") || has(s.proven, "phone")) {
		s.trusted = true
	}
	return s.stop()
}
