package help

import "tilgang/internal/httpkit"

func (w writer) signingIn() Section {
	return Section{ID: "signin", Title: w.T("help.signin"), Items: []Item{
		w.forgotten(),
		{
			ID: "somebody", Question: w.T("help.somebody.q"),
			Text: []string{w.T("help.somebody.nobody"), w.T("help.somebody.link"), w.T("help.somebody.invite"), w.whom("account")},
		},
		{
			ID: "address", Question: w.T("help.address.q"),
			Text: []string{w.T("help.address.which"), w.T("help.address.wrong"), w.whom("account")},
		},
		{
			ID: "wait", Question: w.T("help.wait.q"),
			Text: []string{w.T("help.wait.why"), w.T("help.wait.then")},
		},
		{
			ID: "ended", Question: w.T("help.ended.q"),
			Text: []string{w.T("help.ended.idle", "Idle", w.t.Session.Idle), w.T("help.ended.absolute", "Absolute", w.t.Session.Absolute)},
		},
	}}
}

// forgotten is the way to a new password, as long as the policy's links live.
func (w writer) forgotten() Item {
	i := Item{
		ID: "forgot", Question: w.T("help.forgot.q"),
		Steps: []string{
			w.T("help.forgot.page"), w.T("help.forgot.press"), w.T("help.forgot.type"),
			w.T("help.forgot.link", "Life", w.t.Reset.Life), w.T("help.forgot.then"),
		},
		Link: &httpkit.Link{Label: w.T("help.forgot.go"), URL: "/signin"},
	}
	if len(w.ways()) > 0 {
		i.After = append(i.After, w.T("help.forgot.step"))
	}
	if w.sender != "" {
		i.After = append(i.After, w.T("help.forgot.mail", "Sender", w.sender))
	}
	i.After = append(i.After, w.T("help.forgot.whom", "Whom", w.whom("account")))
	return i
}
