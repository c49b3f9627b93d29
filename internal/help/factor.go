package help

import (
	"slices"
	"time"

	"tilgang/internal/factor"
	"tilgang/internal/tenant"
)

// extraStep is the section on second factors; none where the employer uses none.
func (w writer) extraStep() (Section, bool) {
	ways := w.ways()
	if len(ways) == 0 {
		return Section{}, false
	}
	s := Section{ID: "step", Title: w.T("help.step"), Items: []Item{w.whatItIs(ways), w.mustI(), w.setUp(ways)}}
	if slices.Contains(ways, factor.TOTP) || w.t.Mfa.Totp == tenant.Backup {
		s.Items = append(s.Items, w.codeRefused())
	}
	if w.t.Mfa.Use(factor.Phone) != tenant.Off {
		s.Items = append(s.Items, w.phoneCode())
		if w.calls {
			s.Items = append(s.Items, w.called())
		}
	}
	if w.t.Mfa.TrustedDays > 0 {
		s.Items = append(s.Items, Item{ID: "trusted", Question: w.T("help.trust.q"), Text: []string{w.N("help.trust.how", w.t.Mfa.TrustedDays)}})
	}
	s.Items = append(s.Items, w.recoveryCodes(), w.lostPhone(), w.lostAll())
	if w.t.Mfa.AccessPass.Life > 0 {
		s.Items = append(s.Items, w.withoutPhone())
	}
	return s, true
}

// ways are the kinds of second factor that people here can set up.
func (w writer) ways() []string {
	primaries := w.t.Mfa.Primaries()
	return factor.Ways(tenant.MfaDuty{Methods: primaries, Mandatory: len(primaries) > 0}, w.t.Mfa)
}

// whatItIs names the ways, and those that people expect and the employer has not
// switched on. What is switched on but cannot be set up here is not named.
func (w writer) whatItIs(ways []string) Item {
	i := Item{ID: "what", Question: w.T("help.what.q"), Text: []string{w.T("help.what.why")}}
	on := map[string]string{
		"passkey": w.T("help.what.passkey"), "push": w.T("help.what.push"), "totp": w.T("help.what.totp"), "phone": w.T("help.what.phone"),
	}
	off := map[string]string{"totp": w.T("help.what.totp_off"), "phone": w.T("help.what.phone_off")}
	for _, method := range tenant.Methods() {
		switch {
		case slices.Contains(ways, method):
			i.Points = append(i.Points, on[method])
		case w.t.Mfa.Use(method) == tenant.Off && off[method] != "":
			i.After = append(i.After, off[method])
		}
	}
	return i
}

// mustI says for whom the step is mandatory, in general: which title or unit it
// is concerns those who hold it, and they are told when they sign in.
func (w writer) mustI() Item {
	i := Item{ID: "must", Question: w.T("help.must.q")}
	i.Text = append(i.Text, w.offer())
	if w.t.Mfa.Offer == tenant.OfferMandatory {
		return i
	}
	if by := w.chosenBy(); len(by) > 0 {
		i.Text = append(i.Text, w.T("help.must.some", "By", w.c.Words().List(by)))
	}
	if from := w.nextDate(); !from.IsZero() {
		i.Text = append(i.Text, w.T("help.must.from", "Date", w.local.Date(from)))
	}
	return i
}

func (w writer) offer() string {
	m := w.t.Mfa
	switch {
	case m.Offer == tenant.OfferSkip:
		return w.T("help.must.skip")
	case m.Offer == tenant.OfferLater && m.Postponements > 0:
		return w.N("help.must.later", m.Postponements)
	}
	return w.T("help.must.all")
}

// chosenBy are the things that decide for whom the step is mandatory.
func (w writer) chosenBy() (by []string) {
	var roles, titles, units, standings bool
	for _, q := range w.t.Mfa.Requirements {
		roles, titles = roles || len(q.Roles) > 0, titles || len(q.JobTitles) > 0
		units, standings = units || len(q.OrgUnits) > 0, standings || len(q.Standings) > 0
	}
	if titles {
		by = append(by, w.T("help.must.by_title"))
	}
	if roles {
		by = append(by, w.T("help.must.by_role"))
	}
	if units {
		by = append(by, w.T("help.must.by_unit"))
	}
	if standings {
		by = append(by, w.T("help.must.by_standing"))
	}
	return by
}

// nextDate is the next day on which the step becomes mandatory for somebody.
func (w writer) nextDate() (next time.Time) {
	for _, q := range w.t.Mfa.Requirements {
		if q.From.After(w.c.Now()) && (next.IsZero() || q.From.Before(next)) {
			next = q.From
		}
	}
	return next
}
