package help

import (
	"slices"

	"tilgang/internal/httpkit"
	"tilgang/internal/password"
	"tilgang/internal/tenant"
)

func (w writer) starting() Section {
	s := Section{ID: "start", Title: w.T("help.start"), Items: []Item{w.begin(), w.noMail(), w.oldLink(), w.choosePassword(), w.everywhere(), w.change()}}
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
	i.Steps = []Step{
		{Text: w.T("help.moving.open", "Address", w.c.Site.Origin)},
		w.on("signin", w.T("help.moving.type")),
		w.on("forgot", w.T("help.moving.password", "Forgot", w.T("signin.forgot"))),
	}
	if len(w.ways()) > 0 {
		i.Steps = append(i.Steps, w.on("setup", w.T("help.first.step")))
	}
	i.After = []string{w.whom("account")}
	return i
}

// begin is the way of a newcomer.
func (w writer) begin() Item {
	i := Item{ID: "begin", Question: w.T("help.first.q"), After: []string{w.T("help.first.next")}}
	i.Steps = []Step{{Text: w.T("help.first.open")}, w.on("welcome", w.T("help.first.choose"))}
	if len(w.ways()) > 0 {
		i.Steps = append(i.Steps, w.on("setup", w.T("help.first.step")))
	}
	return i
}

func (w writer) noMail() Item {
	i := Item{ID: "no-mail", Question: w.T("help.mail.q"), Text: []string{w.whenSent()}}
	i.Steps = steps(w.spam())
	if w.t.Manager.MayCreate && w.c.Site.Side != httpkit.Alumni {
		i.Steps = append(i.Steps, Step{Text: w.T("help.mail.registered")})
	}
	i.Steps = append(i.Steps, Step{Text: w.T("help.mail.address")})
	i.Steps = append(i.Steps, steps(w.filter()...)...)
	i.Steps = append(i.Steps, Step{Text: w.T("help.mail.still", "Whom", w.whom("mail"))})
	return i
}

// spam says where else to look, and for what.
func (w writer) spam() string {
	if w.sender == "" {
		return w.T("help.mail.spam")
	}
	return w.T("help.mail.spam_from", "Sender", w.sender)
}

// filter says what to let through; nothing where the sender is not known.
func (w writer) filter() []string {
	if w.sender == "" {
		return nil
	}
	return []string{w.T("help.mail.filter", "Sender", w.sender)}
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
	i := Item{
		ID: "old-link", Question: w.T("help.link.q"),
		Text: []string{w.T("help.link.life", "Life", w.t.Invitation.Life), w.T("help.link.newest")}, Steps: steps(w.T("help.link.open")),
	}
	if w.c.Site.Side != httpkit.Alumni {
		i.Steps = append(i.Steps, w.on("welcome-code", w.T("help.link.code", "Code", w.T("console.landing.code"))))
	}
	return i
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

func (w writer) change() Item {
	return Item{ID: "change", Question: w.T("help.change.q"), Text: []string{
		w.T("help.change.how", "Security", w.T("security.title"), "Forgot", w.T("signin.forgot")), w.T("help.change.everywhere"),
	}}
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
