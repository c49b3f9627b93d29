package tenant

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MfaSubject is what a policy looks at in a person. Someone with several
// employments has the titles, units and standings of all of them.
type MfaSubject struct {
	Roles     []string
	JobTitles []string
	OrgUnits  []string // names of the person's units and of every unit above them
	Standings []string
}

// MfaDuty is what a policy asks of one person today.
type MfaDuty struct {
	Mandatory     bool
	From          time.Time // the day it is or becomes mandatory; zero: at once, or never
	Postponements int       // how often Later may be pressed in all, when Offer is OfferLater
	Methods       []string  // the primary methods that count, strongest first; empty: nothing to offer
	Offer         MfaOffer
}

// Primaries are the methods that alone meet a requirement, strongest first.
func (p MfaPolicy) Primaries() []string { return p.counting(nil) }

// Use says how a method may be used; one that is not known is off.
func (p MfaPolicy) Use(method string) MethodUse {
	use := map[string]MethodUse{"totp": p.Totp, "phone": p.Phone, "push": p.Push, "passkey": p.Passkey}[method]
	return cmp.Or(use, Off)
}

// counting are the primary methods among those named; none named means all.
func (p MfaPolicy) counting(named []string) []string {
	out := []string{}
	for _, m := range Methods() {
		if p.Use(m) == Primary && (len(named) == 0 || slices.Contains(named, m)) {
			out = append(out, m)
		}
	}
	return out
}

// For is the duty of a person at now, any instant of today. Of the requirements
// that match, the strictest wins: one that holds already before one to come, an
// earlier one to come before a later, fewer methods before more, fewer
// postponements before more, then the file's order. Until its date a requirement
// is an offer with its postponements; where none matches, the policy's offer stands.
func (p MfaPolicy) For(s MfaSubject, now time.Time) MfaDuty {
	found := p.matching(s)
	if len(found) == 0 {
		return MfaDuty{Methods: p.Primaries(), Offer: p.Offer, Postponements: p.Postponements}
	}
	return p.dutyOf(slices.MinFunc(found, p.stricter(now)), now)
}

// stricter orders requirements, the strictest first. Dates that have passed are
// alike: both hold.
func (p MfaPolicy) stricter(now time.Time) func(a, b MfaRequirement) int {
	begins := func(q MfaRequirement) time.Time {
		if q.From.Before(now) {
			return now
		}
		return q.From
	}
	return func(a, b MfaRequirement) int {
		return cmp.Or(
			begins(a).Compare(begins(b)),
			cmp.Compare(len(p.counting(a.Methods)), len(p.counting(b.Methods))),
			cmp.Compare(a.Postponements, b.Postponements),
		)
	}
}

func (p MfaPolicy) dutyOf(q MfaRequirement, now time.Time) MfaDuty {
	d := MfaDuty{From: q.From, Methods: p.counting(q.Methods)}
	if q.From.After(now) {
		d.Offer, d.Postponements = OfferLater, q.Postponements
		return d
	}
	d.Mandatory, d.Offer = true, OfferMandatory
	return d
}

// matching are the requirements that name the person. OfferMandatory is a
// requirement of everybody.
func (p MfaPolicy) matching(s MfaSubject) []MfaRequirement {
	var out []MfaRequirement
	for _, q := range p.Requirements {
		if q.names(s) {
			out = append(out, q)
		}
	}
	if p.Offer == OfferMandatory {
		out = append(out, MfaRequirement{})
	}
	return out
}

func (q MfaRequirement) names(s MfaSubject) bool {
	return overlaps(q.Roles, s.Roles) && overlaps(q.JobTitles, s.JobTitles) &&
		overlaps(q.OrgUnits, s.OrgUnits) && overlaps(q.Standings, s.Standings)
}

// overlaps says whether any wanted word is among the words held; nothing wanted
// is met by everybody.
func overlaps(wanted, held []string) bool {
	if len(wanted) == 0 {
		return true
	}
	for _, w := range wanted {
		if slices.ContainsFunc(held, func(h string) bool { return FoldTitle(h) == FoldTitle(w) }) {
			return true
		}
	}
	return false
}

// FoldTitle is a job title or unit name as it is compared: case folded, NFKC,
// runs of space as one. "Butikschef" and " BUTIKSCHEF " are the same title.
func FoldTitle(s string) string {
	return strings.Join(strings.Fields(cases.Fold().String(norm.NFKC.String(s))), " ")
}

// MinFor is the shortest new password, in code points, for a person for whom a
// second factor is mandatory or not: 8 or 15 (NIST SP 800-63B-4 3.1.1.2). A
// tenant's own minimum can only raise it, unless a signed preset stands for it.
func (p PasswordPolicy) MinFor(factorMandatory bool) int {
	least := 15
	if factorMandatory || p.Preset != "" {
		least = minLength
	}
	return max(least, p.Min)
}
