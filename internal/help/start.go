package help

import (
	"slices"

	"tilgang/internal/httpkit"
	"tilgang/internal/password"
	"tilgang/internal/tenant"
)

func (w writer) starting() Section {
	s := Section{ID: "start", Title: w.T("help.start"), Items: []Item{w.noMail(), w.oldLink(), w.choosePassword(), w.everywhere()}}
	if w.t.Invitation.Moving(w.c.Now()) && w.c.Site.Side != httpkit.Alumni {
		s.Items = append([]Item{w.moving()}, s.Items...)
	}
	if w.c.Site.Side == httpkit.Alumni {
		s.Items = append([]Item{w.howLong()}, s.Items...)
	}
	return s
}

// moving is the one guide, on a computer and on a phone, for people who signed in
// elsewhere before.
func (w writer) moving() Item {
	i := Item{ID: "moving", Question: w.T("help.moving.q"), Text: []string{w.T("help.moving.same")}}
	if day := w.t.Invitation.Switch; w.t.Invitation.Preparing(w.c.Now()) {
		i.Text = []string{w.T("help.moving.before", "Date", w.local.Date(day)), w.T("help.moving.same")}
	}
	i.Steps = []string{w.T("help.moving.open", "Address", w.c.Site.Origin), w.T("help.moving.type"), w.T("help.moving.password")}
	if len(w.ways()) > 0 {
		i.Steps = append(i.Steps, w.T("help.moving.step"))
	}
	i.After = []string{w.whom("account")}
	return i
}

func (w writer) noMail() Item {
	i := Item{ID: "no-mail", Question: w.T("help.mail.q"), Text: []string{w.whenSent()}}
	i.Steps = []string{w.T("help.mail.spam"), w.T("help.mail.address")}
	if w.sender != "" {
		i.Steps[0] = w.T("help.mail.spam_from", "Sender", w.sender)
		i.Steps = append(i.Steps, w.T("help.mail.filter", "Sender", w.sender))
	}
	i.Steps = append(i.Steps, w.T("help.mail.still", "Whom", w.whom("mail")))
	return i
}

// whenSent says when a welcome mail goes out.
func (w writer) whenSent() string {
	switch w.t.Invitation.Send {
	case tenant.SendDaysBefore:
		return w.N("help.mail.when_days", w.t.Invitation.DaysBeforeStart)
	case tenant.SendManual:
		return w.T("help.mail.when_manual")
	case tenant.SendOnImport:
	}
	return w.T("help.mail.when_import")
}

func (w writer) oldLink() Item {
	return Item{
		ID: "old-link", Question: w.T("help.link.q"),
		Text: []string{w.T("help.link.life", "Life", w.t.Invitation.Life), w.T("help.link.open"), w.T("help.link.newest")},
	}
}

func (w writer) choosePassword() Item {
	mandatory := w.t.Mfa.Offer == tenant.OfferMandatory
	i := Item{ID: "password", Question: w.T("help.password.q"), Text: []string{w.T("help.password.needs")}}
	for _, r := range password.Rules(w.t.Password, mandatory) {
		i.Points = append(i.Points, w.c.Words().TMap(r.Code, r.Args))
	}
	if least, less := w.lessWithStep(mandatory); less {
		i.After = append(i.After, w.c.N("help.password.less", least))
	}
	i.After = append(i.After, w.T("help.password.simple"), w.T("help.password.easy"))
	return i
}

// lessWithStep is the shorter length that is enough for those who must have a
// second step, where only some must.
func (w writer) lessWithStep(all bool) (least int, less bool) {
	if all || len(w.t.Mfa.Requirements) == 0 {
		return 0, false
	}
	least = shortest(w.t.Password, true)
	return least, least < shortest(w.t.Password, false)
}

// shortest reads the least length off the rules that the password page shows.
func shortest(p tenant.PasswordPolicy, mandatory bool) int {
	n, _ := password.Rules(p, mandatory)[0].Args["Count"].(int)
	return n
}

func (w writer) everywhere() Item {
	return Item{
		ID: "devices", Question: w.T("help.devices.q"),
		Text: []string{w.T("help.devices.same", "Address", w.c.Site.Origin), w.T("help.devices.app")},
	}
}

// howLong says how long a door stays open after the last day, for each legal
// employer where they differ.
func (w writer) howLong() Item {
	i := Item{ID: "access", Question: w.T("help.access.q"), After: []string{w.T("help.access.home")}}
	lengths := map[string]int{}
	for _, e := range w.t.LegalEmployers {
		months, own := w.t.Alumni.Months[e.Key]
		if !own {
			months = w.t.Alumni.Months["*"]
		}
		lengths[e.Name] = months
	}
	var different []int
	for _, e := range w.t.LegalEmployers {
		if !slices.Contains(different, lengths[e.Name]) {
			different = append(different, lengths[e.Name])
		}
		i.Points = append(i.Points, e.Name+": "+w.c.N("help.access.months", lengths[e.Name]))
	}
	if len(different) == 1 {
		i.Points, i.Text = nil, []string{w.N("help.access.all", different[0])}
	}
	return i
}
