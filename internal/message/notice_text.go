package message

import (
	"context"

	"tilgang/internal/i18n"
	"tilgang/internal/tenant"
)

// The kinds of notice to the phone of who has no e-mail address. They hold no
// link and no code: what can be done is said on the phone of the employer.
const (
	NumberChanged  = "number_changed"        // to the number before: HR has another one now
	LetterMade     = "letter_made"           // a letter with a code was printed
	PasswordByText = "password_changed_text" // a new password was chosen
)

// notifyPhone writes such a notice.
func notifyPhone(_ context.Context, m Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	say := func(key string) string { return words.T(key, "Employer", t.Name, "When", m.At()) }
	switch m.Kind {
	case NumberChanged:
		return say("mail.number_changed.text"), nil
	case LetterMade:
		return say("mail.letter_made.text"), nil
	}
	return say("mail.password_changed_text.text"), nil
}
