package register

import (
	"strings"
	"time"

	"tilgang/internal/attempt"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/support"
	"tilgang/internal/tenant"
)

// EndPage says why there is no account for whoever came this far, and whom to
// ask. It shows no data.
type EndPage struct {
	httpkit.Base

	Go   *httpkit.Link // what the reader can do
	Whom support.Whom
}

// Template implements httpkit.View.
func (*EndPage) Template() string { return "register/end" }

// showSettled ends the registration: it leads to the sign-in's next step, or says
// why there is none. A request that a browser makes ahead of time, or only for
// the headers, ends nothing.
func (p *Pages) showSettled(c *httpkit.Ctx) error {
	if c.Method() != "GET" || strings.HasPrefix(strings.ToLower(c.Header("Sec-Purpose")), "prefetch") {
		return fault.New(fault.Conflict, "signin.ahead")
	}
	a, _ := attempt.From(c.Context())
	done, err := p.service.Settle(c.Context(), a)
	f, refused := fault.As(err)
	switch {
	case refused && f.Is(errStep()):
		return p.onward(c, a)
	case refused && f.Is(errProof()):
		return c.Redirect(toProofing)
	case refused && f.Is(errTaken()):
		return c.RenderStatus(409, p.endPage(c, Settled{Outcome: Taken}))
	case refused && f.Is(errWeak()):
		return c.RenderStatus(409, p.endPage(c, Settled{Outcome: weak}))
	case err != nil:
		return err
	case done.Cookie != "":
		c.SetCookie(attempt.Cookie, done.Cookie, attempt.Life)
		c.Flash("ok", "register.opened")
		return c.Redirect("/signin/next")
	case done.Outcome == Opened || done.Outcome == Joined:
		return c.Redirect("/signin") // the other half of a double click has the cookie
	}
	return c.Render(p.endPage(c, done))
}

func (p *Pages) endPage(c *httpkit.Ctx, done Settled) *EndPage {
	t := c.Tenant()
	page := &EndPage{Base: c.Base()}
	page.Whom = support.Of(c, &page.Base)
	w := wordsOf(done.Outcome)
	page.Title, page.Lead = c.T(w.title), c.T(w.text, "Employer", t.Name, "Date", day(page, done.On.Time(t.Zone)))
	switch done.Outcome {
	case AtStaff:
		page.Go = &httpkit.Link{Label: c.T("reset.done.go"), URL: p.portal(t) + "/signin", Kind: "primary"}
	case Taken:
		page.Go = &httpkit.Link{Label: c.T("reset.sent.other"), URL: toStart, Kind: "primary"}
	case weak:
		page.Go = &httpkit.Link{Label: c.T("proofing.again"), URL: toProofing, Kind: "primary"}
		page.Back = &httpkit.Link{Label: c.T("reset.to_signin"), URL: "/signin"}
	case Nobody, Closed, Stopped, Open, Opened, Joined:
		page.Back = &httpkit.Link{Label: c.T("reset.to_signin"), URL: "/signin"}
	}
	return page
}

// words are the keys of a page's title and text.
type words struct{ title, text string }

func wordsOf(o Outcome) words {
	switch o {
	case AtStaff:
		return words{"register.end.staff.title", "register.end.staff.text"}
	case Closed:
		return words{"register.end.closed.title", "register.end.closed.text"}
	case Stopped:
		return words{"register.end.stopped.title", "register.end.stopped.text"}
	case Taken:
		return words{"register.end.taken.title", "register.end.taken.text"}
	case weak:
		return words{"register.end.weak.title", "register.end.weak.text"}
	case Nobody, Open, Opened, Joined:
	}
	return words{"register.end.nobody.title", "register.end.nobody.text"}
}

func (p *Pages) portal(t *tenant.Tenant) string { return p.service.Portal(t) }

func day(page *EndPage, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return page.Date(at)
}
