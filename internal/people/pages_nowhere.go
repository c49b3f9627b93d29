package people

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/phone"
)

// invitedAt is where a person's invitation goes: the address or, where the
// employer sends text messages, the phone of who has none. Empty for nowhere.
func invitedAt(c *httpkit.Ctx, p Person) string {
	if to, _, kind := p.Address(); kind != "" {
		return to
	}
	t := c.Tenant()
	if n, err := phone.Parse(p.Phone, "", t.PhoneCountries()); err == nil && t.Invitation.Texts() {
		return n.E164
	}
	return ""
}

// waits tells whether somebody is to be invited still.
func (s sheetOf) waits() bool {
	return s.access.account == "" && len(s.Jobs) > 0 && !s.gone()
}

// nowhereToGo says what is missing to invite a person; nil where nothing is, or
// a letter is on its way.
func nowhereToGo(c *httpkit.Ctx, all sheetOf) *httpkit.Notice {
	if !all.waits() || invitedAt(c, all.Person) != "" || all.access.lettered() {
		return nil
	}
	text := c.T("people.person.nowhere_mail")
	switch policy := c.Tenant().Invitation; {
	case policy.Texts():
		text = c.T("people.person.nowhere_phone")
	case policy.Letters():
		text = c.T("people.person.nowhere_letter")
	}
	return &httpkit.Notice{Kind: "warn", Title: c.T("people.person.nowhere"), Text: text}
}

// ways are what helps somebody without an e-mail address: an address, a phone,
// and a letter with the invitation or, for who is in, with a new password.
func ways(c *httpkit.Ctx, all sheetOf) (links []httpkit.Link) {
	policy, own := c.Tenant().Invitation, address(all.Person.ID)
	_, _, kind := all.Person.Address()
	if kind != "" || all.gone() {
		return nil
	}
	if nowhereToGo(c, all) != nil {
		edit := editAddress(all)
		links = append(links, httpkit.Link{Label: c.T("people.person.add_mail"), URL: edit + "#work_email", Kind: "secondary", Icon: "mail"})
		if policy.Texts() {
			links = append(links, httpkit.Link{Label: c.T("people.person.add_phone"), URL: edit + "#phone", Kind: "secondary", Icon: "mobile"})
		}
	}
	switch {
	case !policy.Letters():
	case all.access.In():
		links = append(links, httpkit.Link{Label: c.T("people.person.password_letter"), URL: own + "/password-letter", Kind: "secondary", Icon: "key"})
	case all.waits():
		links = append(links, httpkit.Link{Label: c.T("people.person.letter"), URL: own + "/letter", Kind: "secondary", Icon: "doc"})
	}
	return links
}
