package register

import (
	"slices"
	"strings"

	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/mailaddr"
	"tilgang/internal/password"
)

// askForm is the typed address; Typed is shown again.
type askForm struct {
	Typed   string
	Address mailaddr.Address
}

func parseAsk(c *httpkit.Ctx) (f askForm, err error) {
	in, err := c.Form()
	if err != nil {
		return f, err
	}
	f.Typed = strings.TrimSpace(in.Get("email"))
	if f.Typed == "" {
		return f, fault.Field("email", "signin.email_missing")
	}
	if f.Address, err = mailaddr.Parse(f.Typed); err != nil {
		if len(f.Typed) > mailaddr.MaxBytes {
			f.Typed = ""
		}
		return f, fault.Field("email", "signin.email_bad")
	}
	return f, nil
}

// asking is how a form asks for a code by phone.
func asking(c *httpkit.Ctx, f *httpkit.Form) Asking {
	by := Asking{Network: c.Network(), Channel: f.Get("channel")}
	if by.Channel != factor.SMS && by.Channel != factor.Voice {
		by.Channel = ""
	}
	return by
}

// rules are the password's rules as the page shows them; with a typed password
// each says whether it was met.
func rules(c *httpkit.Ctx, a attempt.Attempt, typed string) (views []httpkit.RuleView) {
	policy, mandatory := c.Tenant().Password, duty(c.Tenant(), c.Now()).Mandatory
	var unmet []password.Rule
	if typed != "" {
		unmet = password.Check(policy, mandatory, contextOf(a, c.Tenant()), typed)
	}
	for _, r := range password.Rules(policy, mandatory) {
		v := httpkit.RuleView{Text: c.Words().TMap(r.Code, r.Args), Check: strings.TrimPrefix(r.Check, "class:")}
		if typed != "" {
			v.State = "met"
		}
		if slices.ContainsFunc(unmet, func(u password.Rule) bool { return u.Code == r.Code }) {
			v.State = "unmet"
		}
		views = append(views, v)
	}
	return views
}
