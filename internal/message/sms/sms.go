package sms

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tilgang/internal/message/email"
)

// Text is one finished text message to one phone.
type Text struct {
	ID     string // stable over resends; letters, digits, ". _ -", at most 100
	Tenant string // slug, for the practice mailbox and for logs; not sent
	Kind   string // what it is about, e.g. "phone_code"; not sent
	From   string // shown sender: up to 11 letters and digits, or E.164; may be empty
	To     string // E.164
	Body   string
}

// Sender hands texts over; it is safe for concurrent use, and its errors are
// read with email.Class.
type Sender interface {
	Send(ctx context.Context, t Text) (email.Receipt, error)
	Close() error
}

// maxBody is the longest text in letters: four joined messages of 153 (3GPP TS
// 23.040 9.2.3.24.1). More is a mistake of ours.
const maxBody = 4 * 153

// The forms: an id, a sender (3GPP TS 23.040 9.1.2.5) and a number (E.164).
var (
	token  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	sender = regexp.MustCompile(`^(|[A-Za-z][A-Za-z0-9 ]{0,10}|\+[1-9][0-9]{5,14})$`)
	number = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)
)

// Check tells why a text must not be sent, without the number or the words.
func (t Text) Check() error {
	switch {
	case !token.MatchString(t.ID):
		return errors.New("id is not 1 to 100 letters, digits or . _ -")
	case !sender.MatchString(t.From):
		return errors.New("sender is neither 11 letters and digits nor a number with +")
	case !number.MatchString(t.To):
		return errors.New("recipient is not one number in E.164")
	case strings.TrimSpace(t.Body) == "":
		return errors.New("text is empty")
	case !utf8.ValidString(t.Body) || strings.ContainsFunc(t.Body, breaks):
		return errors.New("text holds a control character")
	case utf8.RuneCountInString(t.Body) > maxBody:
		return fmt.Errorf("text is longer than %d letters", maxBody)
	}
	return nil
}

func breaks(r rune) bool { return unicode.IsControl(r) && r != '\n' }

// Nobody is the Sender of an installation that has no carrier: it takes
// nothing, for good.
type Nobody struct{}

var _ Sender = Nobody{}

// Send refuses.
func (Nobody) Send(context.Context, Text) (email.Receipt, error) {
	return email.Receipt{}, email.Refuse(email.Permanent, "carrier", errors.New("no carrier of text messages is set up"))
}

// Close does nothing.
func (Nobody) Close() error { return nil }
