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

	Parts  []Part
	Recent []httpkit.Event
	More   httpkit.Link
}

// glimpse is how much of the activity the overview shows.
const glimpse = 3

// Part is one matter of the overview.
type Part struct {
	Title, Text string
	Rows        []httpkit.SummaryRow
	Notice      *httpkit.Notice
	Links       []httpkit.Link
}

// Template implements httpkit.View.
func (*OverviewPage) Template() string { return "security/overview" }

// show is calm: six matters, each with what there is and its one next step.
func (p *Pages) show(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	open, err := p.svc.SessionsOf(c.Context(), o, ses.ID)
	if err != nil {
		return err
	}
	recent, _, err := p.svc.Activity(c.Context(), o, "", glimpse)
	if err != nil {
		return err
	}
	v := &OverviewPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("security.title"), v.T("security.lead")
	if o.Freeze.Open() {
		v.Parts = append(v.Parts, frozenPart(&v.Base, o))
	}
	factors := factorPart(&v.Base, o, c.Tenant())
	if len(o.Lost(ses, c.Tenant().Mfa)) > 0 {
		factors.Links = append(factors.Links, httpkit.Link{Label: v.T("security.lost.offer"), URL: lostFirst, Kind: "secondary"})
	}
	v.Parts = append(v.Parts, passwordPart(&v.Base, o), factors)
	if o.Enrolled() {
		v.Parts = append(v.Parts, codesPart(&v.Base, o))
	}
	v.Parts = append(v.Parts, addressPart(&v.Base, o))
	if len(o.Identities)+len(o.Moves)+len(c.Tenant().Proofs()) > 0 {
		v.Parts = append(v.Parts, identityPart(c, &v.Base, o))
	}
	v.Parts = append(v.Parts, sessionsPart(&v.Base, open))
	v.Recent = p.events(c, o, recent)
	v.More = httpkit.Link{Label: v.T("security.activity.go"), URL: "/security/activity", Kind: "secondary"}
	return c.Render(v)
}

// frozenPart says what is stopped, why, and what starts it again.
func frozenPart(b *httpkit.Base, o Overview) Part {
	return Part{
		Title: b.T("account.frozen.title"), Notice: &httpkit.Notice{Kind: "warn", Text: b.T("account.frozen.what", "When", o.Freeze.FrozenAt)},
		Text: b.T("account.frozen.next"), Links: []httpkit.Link{{Label: b.T("account.frozen.go"), URL: "/reset", Kind: "primary"}},
	}
}

func passwordPart(b *httpkit.Base, o Overview) Part {
	part := Part{Title: b.T("security.password"), Links: next(b, "security.password.go", "/security/password")}
	if at := o.Account.PasswordChangedAt; at != nil {
		when := b.When(*at)
		part.Rows = []httpkit.SummaryRow{{Label: b.T("security.password.changed"), When: &when}}
	}
	return part
}

func next(b *httpkit.Base, label, path string) []httpkit.Link {
	return []httpkit.Link{{Label: b.T(label), URL: path, Kind: "secondary"}}
}

func factorPart(b *httpkit.Base, o Overview, t *tenant.Tenant) Part {
	part := Part{Title: b.T("security.factor")}
	for _, f := range o.Factors {
		part.Rows = append(part.Rows, httpkit.SummaryRow{Label: factorName(b, f, o.Phone), Text: used(b, f)})
	}
	switch {
	case o.Enrolled():
		part.Text, part.Links = b.T("security.factor.on"), next(b, "security.factors.go", "/security/factors")
	case len(o.Ways) == 0:
		part.Text = b.T("security.factor.none_offered", "Employer", t.Name)
	default:
		part.Text = b.T("security.factor.off")
		part.Links = []httpkit.Link{{Label: b.T("security.factor.go"), URL: "/security/factor", Kind: "primary"}}
	}
	return part
}

func codesPart(b *httpkit.Base, o Overview) Part {
	part := Part{Title: b.T("security.codes"), Text: b.T("security.codes.text"), Links: next(b, "security.codes.go", "/security/codes")}
	part.Rows = []httpkit.SummaryRow{{Label: b.T("security.codes.left"), Text: b.T("security.codes.count", "Left", o.Left, "Total", o.Total)}}
	if o.Left <= factor.FewLeft {
		part.Notice = &httpkit.Notice{Kind: "warn", Text: b.N("security.codes.few", o.Left)}
	}
	return part
}

func addressPart(b *httpkit.Base, o Overview) Part {
	part := Part{Title: b.T("security.addresses"), Links: next(b, "security.addresses.go", "/security/addresses")}
	for _, i := range o.Addresses {
		part.Rows = append(part.Rows, httpkit.SummaryRow{Label: addressKind(b, i), Text: i.Address})
	}
	if o.Number != "" {
		part.Rows = append(part.Rows, httpkit.SummaryRow{Label: b.T("security.addresses.number"), Text: o.Number})
	}
	if len(o.Addresses) == 0 {
		part.Text = b.T("security.addresses.none")
	}
	return part
}

func sessionsPart(b *httpkit.Base, open []session.Seen) Part {
	return Part{
		Title: b.T("security.sessions"), Text: b.N("security.sessions.count", len(open)), Links: next(b, "security.sessions.go", "/security/sessions"),
	}
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
