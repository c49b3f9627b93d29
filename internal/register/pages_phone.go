package register

import (
	"slices"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// PhonePage asks for the number that codes are to go to.
type PhonePage struct {
	httpkit.Base

	Country httpkit.Field
	Phone   httpkit.Field
	Sends   []httpkit.Button
}

// Template implements httpkit.View.
func (*PhonePage) Template() string { return "register/phone" }

// TypedPage asks for the code that was sent to the phone.
type TypedPage struct {
	httpkit.Base

	Code  httpkit.Field
	Late  *httpkit.Notice // what became of a code that does not come
	Hint  string
	Sends []httpkit.Button
}

// Template implements httpkit.View.
func (*TypedPage) Template() string { return "register/typed" }

func (p *Pages) showPhone(c *httpkit.Ctx) error {
	a, done, err := p.enter(c, toPhone)
	if done {
		return err
	}
	return c.Render(p.phonePage(c, a, "", ""))
}

func (p *Pages) submitPhone(c *httpkit.Ctx) error {
	a, done, err := p.enter(c, toPhone)
	if done {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	err = p.service.StartPhone(c.Context(), a, form.Get("phone"), form.Get("country"), asking(c, form))
	if f, refused := fault.As(err); err != nil && (!refused || !f.Is(errStep())) {
		return c.Invalid(p.phonePage(c, a, form.Get("country"), form.Get("phone")), err)
	}
	return c.Redirect(toTyped)
}

func (p *Pages) phonePage(c *httpkit.Ctx, a attempt.Attempt, country, typed string) *PhonePage {
	ways := p.service.Phones.WaysTo(c.Context(), a.Asker.Language)
	v := &PhonePage{Base: c.Base(), Sends: sends(c, ways, c.T("mfa.phone.send"))}
	v.Title, v.Lead = v.T("mfa.phone.title"), v.T("mfa.phone.lead")
	if slices.Contains(ways, factor.Voice) {
		v.Lead = v.T("mfa.phone.lead_call")
	}
	v.Cancel = &httpkit.Link{Label: v.T("reset.cancel"), URL: "/"}
	v.Country, v.Phone = account.PhoneFields(c, country, typed)
	v.Sends[0].Kind = ""
	p.count(c, a, &v.Base, 3)
	return v
}

// sends are the buttons that ask for a code; text is the label of the one by text
// message.
func sends(c *httpkit.Ctx, ways []string, text string) (list []httpkit.Button) {
	if len(ways) == 0 {
		ways = []string{factor.SMS} // pressing it tells why nothing can be sent
	}
	for _, channel := range ways {
		label := map[string]string{factor.SMS: text, factor.Voice: c.T("mfa.phone.call")}[channel]
		list = append(list, httpkit.Button{Label: label, Name: "channel", Value: channel, Kind: "secondary"})
	}
	return list
}

// dialling is enter for the code; without a number typed it leads back to that.
func (p *Pages) dialling(c *httpkit.Ctx) (a attempt.Attempt, d Dialled, done bool, err error) {
	if a, done, err = p.enter(c, toPhone); done {
		return a, d, true, err
	}
	d, err = p.service.Dialling(c.Context(), a)
	if f, known := fault.As(err); known && f.Code == factor.PhoneGone {
		return a, d, true, c.Redirect(toPhone)
	}
	return a, d, err != nil, err
}

func (p *Pages) showTyped(c *httpkit.Ctx) error {
	a, d, done, err := p.dialling(c)
	if done {
		return err
	}
	return c.Render(p.typedPage(c, a, d))
}

func (p *Pages) submitTyped(c *httpkit.Ctx) error {
	a, d, done, err := p.dialling(c)
	if done {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if by := asking(c, form); form.Get("channel") != "" {
		if err := p.service.SendAgain(c.Context(), a, by); err != nil {
			return c.Invalid(p.typedPage(c, a, d), err)
		}
		c.Flash("ok", map[bool]string{true: "mfa.phone.again.called", false: "mfa.phone.again.sent"}[by.Channel == factor.Voice])
		return c.Redirect(toTyped)
	}
	if err := p.service.ProvePhone(c.Context(), a, form.Get("code"), c.Network()); err != nil && !p.passed(c, a) {
		return c.Invalid(p.typedPage(c, a, d), err)
	}
	return p.onward(c, a)
}

// passed tells whether the phone is proven by now: the other half of a double
// click.
func (p *Pages) passed(c *httpkit.Ctx, a attempt.Attempt) bool {
	at, err := p.service.Where(c.Context(), a)
	return err == nil && at.Step == toSettle
}

func (p *Pages) typedPage(c *httpkit.Ctx, a attempt.Attempt, d Dialled) *TypedPage {
	v := &TypedPage{Base: c.Base(), Sends: sends(c, d.Ways, c.T("mfa.phone.again"))}
	v.Title, v.Lead, v.Late = v.T("mfa.phone.code.title"), leadOf(c, d), late(c, d)
	v.Back = &httpkit.Link{Label: v.T("mfa.phone.change"), URL: toPhone}
	label := v.T("mfa.phone.code")
	if d.Sent.By == factor.Voice {
		label = v.T("mfa.phone.call.code")
	}
	v.Code = httpkit.SentCode(label, v.T("mfa.phone.code.hint"))
	if d.Sent.Live && d.Sent.Fate == factor.UnderWay {
		v.Hint = v.T("mfa.phone.again.wait")
	}
	p.count(c, a, &v.Base, 4)
	return v
}

// leadOf says where a code went.
func leadOf(c *httpkit.Ctx, d Dialled) string {
	switch until := c.Words().Time(d.Sent.Until); {
	case d.Sent.Live && d.Sent.By == factor.Voice:
		return c.T("mfa.challenge.phone.called", "Phone", d.Masked, "Until", until)
	case d.Sent.Live:
		return c.T("mfa.challenge.phone.sent", "Phone", d.Masked, "Until", until)
	case !d.Sent.At.IsZero():
		return c.T("mfa.challenge.phone.ended", "Phone", d.Masked)
	}
	return c.T("mfa.challenge.phone.none", "Phone", d.Masked)
}

// late says that a code did not arrive; the buttons below are the way on.
func late(c *httpkit.Ctx, d Dialled) *httpkit.Notice {
	if !d.Sent.Live || d.Sent.Fate == factor.UnderWay {
		return nil
	}
	key := map[factor.Fate]string{factor.Failed: "mfa.late.failed.", factor.Late: "mfa.late.slow."}[d.Sent.Fate] + d.Sent.By
	return &httpkit.Notice{Kind: "warn", Text: c.T(key, "Phone", d.Masked) + " " + c.T("mfa.late.number")}
}
