package invite

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
)

// typeAbove is from how many mails on their number must be typed.
const typeAbove = 25

// AllPage shows what sending again does, before it is done.
type AllPage struct {
	httpkit.Base

	Preview httpkit.Preview
	Nothing *httpkit.EmptyState // nobody waits
	Typed   *httpkit.Field      // the number to type; nil up to 25
	Carry   []httpkit.Hidden    // the scope
	Leave   httpkit.Link
	Count   int
}

// Template implements httpkit.View.
func (*AllPage) Template() string { return "invite/all" }

func (p *Pages) showAll(c *httpkit.Ctx) error {
	sc := scopeOf(c.Query)
	plan, err := p.service.Plan(c.Context(), sc)
	if err != nil {
		return err
	}
	page, err := p.allPage(c, sc, plan)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) allPage(c *httpkit.Ctx, sc Scope, plan Plan) (*AllPage, error) {
	page := &AllPage{Base: c.Base(), Count: plan.Mails()}
	page.Title, page.Layout = c.T("invite.all.title"), httpkit.LayoutConsole
	page.Back = &httpkit.Link{Label: c.T("invite.board.title"), URL: sc.address(boardAddress)}
	page.Leave = httpkit.Link{Label: c.T("invite.all.cancel"), URL: sc.address(boardAddress), Kind: "quiet"}
	left := leftOut(&page.Base, plan)
	if page.Count == 0 {
		page.Nothing = &httpkit.EmptyState{Icon: "mail", Title: c.T("invite.all.none"), Text: strings.Join(append([]string{c.T("invite.all.none_text")}, left...), " ")}
		return page, nil
	}
	whom, err := p.whom(c, sc)
	if err != nil {
		return nil, err
	}
	page.Preview = httpkit.Preview{Title: c.N("invite.all.size", page.Count), Text: whom, Items: append(toWhom(&page.Base, plan), left...)}
	page.Preview.Items = append(page.Preview.Items, c.T("invite.all.old"))
	for name, value := range sc.values() {
		page.Carry = append(page.Carry, httpkit.Hidden{Name: name, Value: value})
	}
	slices.SortFunc(page.Carry, func(a, b httpkit.Hidden) int { return strings.Compare(a.Name, b.Name) })
	if page.Count > typeAbove {
		page.Typed = &httpkit.Field{Name: "typed", Label: c.T("invite.all.typed", "Count", strconv.Itoa(page.Count)), InputMode: "numeric", Autocomplete: "off", Required: true, Max: 9}
	}
	return page, nil
}

// toWhom says to which kind of address the mails go.
func toWhom(b *httpkit.Base, plan Plan) (items []string) {
	if plan.Work > 0 {
		items = append(items, b.N("invite.all.to_work", plan.Work))
	}
	if plan.Private > 0 {
		items = append(items, b.N("invite.all.to_private", plan.Private))
	}
	if plan.Phone > 0 {
		items = append(items, b.N("invite.all.to_phone", plan.Phone))
	}
	return items
}

// leftOut says who gets no mail, and why.
func leftOut(b *httpkit.Base, plan Plan) (items []string) {
	for _, out := range []struct {
		key string
		n   int
	}{{"invite.all.out_no_address", plan.NoAddress}, {"invite.all.out_recent", plan.Recent}, {"invite.all.out_ended", plan.Ended}} {
		if out.n > 0 {
			items = append(items, b.N(out.key, out.n))
		}
	}
	return items
}

// whom says in words whom a scope covers.
func (p *Pages) whom(c *httpkit.Ctx, sc Scope) (string, error) {
	words := []string{c.T("invite.all.text")}
	if sc.Reason != "" {
		words = append(words, c.T("invite.all.only_reason", "Reason", c.T("invite.state."+string(sc.Reason))))
	}
	if sc.Title != "" {
		words = append(words, c.T("invite.all.only_title", "Title", sc.Title))
	}
	if sc.Unit != "" {
		name, err := p.service.unitName(c.Context(), sc.Unit)
		if err != nil {
			return "", err
		}
		words = append(words, c.T("invite.all.only_unit", "Unit", name))
	}
	return strings.Join(words, " "), nil
}

func (p *Pages) submitAll(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	sc := scopeOf(form.Get)
	plan, err := p.service.Plan(c.Context(), sc)
	if err != nil {
		return err
	}
	n := plan.Mails()
	if n > typeAbove && strings.TrimSpace(form.Get("typed")) != strconv.Itoa(n) {
		page, err := p.allPage(c, sc, plan)
		if err != nil {
			return err
		}
		return c.Invalid(page, fault.Field("typed", "invite.all.typed_wrong"))
	}
	if n, err = p.service.SendAgain(c.Context(), sc); err != nil {
		return err
	}
	if n == 0 {
		c.Flash("info", "invite.all.none")
	} else {
		c.FlashN("ok", "invite.all.sent", n)
	}
	return c.Redirect(sc.address(boardAddress))
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
		Lettered: "info", NoAddress: "warn", NotSent: "plain", Queued: "wait", Sent: "info", Opened: "info", Expired: "warn",
		Bounced: "bad", Failed: "bad", Confirmed: "info", Accepted: "ok", Revoked: "plain",
	}
	return httpkit.Tag{Kind: kinds[s.State], Text: words.T("invite.state." + string(s.State))}
}

// Text says in words where the invitation stands and since when, such as "Sent
// on 22 November 2026 at 16:20".
func (s Status) Text(words *i18n.Localizer) string {
	return words.T("invite.since."+string(s.State), "When", s.At())
}
