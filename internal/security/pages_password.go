package security

import (
	"strings"

	"tilgang/internal/httpkit"
	"tilgang/internal/password"
	"tilgang/internal/session"
)

// PasswordPage is the form of a new password.
type PasswordPage struct {
	httpkit.Base

	Text     *TextOffer
	Asked    Asked
	Password httpkit.Field
	Repeat   httpkit.Field
	Save     httpkit.Button
}

// Template implements httpkit.View.
func (*PasswordPage) Template() string { return "security/password" }

func (p *Pages) passwordPage(c *httpkit.Ctx, o Overview, ses session.Session, unmet []password.Rule, judged bool) *PasswordPage {
	v := &PasswordPage{Base: frame(c)}
	v.Title, v.Lead = v.T("security.password.title"), v.T("security.password.lead")
	v.Asked, v.Text = p.asked(&v.Base, o, ses, ActPassword, "/security/password")
	v.Password = httpkit.Field{
		Name: "password", Type: "password", Label: v.T("security.password.new"), Autocomplete: "new-password", Required: true, Reveal: true,
		Rules: ruleViews(c, password.Rules(c.Tenant().Password, o.Duty.Mandatory), unmet, judged),
	}
	v.Repeat = httpkit.Field{
		Name: "password_confirm", Type: "password", Label: v.T("security.password.again"), Autocomplete: "new-password", Required: true, Reveal: true,
	}
	v.Save = httpkit.Button{Label: v.T("security.password.save")}
	return v
}

// ruleViews are the rules beside the field; judged says that unmet is the
// server's answer to a typed password.
func ruleViews(c *httpkit.Ctx, rules, unmet []password.Rule, judged bool) []httpkit.RuleView {
	var views []httpkit.RuleView
	for _, r := range rules {
		view := httpkit.RuleView{Text: c.Words().TMap(r.Code, r.Args), Check: strings.TrimPrefix(r.Check, "class:")}
		if judged {
			view.State = "met"
		}
		for _, u := range unmet {
			if u.Code == r.Code {
				view.State = "unmet"
			}
		}
		views = append(views, view)
	}
	return views
}

func (p *Pages) showPassword(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	return c.Render(p.passwordPage(c, o, ses, nil, false))
}

func (p *Pages) submitPassword(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	n := NewPassword{Proof: proofOf(form), Password: form.Get("password"), Repeat: form.Get("password_confirm")}
	if err := p.svc.CheckPassword(c.Context(), o, n); err != nil {
		unmet := password.Check(c.Tenant().Password, o.Duty.Mandatory, o.wordsOf(c.Tenant()), n.Password)
		return c.Invalid(p.passwordPage(c, o, ses, unmet, true), err)
	}
	passed, err := p.sure(c, o, ses, ActPassword, form)
	if err != nil {
		return c.Invalid(p.passwordPage(c, o, ses, nil, false), err)
	}
	if err := p.svc.SetPassword(c.Context(), passed, o, n.Password); err != nil {
		return c.Invalid(p.passwordPage(c, o, ses, nil, false), err)
	}
	c.Flash("ok", "security.password.done")
	return c.Redirect("/security")
}
