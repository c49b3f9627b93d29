package help

import (
	"tilgang/internal/tenant"
)

// withoutMail is for people without an e-mail address; none where the employer
// leaves nobody in without one.
func (w writer) withoutMail() (Section, bool) {
	policy := w.t.Invitation
	if !policy.Letters() {
		return Section{}, false
	}
	s := Section{ID: "no-address", Title: w.T("help.number"), Items: []Item{w.byNumber()}}
	if policy.Texts() {
		s.Items = append(s.Items, w.byText(), w.noText(), w.newPhone())
	}
	s.Items = append(s.Items, w.letter(), w.lostLetter())
	return s, true
}

// byNumber is signing in with the employee number.
func (w writer) byNumber() Item {
	first := w.T("help.number.first_letter")
	if w.t.Invitation.Texts() {
		first = w.T("help.number.first")
	}
	return Item{
		ID: "number", Question: w.T("help.number.q"), Text: []string{first}, After: []string{w.whom("account")},
		Steps: []Step{
			{Text: w.T("help.moving.open", "Address", w.c.Site.Origin)},
			w.on("signin", w.T("help.number.type")),
			{Text: w.T("help.number.password")},
		},
	}
}

// byText is the way to a new password by text message.
func (w writer) byText() Item {
	policy := w.t.Reset
	i := Item{ID: "text", Question: w.T("help.text.q"), Steps: []Step{w.toReset(), w.on("reset", w.T("help.text.type", "Button", w.T(w.resetButton())))}}
	if policy.Mode == tenant.ByCode {
		i.Steps = append(i.Steps, w.on("reset-code", w.T("help.text.code", "Life", policy.Life)))
	} else {
		i.Steps = append(i.Steps, Step{Text: w.T("help.text.link", "Life", policy.Life)})
	}
	i.Steps = append(i.Steps, w.on("reset-choose", w.T("help.forgot.choose")), Step{Text: w.T("help.forgot.then")})
	if len(w.ways()) > 0 {
		i.After = append(i.After, w.T("help.forgot.step"))
	}
	i.After = append(i.After, w.T("help.text.none"))
	return i
}

// noText is about a text message that does not come.
func (w writer) noText() Item {
	return Item{
		ID: "no-text", Question: w.T("help.notext.q"), After: []string{w.whom("account")},
		Steps: steps(w.T("help.notext.number"), w.T("help.notext.phone"), w.T("help.notext.again"), w.T("help.notext.letter")),
	}
}

// newPhone is about a phone that was changed.
func (w writer) newPhone() Item {
	return Item{
		ID: "new-phone", Question: w.T("help.newphone.q"), Text: []string{w.T("help.newphone.hr")}, After: []string{w.T("help.newphone.lost")},
		Steps: []Step{
			{Text: w.T("help.newphone.open", "Security", w.T("security.title"), "Part", w.T("security.texts"), "Change", w.T("security.texts.go"))},
			w.on("new-phone", w.T("help.newphone.type")),
			{Text: w.T("help.newphone.code")},
		},
	}
}

// letter is where a letter comes from and where its code is typed.
func (w writer) letter() Item {
	return Item{
		ID: "letter", Question: w.T("help.letter.q"), Text: []string{w.T("help.letter.from")},
		Steps: []Step{
			w.on("welcome-code", w.T("help.letter.welcome", "Code", w.T("console.landing.code"))),
			w.on("letter-code", w.T("help.letter.password", "Forgot", w.T("signin.forgot"), "Letter", w.T("reset.ask.letter"))),
		},
		After: []string{w.T("help.letter.life", "Life", w.t.Invitation.LetterLife), w.T("help.letter.once")},
	}
}

// lostLetter is about a letter that is gone or no longer works.
func (w writer) lostLetter() Item {
	return Item{
		ID: "lost-letter", Question: w.T("help.lostletter.q"), After: []string{w.whom("account")},
		Text: []string{w.T("help.lostletter.new"), w.T("help.lostletter.old"), w.T("help.lostletter.tries")},
	}
}
