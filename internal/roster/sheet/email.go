package sheet

import (
	"errors"

	"tilgang/internal/mailaddr"
)

// email reads an address; a wrong one keeps the row out, since it would be
// where the invitation goes.
func (b *builder) email(c column) mailaddr.Address {
	v := b.value[c]
	if v == "" {
		return mailaddr.Address{}
	}
	a, err := mailaddr.Parse(v)
	if err != nil {
		b.fail(c, emailCode(err), "Value", quote(v))
	}
	return a
}

func emailCode(err error) string {
	switch {
	case errors.Is(err, mailaddr.ErrTooLong):
		return "sheet.email.too_long"
	case errors.Is(err, mailaddr.ErrScript):
		return "sheet.email.mixed"
	case errors.Is(err, mailaddr.ErrDomain):
		return "sheet.email.domain"
	case errors.Is(err, mailaddr.ErrCharacter):
		return "sheet.email.character"
	}
	return "sheet.email.invalid"
}
