package tenant

import (
	"fmt"
	"slices"
)

// check tells of values that are each right but cannot be true together.
func (r *reader) check(t *Tenant) {
	r.checkPassword(t.Password)
	r.checkMfa(t.Mfa)
	r.checkTimes(t)
	r.checkWindows(t)
	r.checkTexts(t)
	r.checkCaptcha(t)
	r.checkWithoutEmail(t)
	r.checkProofing(t)
}

// checkWithoutEmail: who is invited by a text message needs a second factor that
// is not that phone again.
func (r *reader) checkWithoutEmail(t *Tenant) {
	alone := func(methods []string) bool { return len(methods) == 1 && methods[0] == "phone" }
	if !t.Invitation.Texts() {
		return
	}
	bad := alone(t.Mfa.Primaries())
	for _, q := range t.Mfa.Requirements {
		bad = bad || alone(t.Mfa.counting(q.Methods))
	}
	if bad {
		r.tellPath("invitation.without_email", "contradiction", "the phone would be both the way in and the only second factor",
			"set mfa.methods.totp to primary, or write without_email: letter")
	}
}

// checkPassword asks for a signature under rules that NIST SP 800-63B-4 3.1.1.2
// and ASVS 5.0 6.2.5 advise against.
func (r *reader) checkPassword(p PasswordPolicy) {
	rule := "preset"
	if p.Preset == "" {
		rule = "classes"
	}
	if p.Preset == "" && len(p.Classes) == 0 {
		return
	}
	for _, need := range []struct{ key, value string }{{"accepted_by", p.AcceptedBy}, {"reason", p.Reason}} {
		if need.value == "" {
			r.tellPath("password."+rule, "contradiction", "a composition rule needs "+need.key,
				"add "+need.key+", or leave the rule out: length and the list of known passwords protect better")
		}
	}
	if p.Preset != "" && p.Min > 0 && p.Min < minLength {
		r.tellPath("password.min", "contradiction", fmt.Sprintf("the preset %s needs at least %d", p.Preset, minLength), "")
	}
}

func (r *reader) checkMfa(p MfaPolicy) {
	usable := p.Primaries()
	if p.Offer == OfferMandatory && len(usable) == 0 {
		r.tellPath("mfa.offer", "contradiction", "a second factor is mandatory but no method is primary", "set one of mfa.methods to primary")
	}
	for i, q := range p.Requirements {
		path := fmt.Sprintf("mfa.requirements[%d]", i)
		if len(p.counting(q.Methods)) == 0 {
			r.tellPath(path+".methods", "contradiction", "none of the methods that count is primary", "set one of them to primary in mfa.methods")
		}
		if q.Postponements > 0 && q.From.IsZero() {
			r.tellPath(path+".postponements", "contradiction", "nothing can be postponed when it holds at once", "add from, a date")
		}
	}
}

func (r *reader) checkTimes(t *Tenant) {
	if t.Session.Idle > t.Session.Absolute {
		r.tellPath("session.idle", "contradiction", "idle is longer than absolute", "write a shorter idle")
	}
	if t.Reset.Mode == "code" && t.Reset.Life > maxCode {
		r.tellPath("reset.life", "contradiction", fmt.Sprintf("a code lives %s at most", compact(maxCode)), `write "15m", or mode: link`)
	}
}

func (r *reader) checkWindows(t *Tenant) {
	keys := []string{"*"}
	for _, l := range t.LegalEmployers {
		keys = append(keys, l.Key)
	}
	for _, k := range sortedKeys(t.Alumni.Months) {
		if !slices.Contains(keys, k) {
			r.tellPath("alumni.windows."+pathWord(k), "unknown_value", "no legal employer has this key", didYouMean(k, keys))
		}
	}
}

// checkTexts wants each wording in the default language, the one that every
// other language falls back to.
func (r *reader) checkTexts(t *Tenant) {
	s := t.Support
	for i, c := range s.Channels {
		r.checkText(t, fmt.Sprintf("support.channels[%d].note", i), c.Note)
	}
	for i, h := range s.Holidays {
		r.checkText(t, fmt.Sprintf("support.holidays[%d].name", i), h.Name)
	}
	for _, topic := range sortedKeys(s.WhomToAsk) {
		r.checkText(t, "support.whom_to_ask."+topic, s.WhomToAsk[topic])
	}
	for i, l := range s.Links {
		r.checkText(t, fmt.Sprintf("support.links[%d].name", i), l.Name)
	}
}

func (r *reader) checkText(t *Tenant, path string, words Text) {
	if len(words) == 0 || len(t.Languages) == 0 || words.In(t.Languages[0]) != "" {
		return
	}
	r.tellPath(path, "missing", "is not written in the default language "+t.Languages[0], "add "+t.Languages[0])
}
