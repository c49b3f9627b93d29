package reset

import (
	"slices"
	"strings"

	"tilgang/internal/account"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/mailaddr"
	"tilgang/internal/password"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The buttons' values: a mail to choose a new password with, or one to sign in
// with, once, without it.
const (
	actionPassword = "password"
	actionLink     = "link"
)

// askForm is the typed address; Typed is shown again.
type askForm struct {
	Typed   string
	Address mailaddr.Address
	Link    bool
}

// parseAsk reads the form; a button left out, as by Enter, means the password.
func parseAsk(c *httpkit.Ctx) (f askForm, err error) {
	in, err := c.Form()
	if err != nil {
		return f, err
	}
	f.Typed = strings.TrimSpace(in.Get("email"))
	switch action := in.Get("action"); {
	case action == actionLink && c.Tenant().Reset.Magiclink:
		f.Link = true
	case action != "" && action != actionPassword:
		return f, fault.New(fault.Invalid, "http.form")
	}
	f.Address, f.Typed, err = account.TypedName(c, f.Typed)
	// A sign-in link goes by mail alone: who types a number chooses a password.
	f.Link = f.Link && !account.IsNumber(f.Address.Key)
	return f, err
}

// shaped tells whether a text has the shape of a link's token.
func shaped(token string) bool { return secret.HashToken(token) != nil }

// rules are the password's rules as the page shows them; with a typed password
// each says whether it was met.
func rules(words *i18n.Localizer, policy tenant.PasswordPolicy, l Look, typed string) []httpkit.RuleView {
	var unmet []password.Rule
	if typed != "" {
		unmet = password.Check(policy, l.Mandatory, l.Context, typed)
	}
	var views []httpkit.RuleView
	for _, r := range password.Rules(policy, l.Mandatory) {
		v := httpkit.RuleView{Text: words.TMap(r.Code, r.Args), Check: strings.TrimPrefix(r.Check, "class:")}
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
