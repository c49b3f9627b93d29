package security

import (
	"github.com/google/uuid"

	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// TrustedPart lists the browsers that are not asked for the second factor.
type TrustedPart struct {
	Rows []httpkit.SummaryRow
	All  *httpkit.Button // nil for a single one
}

// trusted is the part of the sessions page about trusted browsers.
func (p *Pages) trusted(c *httpkit.Ctx, b *httpkit.Base) (*TrustedPart, error) {
	list, err := p.svc.Factors.TrustedDevices(c.Context(), c.Actor().AccountID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	part := &TrustedPart{}
	for _, d := range list {
		part.Rows = append(part.Rows, deviceRow(c, b, d))
	}
	if len(list) > 1 {
		part.All = &httpkit.Button{Label: b.T("security.devices.all"), Kind: "secondary"}
	}
	return part, nil
}

func deviceRow(c *httpkit.Ctx, b *httpkit.Base, d factor.TrustedDevice) httpkit.SummaryRow {
	row := httpkit.SummaryRow{
		Label: browserName(b, d.UserAgent), Text: b.T("security.devices.until", "When", b.Moment(d.Until)),
		Sub:    b.T("security.devices.unused", "Since", b.Moment(d.TrustedAt)),
		Action: &httpkit.Link{Label: b.T("security.devices.remove"), URL: "/security/devices/" + d.ID.String()},
	}
	if !d.LastUsedAt.IsZero() {
		row.Sub = b.T("security.devices.used", "Since", b.Moment(d.TrustedAt), "Last", b.Moment(d.LastUsedAt))
	}
	if d.Is(c.Cookie(session.DeviceCookie)) {
		row.Tag = &httpkit.Tag{Kind: "ok", Text: b.T("security.sessions.here")}
	}
	return row
}

// showDevice asks once more; what is not trusted, or not the asker's, is not
// there.
func (p *Pages) showDevice(c *httpkit.Ctx) error {
	list, err := p.svc.Factors.TrustedDevices(c.Context(), c.Actor().AccountID)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.ID == idOf(c) {
			return c.Render(devicePage(c, d))
		}
	}
	return errNoSuch()
}

func devicePage(c *httpkit.Ctx, d factor.TrustedDevice) *ConfirmPage {
	v := &ConfirmPage{Base: frame(c), To: "/security/devices/" + d.ID.String()}
	v.Back = toSessions(&v.Base)
	v.Title, v.Lead = v.T("security.devices.title"), v.T("security.devices.lead")
	row := deviceRow(c, &v.Base, d)
	row.Action = nil
	v.Rows, v.Go = []httpkit.SummaryRow{row}, httpkit.Button{Label: v.T("security.devices.remove")}
	return v
}

func (p *Pages) distrust(c *httpkit.Ctx) error {
	id := idOf(c)
	if id == uuid.Nil {
		return errNoSuch()
	}
	if err := p.svc.Factors.Distrust(c.Context(), c.Actor().AccountID, id); err != nil {
		return err
	}
	c.Flash("ok", "security.devices.removed")
	return c.Redirect("/security/sessions")
}

func (p *Pages) distrustAll(c *httpkit.Ctx) error {
	if err := p.svc.Factors.DistrustAll(c.Context(), c.Actor().AccountID); err != nil {
		return err
	}
	c.Flash("ok", "security.devices.all_removed")
	return c.Redirect("/security/sessions")
}
