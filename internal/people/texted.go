package people

import (
	"tilgang/internal/account"
	"tilgang/internal/phone"
	"tilgang/internal/tenant"
)

// Texted tells whether text messages about a person's account go to the phone
// that an identifier of it holds: the employer sends them, to that country, and
// HR has had no other number on file since the phone was proven. Whether the
// installation carries text messages is the caller's to know.
func Texted(p Person, i account.Identifier, t *tenant.Tenant) bool {
	if !t.Invitation.Texts() || i.Phone == "" {
		return false
	}
	if _, err := phone.Parse(i.Phone, "", t.PhoneCountries()); err != nil {
		return false
	}
	read := ""
	if n, err := phone.Parse(p.Phone, "", t.PhoneCountries()); err == nil {
		read = n.E164
	}
	return i.Reached(p.Phone, read)
}
