package signin

import (
	"strings"
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
)

// next is the dispatcher: it leads to the step that the attempt owes, and when
// none is owed it ends the attempt and opens the session. A request that a
// browser makes ahead of time, or only for the headers, ends nothing.
func (p *Pages) next(c *httpkit.Ctx) error {
	if c.Method() != "GET" || ahead(c) {
		return fault.New(fault.Conflict, "signin.ahead")
	}
	a, _ := attempt.From(c.Context())
	path, err := p.svc.Next(c.Context(), a, c.Cookie(session.DeviceCookie))
	if err != nil {
		return err
	}
	if path != nothing {
		return c.Redirect(path)
	}
	o, err := p.svc.Finish(c.Context(), a, Browser{
		Device: c.Cookie(session.DeviceCookie), Host: c.Site.Host, Network: c.Network(), UserAgent: c.UserAgent(), Former: c.Cookie(session.Cookie),
	})
	switch fault.KindOf(err) {
	case fault.Expired, fault.Unauthenticated:
		// A double click: the other request has opened the session already.
		c.DropCookie(attempt.Cookie)
		return c.Redirect(toStart)
	default:
		if err != nil {
			return err
		}
	}
	c.DropCookie(attempt.Cookie)
	c.SetCookie(session.Cookie, o.Cookie, 0)
	if o.Device != "" {
		c.SetCookie(session.DeviceCookie, o.Device, session.DeviceLife)
	}
	return c.Redirect(resumePath(a.Resume))
}

// ahead tells whether the browser fetches the page before anybody asked for it.
func ahead(c *httpkit.Ctx) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if strings.HasPrefix(strings.ToLower(c.Header(name)), "prefetch") {
			return true
		}
	}
	return false
}

// signout ends the session on the server and clears what the browser kept of
// it. The remembered address stays: it was asked for.
func (p *Pages) signout(c *httpkit.Ctx) error {
	if err := p.svc.Signout(c.Context(), c.Cookie(session.Cookie)); err != nil {
		return err
	}
	c.DropCookie(session.Cookie)
	c.DropCookie(attempt.Cookie)
	c.SetHeader("Clear-Site-Data", `"cache", "storage"`)
	return c.Redirect(toStart + "?left=1")
}

// sessionView is what other programs and our own pages read of a session.
type sessionView struct {
	Account   string   `json:"account"`
	Person    string   `json:"person"`
	Standing  string   `json:"standing"`
	Roles     []string `json:"roles"`
	AAL       int      `json:"aal"`
	AMR       []string `json:"amr"`
	AuthTime  string   `json:"auth_time"`
	ExpiresAt string   `json:"expires_at"`
}

// showSession tells who is signed in and until when; asking renews the idle
// time, as every request does.
func (p *Pages) showSession(c *httpkit.Ctx) error {
	who := c.Actor()
	if !who.Signed() {
		return fault.New(fault.Unauthenticated, "session.none")
	}
	return c.JSON(200, sessionView{
		Account: "acc_" + who.AccountID.String(), Person: "per_" + who.PersonID.String(), Standing: who.Standing,
		Roles: append([]string{}, who.Roles...), AAL: who.AAL, AMR: append([]string{}, who.AMR...),
		AuthTime: who.AuthTime.UTC().Format(time.RFC3339), ExpiresAt: who.ExpiresAt.UTC().Format(time.RFC3339),
	})
}
