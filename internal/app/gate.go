package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/session"
	"tilgang/internal/signin"
	"tilgang/internal/tenant"
)

// attemptCookie names the cookie of a flow in progress.
const attemptCookie = "attempt"

// recognise finds out who asks by the session cookie. A session that owes a
// second factor makes nobody an asker: it only lets its owner set one up.
func (a *App) recognise(c *httpkit.Ctx) error {
	cookie := c.Cookie(session.Cookie)
	if cookie == "" {
		return nil
	}
	who, ses, err := a.Services.Sessions.Load(c.Context(), cookie, c.Site.Host, c.Site.Side == httpkit.Alumni)
	if f, known := fault.As(err); known && f.Kind == fault.Unauthenticated {
		a.ended(c, err)
		return nil
	}
	if err != nil {
		return err
	}
	owes, err := a.owes(c, ses)
	if err != nil {
		return err
	}
	if owes {
		c.Keep(owing{ses})
		return nil
	}
	who.Network, who.UserAgent, who.RequestID = c.Network(), c.UserAgent(), c.RequestID()
	c.SetContext(authz.With(c.Context(), who))
	return nil
}

// ended takes the cookie of an ended session away and says why it ended.
func (a *App) ended(c *httpkit.Ctx, err error) {
	c.DropCookie(session.Cookie)
	f, _ := fault.As(err)
	switch why := session.Why(err); why {
	case session.Moved, session.Closed:
		c.Keep(moved{why})
	case session.Idle, session.Absolute:
		var kv []any
		for name, value := range f.Args {
			kv = append(kv, name, value)
		}
		c.Flash("info", f.Code, kv...)
	}
}

// moved marks somebody who has left, and whose session was on the staff host or
// is over with the window.
type moved struct{ why string }

// owing is a session whose owner must set up a second factor first.
type owing struct{ session.Session }

