package account

import (
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/mailaddr"
)

// NameField asks who somebody is: by e-mail address, or by employee number too
// where the employer has people without one. Its name stays "email".
func NameField(c *httpkit.Ctx, typed string) httpkit.Field {
	f := httpkit.Field{
		Name: "email", Type: "email", Label: c.T("signin.email"), Hint: c.T("signin.email_hint"), Value: typed,
		Autocomplete: "username", InputMode: "email", Required: true, Autofocus: typed == "", Max: mailaddr.MaxBytes,
	}
	if c.Tenant().Invitation.Letters() {
		f.Type, f.InputMode, f.Label, f.Hint = "text", "", c.T("signin.name"), c.T("signin.name_hint")
	}
	return f
}

// TypedName reads the field. Invalid faults at "email": signin.email_missing,
// signin.email_bad, signin.name_missing and signin.name_bad; again is what the
// page shows then.
func TypedName(c *httpkit.Ctx, typed string) (a mailaddr.Address, again string, err error) {
	numbers := c.Tenant().Invitation.Letters()
	missing, bad := "signin.email_missing", "signin.email_bad"
	if numbers {
		missing, bad = "signin.name_missing", "signin.name_bad"
	}
	if typed == "" {
		return a, "", fault.Field("email", missing)
	}
	if a, err = ParseName(typed, numbers); err != nil {
		if len(typed) <= mailaddr.MaxBytes {
			again = typed
		}
		return a, again, fault.Field("email", bad)
	}
	return a, typed, nil
}
