package mfa

import (
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
)

// Again asks for a code by phone, by its own form.
type Again struct {
	To    string
	Hint  string
	Sends []httpkit.Button
}

// Late is what became of a code on its way: words once it is lost, until then a
// look every few seconds where there is a script.
type Late struct {
	Notice *httpkit.Notice
	Watch  bool
}

// asking is how a form asks for a code.
func asking(c *httpkit.Ctx, f *httpkit.Form) Asking {
	by := Asking{Network: c.Network(), Channel: f.Get("channel")}
	if by.Channel != factor.SMS && by.Channel != factor.Voice {
		by.Channel = ""
	}
	return by
}

// asks tells whether a form asks for a code instead of giving one.
func asks(f *httpkit.Form) bool { return f.Get("action") == "send" || f.Get("channel") != "" }

// sends are the buttons that ask for a code, the first one the main one; text
// is the label of the one by text message.
func sends(b *httpkit.Base, st State, text string, called bool) (list []httpkit.Button) {
	channels := st.Channels
	if len(channels) == 0 {
		channels = []string{factor.SMS} // pressing it tells why nothing can be sent
	}
	if called && has(channels, factor.Voice) {
		channels = first(factor.Voice, channels)
	}
	for _, channel := range channels {
		label := map[string]string{factor.SMS: text, factor.Voice: b.T("mfa.phone.call")}[channel]
		list = append(list, httpkit.Button{Label: label, Name: "channel", Value: channel, Kind: "secondary"})
	}
	return list
}

// again is the way to another code.
func again(b *httpkit.Base, to string, st State, on factor.PhoneOnFile, sent factor.Sent) *Again {
	label := b.T("mfa.phone.again")
	if sent.At.IsZero() {
		label = b.T("mfa.phone.send")
	}
	a := &Again{To: to, Sends: sends(b, st, label, on.Called)}
	if sent.Live && sent.Fate == factor.UnderWay {
		a.Hint = b.T("mfa.phone.again.wait")
	}
	return a
}

// sentAgain is what is said when another code is on its way.
func sentAgain(by Asking) string {
	if by.Channel == factor.Voice {
		return "mfa.phone.again.called"
	}
	return "mfa.phone.again.sent"
}

// leadOf says where a code went, or may go.
func leadOf(c *httpkit.Ctx, st State, on factor.PhoneOnFile, sent factor.Sent) string {
	switch {
	case sent.Live && sent.By == factor.Voice:
		return c.T("mfa.challenge.phone.called", "Phone", on.Masked, "Until", c.Words().Time(sent.Until))
	case sent.Live:
		return c.T("mfa.challenge.phone.sent", "Phone", on.Masked, "Until", c.Words().Time(sent.Until))
	case !sent.At.IsZero():
		return c.T("mfa.challenge.phone.ended", "Phone", on.Masked)
	case st.Calls():
		return c.T("mfa.challenge.phone.choose", "Phone", on.Masked)
	}
	return c.T("mfa.challenge.phone.none", "Phone", on.Masked)
}

// phoneField asks for a code that came by phone.
func phoneField(b *httpkit.Base, on factor.PhoneOnFile, sent factor.Sent) httpkit.Field {
	label := b.T("mfa.phone.code")
	if sent.By == factor.Voice || sent.At.IsZero() && on.Called {
		label = b.T("mfa.phone.call.code")
	}
	return httpkit.SentCode(label, b.T("mfa.phone.code.hint"))
}

// late says that a code did not arrive, what comes in its place, and then what
// else there is on this page. It never offers less than what is asked for.
func late(b *httpkit.Base, st State, on factor.PhoneOnFile, sent factor.Sent, otherwise string) *Late {
	if !sent.Live {
		return nil
	}
	what := ""
	switch {
	case sent.Fate == factor.UnderWay:
		return &Late{Watch: true}
	case sent.Fate == factor.Failed && sent.By == factor.Voice:
		what = b.T("mfa.late.failed.voice", "Phone", on.Masked)
	case sent.Fate == factor.Failed:
		what = b.T("mfa.late.failed.sms", "Phone", on.Masked)
	case sent.By == factor.Voice:
		what = b.T("mfa.late.slow.voice")
	default:
		what = b.T("mfa.late.slow.sms")
	}
	now := ""
	switch {
	case sent.By != factor.Voice && st.Calls():
		now = " " + b.T("mfa.late.call", "Button", b.T("mfa.phone.call"))
	case sent.By == factor.Voice && has(st.Channels, factor.SMS):
		now = " " + b.T("mfa.late.text", "Button", b.T("mfa.phone.again"))
	}
	return &Late{Notice: &httpkit.Notice{Kind: "warn", Text: what + now + " " + otherwise}}
}
