package help

import (
	"slices"

	"tilgang/internal/factor"
)

// setUp is how the extra step is added, by each way there is.
func (w writer) setUp(ways []string) Item {
	i := Item{ID: "set-up", Question: w.T("help.setup.q"), Steps: []Step{w.on("setup", w.T("help.setup.open", "Security", w.T("security.title")))}}
	if slices.Contains(ways, factor.TOTP) {
		i.Steps = append(i.Steps, Step{Text: w.T("help.setup.totp")})
	}
	if slices.Contains(ways, factor.Phone) {
		i.Steps = append(i.Steps, Step{Text: w.T("help.setup.phone")})
	}
	i.Steps = append(i.Steps, Step{Text: w.T("help.setup.save")})
	return i
}

func (w writer) codeRefused() Item {
	return Item{ID: "code", Question: w.T("help.code.q"), Points: []string{
		w.T("help.code.newest"), w.T("help.code.clock"), w.T("help.code.once"), w.T("help.code.spaces"), w.T("help.code.entry"),
	}, After: []string{w.whom("factor")}}
}

// phoneCode is about a code that does not arrive.
func (w writer) phoneCode() Item {
	return Item{ID: "phone-code", Question: w.T("help.phonecode.q"), Points: []string{
		w.T("help.phonecode.number"), w.T("help.phonecode.again", "Again", w.T("mfa.phone.again")), w.T("help.phonecode.other"),
	}, After: []string{w.whom("factor")}}
}

func (w writer) called() Item {
	return Item{ID: "call", Question: w.T("help.call.q"), Text: []string{w.T("help.call.how", "Call", w.T("mfa.phone.call"))}}
}

func (w writer) recoveryCodes() Item {
	return Item{ID: "codes", Question: w.T("help.codes.q"), Text: []string{w.T("help.codes.what"), w.T("help.codes.keep"), w.T("help.codes.new")}}
}

func (w writer) lostPhone() Item {
	return Item{
		ID: "lost-phone", Question: w.T("help.lost.q"), After: []string{w.T("help.lost.all")},
		Steps: []Step{
			{Text: w.T("help.lost.signin")},
			w.on("challenge", w.T("help.lost.choose", "Choice", w.T("mfa.challenge.way.recovery"))),
			w.on("recovery-code", w.T("help.lost.code")),
			w.on("lost", w.T("help.lost.more", "Security", w.T("security.title"), "Lost", w.T("security.lost.offer"))),
		},
	}
}

// lostAll is the way back that two other people open.
func (w writer) lostAll() Item {
	policy := w.t.Mfa.Recovery
	return Item{
		ID: "lost-all", Question: w.T("help.all.q"), After: []string{w.T("help.all.stop"), w.whom("factor")},
		Steps: steps(w.T("help.all.start"), w.T("help.all.second"), w.T("help.all.wait", "Wait", policy.CoolingOff), w.T("help.all.new", "Open", policy.Open)),
	}
}

// withoutPhone is the code that somebody on the spot gives.
func (w writer) withoutPhone() Item {
	return Item{
		ID: "pass", Question: w.T("help.pass.q"), After: []string{w.T("help.pass.stays")},
		Steps: []Step{
			{Text: w.T("help.pass.ask", "Life", w.t.Mfa.AccessPass.Life)},
			{Text: w.T("help.lost.signin")},
			w.on("challenge-pass", w.T("help.lost.choose", "Choice", w.T("mfa.challenge.way.pass"))), w.on("pass", w.T("help.pass.type")),
		},
	}
}
