package captcha

import (
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// path is where the page's script gets its challenge.
const path = "/captcha/challenge"

// Part is what a form shows and carries of the check. Template: {{template
// "robot" .Robot}}, inside the form; the zero Part is nothing.
type Part struct {
	Stamp string // signed time of the page; empty: the check is not asked
	URL   string // of the challenge
	Life  int    // seconds for which an answer is good
	Wait  int    // seconds after which the form may be sent without one

	Working, Held, Done, Failed string // what is said while and after the check is made
	Without                     string // what whoever runs no script reads

	Provider, SiteKey, Script, Action string // of an outside verifier
	By                                string // says who that is
}

// Pages answer for challenges.
type Pages struct{ service *Service }

// NewPages makes the pages over the service.
func NewPages(s *Service) *Pages { return &Pages{service: s} }

// Routes are the doors of this package.
func (p *Pages) Routes() []httpkit.Route {
	return []httpkit.Route{httpkit.Get(path, httpkit.Public(), p.challenge).AsJSON()}
}

// challenge gives a browser something to solve; it is harder in times of
// trouble. Nothing is stored.
func (p *Pages) challenge(c *httpkit.Ctx) error {
	action, s := c.Query("action"), p.service
	if action != Reset && action != Signin && action != Register {
		return fault.New(fault.NotFound, "http.not_found")
	}
	if err := s.Limiter.Allow(c.Context(), perNetwork(), c.Network()); err != nil {
		return err
	}
	if err := s.Limiter.Allow(c.Context(), perTenant(), c.Tenant().ID.String()); err != nil {
		return err
	}
	times := 1
	if s.Trouble(c.Context(), c.Network()) {
		times = 2
	}
	made, err := s.proofs.make(action, c.Site.Host, times)
	if err != nil {
		return err
	}
	return c.JSON(200, made)
}

// Part is the check of a form, where the employer's policy asks for it now.
func (s *Service) Part(c *httpkit.Ctx, action string) Part {
	return s.PartIf(c, action, s.asked(c.Context(), c.Network()))
}

// PartIf is Part for a form that asks for the check only when it must, such as
// when its limits would refuse; never where the employer wants none.
func (s *Service) PartIf(c *httpkit.Ctx, action string, must bool) Part {
	t := c.Tenant()
	if !must || t.Captcha.Mode == tenant.CaptchaOff {
		return Part{}
	}
	p := Part{
		Stamp: s.stamped(action, c.Site.Host, c.Now()), URL: path + "?action=" + action,
		Life: int(ChallengeLife.Seconds()), Wait: int(Age.Seconds()),
	}
	p.Working, p.Held, p.Done, p.Failed = c.T("captcha.working"), c.T("captcha.held"), c.T("captcha.done"), c.T("captcha.failed")
	p.Without = c.T("captcha.without", "Seconds", int(Age.Seconds()))
	if o, ok := providerOf(t.Captcha.Provider); ok {
		p.Provider, p.SiteKey, p.Script, p.Action = t.Captcha.Provider, t.Captcha.SiteKey, o.scriptFor(t.Captcha.SiteKey), action
		p.Life = int(outsideLife.Seconds())
		p.By = c.T("captcha.by", "Name", o.name)
		for directive, sources := range o.allows {
			c.Allow(directive, sources...)
		}
	}
	return p
}

// Check judges a form whose every sending counts, such as a wish for a mail, and
// tells whether a quarter of the limits holds: for a form that came without a
// verified answer where one is asked. The fault is Invalid "captcha.again" for a
// form that is too young or too old for that.
func (s *Service) Check(c *httpkit.Ctx, action string) (tight bool, err error) {
	asked := s.asked(c.Context(), c.Network())
	s.Note(c.Context(), Wishes(), c.Network())
	if !asked {
		return false, nil
	}
	f, err := FormOf(c, action)
	if err != nil {
		return false, err
	}
	switch verdict, err := s.Judge(c.Context(), f); {
	case err != nil:
		return false, err
	case verdict == Nothing:
		return false, errAgain()
	default:
		return verdict != Proven, nil
	}
}

// FormOf reads what a form sent for the check.
func FormOf(c *httpkit.Ctx, action string) (Form, error) {
	in, err := c.Form()
	if err != nil {
		return Form{}, err
	}
	f := Form{Action: action, Host: c.Site.Host, IP: c.IP().String(), Token: in.Get("altcha"), Stamp: in.Get("stamp")}
	if o, ok := providerOf(c.Tenant().Captcha.Provider); ok && f.Token == "" {
		f.Token = in.Get(o.field)
	}
	return f, nil
}
