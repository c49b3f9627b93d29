package help

import (
	"tilgang/internal/captcha"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// signingIn is how people get in.
func (w writer) signingIn() Section {
	s := Section{ID: "signin", Title: w.T("help.signin"), Items: []Item{w.forgotten()}}
	if w.t.Reset.Magiclink {
		s.Items = append(s.Items, w.onceLink())
	}
	s.Items = append(s.Items, w.nothingComes())
	if w.t.Reset.Mode == tenant.ByCode {
		s.Items = append(s.Items, w.mailCode())
	}
	s.Items = append(s.Items, w.address())
	if len(w.t.Connectors) > 0 {
		s.Items = append(s.Items, w.electronicID())
	}
	return s
}

// forgotten is the way to a new password, as long as the policy's mails live.
func (w writer) forgotten() Item {
	policy := w.t.Reset
	i := Item{ID: "forgot", Question: w.T("help.forgot.q"), Link: &httpkit.Link{Label: w.T("help.forgot.go"), URL: "/signin"}}
	i.Steps = []Step{w.toReset(), w.on("reset", w.T("help.forgot.type", "Button", w.T(w.resetButton())))}
	if policy.Mode == tenant.ByCode {
		i.Steps = append(i.Steps, w.on("reset-code", w.T("help.forgot.code", "Life", policy.Life)))
	} else {
		i.Steps = append(i.Steps, w.on("reset-sent", w.T("help.forgot.link", "Life", policy.Life)))
	}
	i.Steps = append(i.Steps, w.on("reset-choose", w.T("help.forgot.choose")), Step{Text: w.T("help.forgot.then")})
	if len(w.ways()) > 0 {
		i.After = append(i.After, w.T("help.forgot.step"))
	}
	i.After = append(i.After, w.T("help.forgot.never"), w.T("help.forgot.whom", "Whom", w.whom("account")))
	return i
}

func (w writer) toReset() Step {
	return w.on("forgot", w.T("help.forgot.press", "Forgot", w.T("signin.forgot")))
}

// resetButton is the label of the button that asks for a new password.
func (w writer) resetButton() string {
	switch {
	case w.t.Reset.Magiclink:
		return "reset.ask.password"
	case w.t.Reset.Mode == tenant.ByCode:
		return "reset.ask.go_code"
	}
	return "reset.ask.go"
}

// onceLink is signing in by a link from a mail.
func (w writer) onceLink() Item {
	i := Item{ID: "link", Question: w.T("help.once.q"), After: []string{w.T("help.once.short")}}
	i.Steps = []Step{
		w.toReset(), w.on("reset-link", w.T("help.forgot.type", "Button", w.T("reset.ask.link"))),
		{Text: w.T("help.once.open")},
		w.on("link-wait", w.T("help.once.elsewhere")),
	}
	if len(w.ways()) > 0 {
		i.After = append(i.After, w.T("help.once.step"))
	}
	return i
}

func (w writer) nothingComes() Item {
	i := Item{ID: "nothing", Question: w.T("help.nothing.q"), Steps: steps(w.spam(), w.T("help.nothing.address"))}
	i.Steps = append(i.Steps, steps(w.filter()...)...)
	i.Steps = append(i.Steps, steps(w.T("help.nothing.again"), w.T("help.mail.still", "Whom", w.whom("mail")))...)
	return i
}

// mailCode is about the code that a mail brings in place of a link.
func (w writer) mailCode() Item {
	return Item{ID: "mail-code", Question: w.T("help.mailcode.q"), Points: []string{
		w.T("help.mailcode.newest"), w.T("help.mailcode.browser"), w.T("help.code.spaces"),
		w.T("help.mailcode.over", "Life", w.t.Reset.Life, "Again", w.T("reset.code.again")),
	}, After: []string{w.whom("mail")}}
}

func (w writer) address() Item {
	return Item{
		ID: "address", Question: w.T("help.address.q"),
		Text: []string{w.T("help.address.which"), w.T("help.address.more", "Security", w.T("security.title")), w.T("help.address.wrong"), w.whom("account")},
	}
}

// electronicID is about an identity provider that lets nobody in.
func (w writer) electronicID() Item {
	var names []string
	for _, one := range w.t.Connectors {
		names = append(names, one.Name)
	}
	return Item{
		ID: "eid", Question: w.T("help.eid.q", "Providers", w.c.Words().List(names)),
		Points: []string{w.T("help.eid.active"), w.T("help.eid.provider")}, After: []string{w.whom("account")},
	}
}

// staying is about what keeps an account safe, and sometimes a person out.
func (w writer) staying() Section {
	s := Section{ID: "safe", Title: w.T("help.safe"), Items: []Item{w.somebody(), w.notMe()}}
	if w.t.Captcha.Mode != tenant.CaptchaOff {
		s.Items = append(s.Items, w.robot())
	}
	return Section{ID: s.ID, Title: s.Title, Items: append(s.Items,
		Item{ID: "wait", Question: w.T("help.wait.q"), Text: []string{w.T("help.wait.why"), w.T("help.wait.then")}},
		Item{ID: "ended", Question: w.T("help.ended.q"), Text: []string{
			w.T("help.ended.idle", "Idle", w.t.Session.Idle), w.T("help.ended.absolute", "Absolute", w.t.Session.Absolute),
		}},
	)}
}

func (w writer) somebody() Item {
	return Item{
		ID: "somebody", Question: w.T("help.somebody.q"),
		Text: []string{w.T("help.somebody.nobody"), w.T("help.somebody.link"), w.T("help.somebody.invite"), w.whom("account")},
	}
}

func (w writer) notMe() Item {
	return Item{ID: "not-me", Question: w.T("help.notme.q"), After: []string{w.T("help.notme.what"), w.whom("account")}, Steps: []Step{
		{Text: w.T("help.notme.open", "Button", w.T("notme.ask.go"))}, w.on("notme", w.T("help.notme.code")), {Text: w.T("help.notme.password")},
	}}
}

func (w writer) robot() Item {
	i := Item{ID: "robot", Question: w.T("help.robot.q"), Text: []string{w.T("help.robot.adaptive")}}
	if w.t.Captcha.Mode == tenant.CaptchaAlways {
		i.Text = []string{w.T("help.robot.always")}
	}
	how := w.T("help.robot.own")
	if by := captcha.ProviderName(w.t.Captcha.Provider); by != "" {
		how = w.T("help.robot.by", "Provider", by)
	}
	i.Text = append(i.Text, how, w.T("help.robot.fails"))
	return i
}
