package security

import (
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// OverviewPage shows what a person has for signing in.
type OverviewPage struct {
	httpkit.Base

	Parts   []Part
	SignOut httpkit.Button
}

// Part is one matter of the overview.
type Part struct {
	Title, Text string
	Rows        []httpkit.SummaryRow
	Notice      *httpkit.Notice
	Links       []httpkit.Link
}

// Template implements httpkit.View.
func (*OverviewPage) Template() string { return "security/overview" }

func (p *Pages) show(c *httpkit.Ctx) error {
	o, err := p.svc.See(c.Context(), c.Actor().AccountID)
	if err != nil {
		return err
	}
	v := &OverviewPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("security.title"), v.T("security.lead")
	v.Parts = append(v.Parts, passwordPart(&v.Base, o), factorPart(&v.Base, o, c.Tenant()))
	if o.Enrolled() {
		v.Parts = append(v.Parts, codesPart(&v.Base, o))
	}
	if lost := o.Lost(session.Session{AMR: c.Actor().AMR}, c.Tenant().Mfa); len(lost) > 0 {
		part := &v.Parts[1]
		part.Links = append(part.Links, httpkit.Link{Label: v.T("security.lost.offer"), URL: lostFirst, Kind: "secondary"})
	}
	v.SignOut = httpkit.Button{Label: v.T("security.everywhere.go"), Kind: "secondary"}
	return c.Render(v)
}

func passwordPart(b *httpkit.Base, o Overview) Part {
	part := Part{Title: b.T("security.password"), Links: []httpkit.Link{{Label: b.T("security.password.go"), URL: "/security/password", Kind: "secondary"}}}
	for _, a := range o.Addresses {
		part.Rows = append(part.Rows, httpkit.SummaryRow{Label: b.T("security.address"), Text: a.Address})
	}
	if at := o.Account.PasswordChangedAt; at != nil {
		when := b.When(*at)
		part.Rows = append(part.Rows, httpkit.SummaryRow{Label: b.T("security.password.changed"), When: &when})
	}
	return part
}

func factorPart(b *httpkit.Base, o Overview, t *tenant.Tenant) Part {
	part := Part{Title: b.T("security.factor")}
	for _, f := range o.Factors {
		part.Rows = append(part.Rows, factorRow(b, f, o.Phone))
	}
	switch {
	case o.Enrolled():
		part.Text = b.T("security.factor.on")
	case len(o.Ways) == 0:
		part.Text = b.T("security.factor.none_offered", "Employer", t.Name)
	default:
		part.Text = b.T("security.factor.off")
		part.Links = []httpkit.Link{{Label: b.T("security.factor.go"), URL: "/security/factor", Kind: "primary"}}
	}
	if o.MayChangePhone(t) {
		label := b.T("security.phone.add")
		if o.Phone != "" {
			label = b.T("security.phone.change")
		}
		part.Links = append(part.Links, httpkit.Link{Label: label, URL: "/security/phone", Kind: "secondary"})
	}
	return part
}

func factorRow(b *httpkit.Base, f factor.Authenticator, masked string) httpkit.SummaryRow {
	label := f.Name
	switch {
	case label != "":
	case f.Kind == factor.Phone:
		label = b.T("security.factor.phone", "Phone", masked)
	default:
		label = b.T("security.factor.totp")
	}
	used := b.T("security.factor.unused")
	if !f.LastUsedAt.IsZero() {
		used = b.T("security.factor.used", "When", b.DateTime(f.LastUsedAt))
	}
	return httpkit.SummaryRow{Label: label, Text: b.T("security.factor.added_on", "Date", b.Date(f.ConfirmedAt)), Sub: used}
}

func codesPart(b *httpkit.Base, o Overview) Part {
	part := Part{Title: b.T("security.codes"), Text: b.T("security.codes.text")}
	part.Rows = []httpkit.SummaryRow{{Label: b.T("security.codes.left"), Text: b.T("security.codes.count", "Left", o.Left, "Total", o.Total)}}
	if o.Left <= factor.FewLeft {
		part.Notice = &httpkit.Notice{Kind: "warn", Text: b.N("security.codes.few", o.Left)}
	}
	part.Links = []httpkit.Link{{Label: b.T("security.codes.go"), URL: "/security/codes", Kind: "secondary"}}
	return part
}

// signOut ends every session of the account, this one too.
func (p *Pages) signOut(c *httpkit.Ctx) error {
	if err := p.svc.EndEverywhere(c.Context(), c.Actor().AccountID); err != nil {
		return err
	}
	c.DropCookie(session.Cookie)
	c.SetHeader("Clear-Site-Data", `"cache", "storage"`)
	c.Flash("ok", "security.everywhere.done")
	return c.Redirect("/signin")
}

// enter reads the asker's account and session afresh.
func (p *Pages) enter(c *httpkit.Ctx) (o Overview, ses session.Session, err error) {
	if o, err = p.svc.See(c.Context(), c.Actor().AccountID); err != nil {
		return o, ses, err
	}
	_, ses, err = p.svc.Sessions.Load(c.Context(), c.Cookie(session.Cookie), c.Site.Host, c.Site.Side == httpkit.Alumni)
	return o, ses, err
}

// frame is what the forms share.
func frame(c *httpkit.Ctx) httpkit.Base {
	b := c.Base()
	b.Back = &httpkit.Link{Label: b.T("security.back"), URL: "/security"}
	return b
}

// proofFields ask for the current password, and for the factor where the
// session has not proven it just now.
func (p *Pages) proofFields(b *httpkit.Base, o Overview, ses session.Session) (current httpkit.Field, code *httpkit.Field) {
	current = httpkit.Field{
		Name: "current_password", Type: "password", Label: b.T("security.current"), Autocomplete: "current-password", Required: true, Reveal: true,
	}
	if p.svc.NeedsCode(o, ses) {
		code = &httpkit.Field{
			Name: "code", Label: codeLabel(b, o), Hint: b.T("security.code.hint"), Autocomplete: "one-time-code", Required: true, Max: 40,
		}
	}
	return current, code
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

// username is the address for password managers.
func username(o Overview) string {
	if len(o.Addresses) == 0 {
		return ""
	}
	return o.Addresses[0].Address
}
