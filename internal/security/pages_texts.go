package security

import (
	"time"

	"tilgang/internal/account"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/phone"
	"tilgang/internal/session"
)

const (
	toTexts   = "/security/texts"
	toDialled = "/security/texts/code"
)

// TextsPage shows the phone that text messages go to, and asks for another, and
// who is there.
type TextsPage struct {
	httpkit.Base

	Rows    []httpkit.SummaryRow
	State   *httpkit.Notice // why nothing is sent there
	Text    *TextOffer
	Country httpkit.Field
	Phone   httpkit.Field
	Asked   Asked
	Go      httpkit.Button
}

// Template implements httpkit.View.
func (*TextsPage) Template() string { return "security/texts" }

// textsPart is the phone on the overview.
func textsPart(b *httpkit.Base, o Overview) Part {
	part := Part{Title: b.T("security.texts"), Rows: textsRows(b, o), Notice: textsState(b, o)}
	if o.TextPhone.Phone == "" {
		part.Text, part.Links = b.T("security.texts.none"), next(b, "security.texts.add", toTexts)
		return part
	}
	part.Text, part.Links = b.T("security.texts.text"), next(b, "security.texts.go", toTexts)
	return part
}

func textsRows(b *httpkit.Base, o Overview) []httpkit.SummaryRow {
	if o.TextPhone.Phone == "" {
		return nil
	}
	return []httpkit.SummaryRow{{
		Label: b.T("security.texts.now"), Text: phone.Mask(o.TextPhone.Phone), Sub: b.T("security.addresses.since", "Date", b.Date(o.TextPhone.Since)),
	}}
}

// textsState says that HR's later word has stopped the messages.
func textsState(b *httpkit.Base, o Overview) *httpkit.Notice {
	if o.TextPhone.Phone == "" || o.TextPhone.Reached {
		return nil
	}
	return &httpkit.Notice{Kind: "warn", Text: b.T("security.texts.stopped")}
}

func (p *Pages) textsPage(c *httpkit.Ctx, o Overview, ses session.Session, country, typed string) *TextsPage {
	v := &TextsPage{Base: frame(c)}
	v.Title, v.Lead, v.HelpURL = v.T("security.texts"), v.T("security.texts.lead"), "/help#new-phone"
	v.Rows, v.State = textsRows(&v.Base, o), textsState(&v.Base, o)
	v.Country, v.Phone = account.PhoneFields(c, country, typed)
	v.Asked, v.Text = p.asked(&v.Base, o, ses, ActTexts, toTexts)
	v.Go = httpkit.Button{Label: v.T("security.phone.send")}
	return v
}

// enterTexts is enter for the phone; where the employer sends no text messages to
// this person, the overview tells what there is.
func (p *Pages) enterTexts(c *httpkit.Ctx) (o Overview, ses session.Session, done bool, err error) {
	o, ses, err = p.enter(c)
	if err == nil && !o.TextPhone.Offered {
		return o, ses, true, c.Redirect("/security")
	}
	return o, ses, err != nil, err
}

func (p *Pages) showTexts(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterTexts(c)
	if done || err != nil {
		return err
	}
	return c.Render(p.textsPage(c, o, ses, "", ""))
}

func (p *Pages) submitTexts(c *httpkit.Ctx) error {
	o, ses, done, err := p.enterTexts(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	country, typed := form.Get("country"), form.Get("phone")
	number, err := p.svc.CheckNumber(c.Context(), o, typed, country)
	if err != nil {
		return c.Invalid(p.textsPage(c, o, ses, country, typed), err)
	}
	passed, err := p.sure(c, o, ses, ActTexts, form)
	if err != nil {
		return c.Invalid(p.textsPage(c, o, ses, country, typed), err)
	}
	if err := p.svc.AskNumber(c.Context(), passed, o, number, c.Network()); err != nil {
		return c.Invalid(p.textsPage(c, o, passed.Session, country, typed), err)
	}
	return c.Redirect(toDialled)
}

// enterDialled is enterTexts for the page of the code; without a phone under way
// the page before tells.
func (p *Pages) enterDialled(c *httpkit.Ctx) (o Overview, ses session.Session, d Dialled, done bool, err error) {
	if o, ses, done, err = p.enterTexts(c); done || err != nil {
		return o, ses, d, true, err
	}
	d, err = p.svc.Dialling(c.Context(), ses, o)
	if fault.KindOf(err) == fault.Expired {
		if c.Method() == "POST" && !justProven(c, o) {
			c.Flash("info", codePhoneGone)
		}
		return o, ses, d, true, c.Redirect(toTexts)
	}
	return o, ses, d, err != nil, err
}

// justProven tells whether the other half of a double click has proven the phone.
func justProven(c *httpkit.Ctx, o Overview) bool {
	return o.TextPhone.Reached && c.Now().Sub(o.TextPhone.Since) < time.Minute
}

func dialledPage(c *httpkit.Ctx, d Dialled) *ProvePage {
	v := &ProvePage{Base: frame(c), To: toDialled, Stuck: c.T("security.texts.help")}
	v.Title, v.Back = v.T("mfa.phone.code.title"), &httpkit.Link{Label: v.T("security.texts"), URL: toTexts}
	v.Lead = v.T("mfa.challenge.phone.sent", "Phone", d.Masked, "Until", c.Words().Time(d.Sent.Until))
	if !d.Sent.Live {
		v.Lead = v.T("mfa.challenge.phone.ended", "Phone", d.Masked)
	}
	v.Code = httpkit.SentCode(v.T("mfa.phone.code"), v.T("mfa.phone.code.hint"))
	v.Go = httpkit.Button{Label: v.T("security.texts.confirm")}
	v.Again = httpkit.Button{Label: v.T("mfa.phone.again"), Kind: "secondary", Name: "action", Value: "send", NoValidate: true}
	v.Other = httpkit.Link{Label: v.T("mfa.phone.change"), URL: toTexts}
	v.Help = []string{v.T("security.texts.help.wait"), v.T("security.texts.help.number")}
	return v
}

func (p *Pages) showDialled(c *httpkit.Ctx) error {
	_, _, d, done, err := p.enterDialled(c)
	if done || err != nil {
		return err
	}
	return c.Render(dialledPage(c, d))
}

func (p *Pages) submitDialled(c *httpkit.Ctx) error {
	o, ses, d, done, err := p.enterDialled(c)
	if done || err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if form.Get("action") == "send" {
		if err := p.svc.DialAgain(c.Context(), ses, o, c.Network()); err != nil {
			return c.Invalid(dialledPage(c, d), err)
		}
		c.Flash("ok", "mfa.phone.again.sent")
		return c.Redirect(toDialled)
	}
	masked, err := p.svc.ProveNumber(c.Context(), ses, o, form.Get("code"), c.Network())
	f, known := fault.As(err)
	switch {
	case known && (f.Code == factor.PhoneUsed || f.Kind == fault.Expired):
		c.Flash("info", codePhoneGone)
		return c.Redirect(toTexts)
	case err != nil:
		return c.Invalid(dialledPage(c, d), err)
	}
	c.Flash("ok", "security.texts.done", "Phone", masked)
	return c.Redirect(toTexts)
}
