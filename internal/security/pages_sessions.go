package security

import (
	"github.com/google/uuid"

	"tilgang/internal/httpkit"
	"tilgang/internal/message"
	"tilgang/internal/session"
)

// SessionsPage lists where the account is signed in.
type SessionsPage struct {
	httpkit.Base

	Rows    []httpkit.SummaryRow
	Others  httpkit.Link // empty when there is none
	Devices *TrustedPart // nil where none is trusted
	SignOut httpkit.Button
}

// Template implements httpkit.View.
func (*SessionsPage) Template() string { return "security/sessions" }

// place is from where: a network, and its country where that is known.
func (p *Pages) place(c *httpkit.Ctx, network string) string {
	code := p.svc.Country(network)
	if code == "" {
		return network
	}
	return c.T("security.place", "Country", c.Words().Country(code), "Network", network)
}

// browserName is browser and device in words, as far as the browser told.
func browserName(b *httpkit.Base, userAgent string) string {
	browser, device := message.Device(userAgent)
	switch {
	case browser == "" && device == "":
		return b.T("security.sessions.unknown")
	case device == "":
		return browser
	case browser == "":
		return device
	}
	return b.T("security.sessions.name", "Browser", browser, "Device", device)
}

func (p *Pages) sessionRow(c *httpkit.Ctx, b *httpkit.Base, seen session.Seen, here uuid.UUID) httpkit.SummaryRow {
	row := httpkit.SummaryRow{
		Label: browserName(b, seen.UserAgent), Text: p.place(c, seen.Network),
		Sub: b.T("security.sessions.seen", "Since", b.Moment(seen.Since), "Last", b.Moment(seen.LastSeen)),
	}
	if seen.ID == here {
		row.Tag = &httpkit.Tag{Kind: "ok", Text: b.T("security.sessions.here")}
		return row
	}
	row.Action = &httpkit.Link{Label: b.T("security.sessions.end"), URL: "/security/sessions/" + seen.ID.String()}
	return row
}

func (p *Pages) listSessions(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	open, err := p.svc.SessionsOf(c.Context(), o, ses.ID)
	if err != nil {
		return err
	}
	v := &SessionsPage{Base: frame(c)}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("security.sessions"), v.T("security.sessions.lead")
	for _, seen := range open {
		v.Rows = append(v.Rows, p.sessionRow(c, &v.Base, seen, ses.ID))
	}
	if len(open) > 1 {
		v.Others = httpkit.Link{Label: v.T("security.sessions.others"), URL: "/security/sessions/others", Kind: "secondary"}
	}
	v.SignOut = httpkit.Button{Label: v.T("security.everywhere.go"), Kind: "secondary"}
	if v.Devices, err = p.trusted(c, &v.Base); err != nil {
		return err
	}
	return c.Render(v)
}

// enterSession is enter for the page of one other browser.
func (p *Pages) enterSession(c *httpkit.Ctx) (o Overview, ses session.Session, seen session.Seen, err error) {
	if o, ses, err = p.enter(c); err != nil {
		return o, ses, seen, err
	}
	open, err := p.svc.SessionsOf(c.Context(), o, ses.ID)
	if err != nil {
		return o, ses, seen, err
	}
	id := idOf(c)
	for _, s := range open {
		if s.ID == id && s.ID != ses.ID {
			return o, ses, s, nil
		}
	}
	return o, ses, seen, errNoSuch()
}

func (p *Pages) endPage(c *httpkit.Ctx, o Overview, ses session.Session, seen session.Seen) *ConfirmPage {
	v := p.confirm(c, o, ses, ActSessions, "/security/sessions/"+seen.ID.String())
	v.Back = toSessions(&v.Base)
	v.Title, v.Lead = v.T("security.sessions.end.title"), v.T("security.sessions.end.lead")
	row := p.sessionRow(c, &v.Base, seen, ses.ID)
	row.Action = nil
	v.Rows = []httpkit.SummaryRow{row}
	v.Go = httpkit.Button{Label: v.T("security.sessions.end.go")}
	return v
}

func toSessions(b *httpkit.Base) *httpkit.Link {
	return &httpkit.Link{Label: b.T("security.sessions"), URL: "/security/sessions"}
}

func (p *Pages) showSession(c *httpkit.Ctx) error {
	o, ses, seen, err := p.enterSession(c)
	if err != nil {
		return err
	}
	return c.Render(p.endPage(c, o, ses, seen))
}

func (p *Pages) endSession(c *httpkit.Ctx) error {
	o, ses, seen, err := p.enterSession(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActSessions, form)
	if err == nil {
		err = p.svc.EndOne(c.Context(), passed, o, seen.ID)
	}
	if err != nil {
		return c.Invalid(p.endPage(c, o, ses, seen), err)
	}
	c.Flash("ok", "security.sessions.ended")
	return c.Redirect("/security/sessions")
}

func (p *Pages) othersPage(c *httpkit.Ctx, o Overview, ses session.Session) *ConfirmPage {
	v := p.confirm(c, o, ses, ActSessions, "/security/sessions/others")
	v.Back = toSessions(&v.Base)
	v.Title, v.Lead = v.T("security.sessions.others"), v.T("security.sessions.others.lead")
	v.Go = httpkit.Button{Label: v.T("security.sessions.others")}
	return v
}

func (p *Pages) showOthers(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	return c.Render(p.othersPage(c, o, ses))
}

func (p *Pages) endOthers(c *httpkit.Ctx) error {
	o, ses, err := p.enter(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	passed, err := p.sure(c, o, ses, ActSessions, form)
	if err == nil {
		err = p.svc.EndOthers(c.Context(), passed, o)
	}
	if err != nil {
		return c.Invalid(p.othersPage(c, o, ses), err)
	}
	c.Flash("ok", "security.sessions.others.done")
	return c.Redirect("/security/sessions")
}