// owes tells whether a session opened before a factor became mandatory must
// get one now. Sessions of two factors owe nothing, nor do those of a trusted
// browser, which had one when they were opened, and most tenants ask
// nothing, so the person's titles are looked up only where it can matter.
func (a *App) owes(c *httpkit.Ctx, ses session.Session) (bool, error) {
	t := c.Tenant()
	quiet := ses.AAL >= 2 || slices.Contains(ses.AMR, attempt.Pass) || slices.Contains(ses.AMR, factor.Device)
	if quiet || (t.Mfa.Offer != tenant.OfferMandatory && len(t.Mfa.Requirements) == 0) {
		return false, nil
	}
	var mandatory bool
	err := a.DB.Read(c.Context(), func(ctx context.Context) error {
		subject, _, err := people.SubjectOf(ctx, ses.PersonID, c.Now(), t)
		mandatory = t.Mfa.For(subject, c.Now()).Mandatory
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look at the duty: %w", err)
	}
	return mandatory, nil
}

// gate lets a request through to its handler, or answers it.
func (a *App) gate(c *httpkit.Ctx, g httpkit.Gate) (done bool, err error) {
	if done, err := a.lead(c, g); done || err != nil {
		return done, err
	}
	switch g.Kind {
	case "public":
		return false, nil
	case "attempt":
		return a.passAttempt(c, g)
	case "signed_in":
		if done, err := a.passSigned(c); done || err != nil {
			return done, err
		}
		return false, readOnly(c)
	case "may":
		if done, err := a.passSigned(c); done || err != nil {
			return done, err
		}
		return false, a.Services.Policy.Require(c.Actor(), g.Object, g.Act, g.Reach())
	}
	return false, fmt.Errorf("route %s has no gate", c.Route().Path)
}

// lead answers those whose session leads elsewhere first.
func (a *App) lead(c *httpkit.Ctx, g httpkit.Gate) (done bool, err error) {
	if g.Kind == "public" && c.Path() != "/" {
		return false, nil
	}
	if debt, ok := c.Kept().(owing); ok && g.Kind != "attempt" {
		return true, a.raise(c, debt)
	}
	if left, ok := c.Kept().(moved); ok && c.Method() == "GET" {
		return true, c.RedirectOut(a.AlumniPortal(c.Tenant()) + signin.AgainURL(left.why, ""))
	}
	return false, nil
}

// readOnly refuses what would change data of whoever has left, where the
// employer only lets read: the route says of which class the data is. How the
// person signs in and is spoken to is theirs to change.
func readOnly(c *httpkit.Ctx) error {
	edits := c.Method() != "GET" && slices.ContainsFunc(c.Route().Classes, func(class string) bool { return class != httpkit.ClassAccount })
	if edits && c.Tenant().Alumni.ReadOnly && c.Actor().Standing == string(people.Alumnus) {
		return fault.New(fault.Forbidden, "alumni.read_only", "Employer", c.Tenant().Name)
	}
	return nil
}

func (a *App) passSigned(c *httpkit.Ctx) (done bool, err error) {
	switch {
	case c.Actor().Signed():
		return false, nil
	case c.Route().JSON:
		return false, fault.New(fault.Unauthenticated, "http.signin_first")
	case c.Method() == "GET":
		return true, c.Redirect("/signin?return_to=" + url.QueryEscape(c.Address()))
	}
	return true, c.Redirect("/signin")
}

// passAttempt lets those through who are on their way through one of the
// route's flows; others start at the beginning.
func (a *App) passAttempt(c *httpkit.Ctx, g httpkit.Gate) (done bool, err error) {
	cookie := c.Cookie(attemptCookie)
	if cookie == "" {
		return true, c.Redirect(a.start(c))
	}
	att, err := a.Services.Attempts.Find(c.Context(), cookie, c.Site.Host)
	f, known := fault.As(err)
	switch {
	case errors.Is(err, db.ErrNotFound), known && (f.Kind == fault.Expired || f.Kind == fault.NotFound):
		c.DropCookie(attemptCookie)
		if !c.Actor().Signed() {
			c.Flash("info", "attempt.expired")
		}
		return true, c.Redirect(a.start(c))
	case err != nil:
		return false, err
	}
	for _, purpose := range g.Purposes {
		if att.Purpose == purpose {
			c.SetContext(attempt.With(c.Context(), att))
			return false, nil
		}
	}
	return true, c.Redirect(a.start(c))
}

func (a *App) start(c *httpkit.Ctx) string {
	if c.Actor().Signed() {
		return "/"
	}
	return "/signin"
}

// raise turns a session that owes a factor into an attempt to set one up. The
// password is asked again: an old session alone must not enrol a factor.
func (a *App) raise(c *httpkit.Ctx, debt owing) error {
	if c.Method() != "GET" || c.Route().JSON {
		return fault.New(fault.Forbidden, "mfa.owed")
	}
	n := attempt.New{Purpose: attempt.Signin, Resume: c.Address(), Host: c.Site.Host}
	address, key, err := a.addressOf(c, debt.AccountID, debt.PersonID)
	if err != nil {
		return err
	}
	n.Address, n.AddressKey = address, key
	cookie, _, err := a.Services.Attempts.Start(c.Context(), n)
	if err != nil {
		return err
	}
	c.SetCookie(attemptCookie, cookie, 0)
	return c.Redirect("/signin/next")
}

// addressOf is an address that signs the account in today.
func (a *App) addressOf(c *httpkit.Ctx, accountID, personID uuid.UUID) (address, key string, err error) {
	err = a.DB.Read(c.Context(), func(ctx context.Context) error {
		o, err := people.View(ctx, personID, c.Now(), c.Tenant())
		if err != nil {
			return err
		}
		list, err := account.Names(ctx, accountID)
		if i := slices.IndexFunc(list, o.Holds); i >= 0 {
			address, key = list[i].Address, list[i].AddressKey
		}
		return err
	})
	return address, key, err
}
