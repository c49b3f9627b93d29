package security

import (
	"net/url"
	"strings"

	"tilgang/internal/httpkit"
)

// onePage is how many events a page of the activity shows.
const onePage = 25

// ActivityPage lists what happened to the own account.
type ActivityPage struct {
	httpkit.Base

	Events []httpkit.Event
	Empty  httpkit.EmptyState
	Pager  httpkit.Pager
}

// Template implements httpkit.View.
func (*ActivityPage) Template() string { return "security/activity" }

func (p *Pages) listActivity(c *httpkit.Ctx) error {
	o, _, err := p.enter(c)
	if err != nil {
		return err
	}
	list, more, err := p.svc.Activity(c.Context(), o, c.Query("after"), onePage)
	if err != nil {
		return err
	}
	v := &ActivityPage{Base: frame(c), Events: p.events(c, o, list)}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("security.activity"), v.T("security.activity.lead")
	v.Empty = httpkit.EmptyState{Title: v.T("security.activity.none"), Text: v.T("security.activity.none_text")}
	if more != "" {
		v.Pager.NextURL = "/security/activity?after=" + url.QueryEscape(more)
	}
	if c.Query("after") != "" {
		v.Pager.PrevURL = "/security/activity"
	}
	return c.Render(v)
}

// events are a list in words: what, and from where.
func (p *Pages) events(c *httpkit.Ctx, o Overview, list []Happened) []httpkit.Event {
	b, views := c.Base(), make([]httpkit.Event, len(list))
	for i, h := range list {
		known := events()[h.Action]
		views[i] = httpkit.Event{When: b.When(h.At), Title: said(c, &b, h, known.key), Text: p.from(c, &b, o, h), Kind: known.kind}
		views[i].When.Text = b.DateTime(h.At)
	}
	return views
}

// said is an event in words; where somebody else did it, as far as is told.
func said(c *httpkit.Ctx, b *httpkit.Base, h Happened, key string) string {
	switch key {
	case "security.activity.factor_added", "security.activity.factor_removed":
		return b.T(key, "Kind", factorKind(b, h.Said("kind"), ""))
	case "security.activity.reset_by_employer":
		return b.T(sentFor(h.Said("as")), "Employer", c.Tenant().Name)
	case "security.activity.recovery_used":
		return b.T(key, "Left", h.Said("left"))
	}
	return b.T(key)
}

// sentFor is the word for a link that somebody had sent, by that one's part.
func sentFor(as string) string {
	switch as {
	case "manager":
		return "security.activity.reset_by_manager"
	case "hr":
		return "security.activity.reset_by_hr"
	}
	return "security.activity.reset_by_employer"
}

// from is browser and place, for what the owner did or nobody who was known;
// where somebody else sat is not the owner's to know.
func (p *Pages) from(c *httpkit.Ctx, b *httpkit.Base, o Overview, h Happened) string {
	if h.by(o) == "other" {
		return ""
	}
	var parts []string
	if h.UserAgent != "" {
		parts = append(parts, browserName(b, h.UserAgent))
	}
	if where := p.place(c, h.Network); where != "" {
		parts = append(parts, where)
	}
	return strings.Join(parts, " · ")
}
