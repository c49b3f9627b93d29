package security

import (
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// Asked are the fields by which a form asks who is there; none where the
// session has proven enough.
type Asked struct {
	Username string // for password managers
	Current  *httpkit.Field
	Code     *httpkit.Field
}

// ConfirmPage asks who is there before an act, and shows what the act is about.
type ConfirmPage struct {
	httpkit.Base

	To      string // where the form goes
	Text    *TextOffer
	Preview *httpkit.Preview
	Rows    []httpkit.SummaryRow
	Asked   Asked
	Go      httpkit.Button
}

// Template implements httpkit.View.
func (*ConfirmPage) Template() string { return "security/confirm" }

// asked are the fields that an act still owes, and the way to a code by text
// message for them; back is the page that shows them.
func (p *Pages) asked(b *httpkit.Base, o Overview, ses session.Session, act Act, back string) (a Asked, text *TextOffer) {
	owed := p.svc.Owes(o, ses, act)
	if owed.Password {
		a.Username = username(o)
		a.Current = &httpkit.Field{
			Name: "current_password", Type: "password", Label: b.T("security.current"), Autocomplete: "current-password", Required: true, Reveal: true,
		}
	}
	if !owed.Code {
		return a, nil
	}
	hint := b.T("security.code.hint")
	if !acts()[act].takesRecovery(o) {
		hint = b.T("security.code.own_hint")
	}
	a.Code = &httpkit.Field{Name: "code", Label: codeLabel(b, o), Hint: hint, Autocomplete: "one-time-code", Required: true, Max: 40}
	return a, textOffer(b, o, back)
}

// confirm is the page of an act whose form has no other fields.
func (p *Pages) confirm(c *httpkit.Ctx, o Overview, ses session.Session, act Act, at string) *ConfirmPage {
	v := &ConfirmPage{Base: frame(c), To: at}
	v.Asked, v.Text = p.asked(&v.Base, o, ses, act, at)
	if v.Asked.Current != nil {
		v.Asked.Current.Autofocus = true
	}
	v.Go = httpkit.Button{Label: v.T("security.confirm.go")}
	return v
}

// sure checks the form's proof for an act and gives the browser the session's
// new cookie.
func (p *Pages) sure(c *httpkit.Ctx, o Overview, ses session.Session, act Act, form *httpkit.Form) (Passed, error) {
	passed, err := p.svc.StepUp(c.Context(), ses, o, act, proofOf(form))
	if err == nil && passed.Cookie != "" {
		c.SetCookie(session.Cookie, passed.Cookie, 0)
	}
	return passed, err
}

// codeLabel names what makes the code that is asked for.
func codeLabel(b *httpkit.Base, o Overview) string {
	if len(o.Usable) > 0 && o.Usable[0] == factor.Phone {
		return b.T("mfa.phone.code")
	}
	return b.T("security.code")
}

func proofOf(f *httpkit.Form) Proof {
	return Proof{Current: f.Get("current_password"), Code: f.Get("code")}
}

// username is the address, or number, for password managers.
func username(o Overview) string {
	return o.Name.Address
}
