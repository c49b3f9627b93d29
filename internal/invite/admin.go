package invite

import (
	"errors"
	"strconv"
	"strings"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
)

// typeAbove is from how many mails on their number must be typed.
const typeAbove = 25

// AllPage shows what sending to all pending does, before it is done.
type AllPage struct {
	httpkit.Base

	Preview httpkit.Preview
	Nothing *httpkit.EmptyState // nobody waits
	Typed   *httpkit.Field      // the number to type; nil below 25
	Count   int
}

// Template implements httpkit.View.
func (*AllPage) Template() string { return "invite/all" }

func (p *Pages) showAll(c *httpkit.Ctx) error {
	n, err := p.service.Waiting(c.Context())
	if err != nil {
		return err
	}
	return c.Render(allPage(c, n))
}

func allPage(c *httpkit.Ctx, n int) *AllPage {
	p := &AllPage{Base: c.Base(), Count: n}
	p.Title, p.Layout = c.T("invite.all.title"), httpkit.LayoutConsole
	p.Back = &httpkit.Link{Label: c.T("invite.all.back"), URL: "/admin/people"}
	if n == 0 {
		p.Nothing = &httpkit.EmptyState{Icon: "mail", Title: c.T("invite.all.none"), Text: c.T("invite.all.none_text")}
		return p
	}
	p.Preview = httpkit.Preview{Title: c.N("invite.all.size", n), Text: c.T("invite.all.text"), Items: []string{c.T("invite.all.old"), c.T("invite.all.who")}}
	if n > typeAbove {
		p.Typed = &httpkit.Field{Name: "typed", Label: c.T("invite.all.typed", "Count", strconv.Itoa(n)), InputMode: "numeric", Autocomplete: "off", Required: true, Max: 9}
	}
	return p
}

func (p *Pages) submitAll(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	n, err := p.service.Waiting(c.Context())
	if err != nil {
		return err
	}
	if n > typeAbove && strings.TrimSpace(form.Get("typed")) != strconv.Itoa(n) {
		return c.Invalid(allPage(c, n), fault.Field("typed", "invite.all.typed_wrong"))
	}
	if n, err = p.service.ResendAll(c.Context()); err != nil {
		return err
	}
	if n == 0 {
		c.Flash("info", "invite.all.none")
	} else {
		c.FlashN("ok", "invite.all.sent", n)
	}
	return c.Redirect("/admin/people")
}

// submitSome sends to the ticked rows of a list and tells how many could not be
// sent to; each is its own act.
func (p *Pages) submitSome(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	ids, err := personIDs(form.All("id"))
	if err != nil {
		return err
	}
	sent := 0
	for _, id := range ids {
		err := p.service.Resend(c.Context(), id)
		if f, known := fault.As(err); known && f.Kind == fault.Conflict || errors.Is(err, db.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		sent++
	}
	switch {
	case len(ids) == 0:
		c.Flash("info", "invite.some.none")
	case sent == len(ids):
		c.FlashN("ok", "invite.all.sent", sent)
	default:
		c.Flash("warn", "invite.some.part", "Sent", sent, "All", len(ids))
	}
	return c.Redirect("/admin/people")
}

func (p *Pages) submitOne(c *httpkit.Ctx) error {
	id, err := personID(c.Param("id"))
	if err != nil {
		return err
	}
	return p.told(c, p.service.Resend(c.Context(), id), "invite.one.sent")
}

func (p *Pages) submitRevoke(c *httpkit.Ctx) error {
	id, err := personID(c.Param("id"))
	if err != nil {
		return err
	}
	return p.told(c, p.service.Revoke(c.Context(), id), "invite.one.revoked")
}

// told leads back to the person with what was done or why it was not.
func (p *Pages) told(c *httpkit.Ctx, err error, done string) error {
	f, known := fault.As(err)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return fault.New(fault.NotFound, "http.not_found")
	case known && f.Kind == fault.Conflict:
		c.Flash("info", f.Code)
	case err != nil:
		return err
	default:
		c.Flash("ok", done)
	}
	return c.Redirect("/admin/people/" + c.Param("id"))
}

// Tag is the state as a word with its colour, for lists of people.
func (s Status) Tag(words *i18n.Localizer) httpkit.Tag {
	kinds := map[State]string{
		NoAddress: "warn", NotSent: "plain", Queued: "wait", Sent: "info", Opened: "info", Expired: "warn",
		Bounced: "bad", Failed: "bad", Accepted: "ok", Revoked: "plain",
	}
	return httpkit.Tag{Kind: kinds[s.State], Text: words.T("invite.state." + string(s.State))}
}

// Text says in words where the invitation stands and since when, such as "Sent
// on 22 November 2026 at 16:20".
func (s Status) Text(words *i18n.Localizer) string {
	return words.T("invite.since."+string(s.State), "When", s.At())
}
