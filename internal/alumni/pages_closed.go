package alumni

import (
	"slices"

	"tilgang/internal/attempt"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/session"
	"tilgang/internal/support"
)

// ClosedPage tells whoever signs in after the window that it has closed, and
// nothing else.
type ClosedPage struct {
	httpkit.Base

	Ended []httpkit.SummaryRow // the last day of access, employer by employer
	Asked *httpkit.Notice      // what became of the wish
	Ask   *httpkit.Button      // nil while there is nothing to ask
	Whom  support.Whom
}

// Template implements httpkit.View.
func (*ClosedPage) Template() string { return "alumni/closed" }

// enter gives what is said to the owner of the attempt's account; led tells that
// the way goes on elsewhere: something is to be proven first, or the access is
// open again.
func (p *Pages) enter(c *httpkit.Ctx) (said Closing, a attempt.Attempt, led bool, err error) {
	a, _ = attempt.From(c.Context())
	path, err := p.svc.Owes(c.Context(), a, c.Cookie(session.DeviceCookie))
	if err != nil {
		return said, a, false, err
	}
	if path != closedAddress {
		return said, a, true, c.Redirect(toNext)
	}
	said, err = p.svc.See(c.Context(), a.AccountID)
	return said, a, false, err
}

func (p *Pages) showClosed(c *httpkit.Ctx) error {
	said, _, led, err := p.enter(c)
	if led || err != nil {
		return err
	}
	return c.Render(closed(c, said))
}

func closed(c *httpkit.Ctx, said Closing) *ClosedPage {
	p := &ClosedPage{Base: c.Base()}
	p.Title, p.Lead = p.T("alumni.closed.title"), p.T("alumni.closed.lead", "Name", c.Tenant().Name)
	p.Back = &httpkit.Link{Label: p.T("alumni.closed.leave"), URL: "/"}
	p.Ended = ended(c, said.Jobs)
	p.Asked = asked(&p.Base, said.Last)
	if said.MayAsk(c.Now()) {
		p.Ask = &httpkit.Button{Label: p.T("alumni.closed.ask")}
	}
	p.Whom = whom(c, &p.Base)
	return p
}

// whom is the employer's word on whom to ask about one's data: who has left
// needs no invitation and no nearest manager.
func whom(c *httpkit.Ctx, b *httpkit.Base) support.Whom {
	w, t := support.Of(c, b), c.Tenant()
	for _, topic := range []string{"*", "data"} {
		if text := t.Support.WhomToAsk[topic].In(b.Lang, t.Languages[0]); text != "" {
			w.Text = text
		}
	}
	return w
}

// ended are the last days of access, the newest first.
func ended(c *httpkit.Ctx, jobs []people.Job) (rows []httpkit.SummaryRow) {
	for _, j := range jobs {
		if slices.ContainsFunc(rows, func(r httpkit.SummaryRow) bool { return r.Label == j.Employer.Name }) {
			continue
		}
		rows = append(rows, httpkit.SummaryRow{Label: j.Employer.Name, Text: c.T("alumni.closed.on", "Day", people.DateWords(c, j.Last))})
	}
	return rows
}

// asked says what became of the newest wish.
func asked(b *httpkit.Base, w Wish) *httpkit.Notice {
	switch {
	case w.Open():
		return &httpkit.Notice{Kind: "info", Title: b.T("alumni.closed.asked"), Text: b.T("alumni.closed.asked_text", "When", b.Date(w.CreatedAt))}
	case w.Answer == Declined:
		return &httpkit.Notice{Kind: "warn", Title: b.T("alumni.closed.declined"), Text: b.T("alumni.closed.declined_text", "When", b.Date(*w.AnsweredAt))}
	}
	return nil
}

// submitWish keeps the wish. A second press finds it kept.
func (p *Pages) submitWish(c *httpkit.Ctx) error {
	_, a, led, err := p.enter(c)
	if led || err != nil {
		return err
	}
	if err := p.svc.Ask(c.Context(), a.AccountID); err != nil {
		return err
	}
	return c.Redirect(closedAddress)
}
