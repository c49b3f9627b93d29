package voice

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tilgang/internal/message/email"
)

// Call is one finished call to one phone.
type Call struct {
	ID       string // stable when it is made again; letters, digits, ". _ -", at most 100
	Tenant   string // slug, for the practice mailbox and for logs; not sent
	Kind     string // what it is about, e.g. "phone_call"; not sent
	To       string // E.164
	Language string // BCP 47, one that For knows
	Words    string // what is said, plain, with Digits in it twice
	Digits   string // the code
}

// Sender makes calls; it is safe for concurrent use, and its errors are read
// with email.Class.
type Sender interface {
	Send(ctx context.Context, c Call) (email.Receipt, error)
	Close() error
}

// maxWords keeps a call under a minute: a carrier bills by the minute begun.
const maxWords = 600

// The forms: an id, a number (E.164) and a code.
var (
	token  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	number = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)
	code   = regexp.MustCompile(`^[0-9]{4,10}$`)
)

// Check tells why a call must not be made, without the number or the words.
func (c Call) Check() error {
	_, spoken := For(c.Language)
	switch {
	case !token.MatchString(c.ID):
		return errors.New("id is not 1 to 100 letters, digits or . _ -")
	case !number.MatchString(c.To):
		return errors.New("recipient is not one number in E.164")
	case !spoken:
		return errors.New("language has no voice")
	case !code.MatchString(c.Digits):
		return errors.New("code is not 4 to 10 digits")
	case strings.Count(c.Words, c.Digits) != 2:
		return errors.New("code is not said twice")
	case !utf8.ValidString(c.Words) || strings.ContainsFunc(c.Words, breaks):
		return errors.New("words hold a control character")
	case utf8.RuneCountInString(c.Words) > maxWords:
		return fmt.Errorf("words are longer than %d letters", maxWords)
	}
	return nil
}

func breaks(r rune) bool { return unicode.IsControl(r) && r != '\n' }

// Plain is what is said, to be read: the digits stand apart.
func (c Call) Plain() string {
	return strings.ReplaceAll(c.Words, c.Digits, strings.Join(strings.Split(c.Digits, ""), " "))
}

// SSML is what is said as a speech engine takes it (W3C SSML 1.1): slow digits,
// with a pause before them that leaves time to reach for a pen.
func (c Call) SSML() string {
	slow := `<break time="600ms"/><prosody rate="x-slow"><say-as interpret-as="digits">` + c.Digits + `</say-as></prosody><break time="600ms"/>`
	var words strings.Builder
	_ = xml.EscapeText(&words, []byte(c.Words)) // a Builder takes everything
	return "<speak>" + strings.ReplaceAll(words.String(), c.Digits, slow) + "</speak>"
}

// Nobody is the Sender of an installation that makes no calls: it takes
// nothing, for good.
type Nobody struct{}

var _ Sender = Nobody{}

// Send refuses.
func (Nobody) Send(context.Context, Call) (email.Receipt, error) {
	return email.Receipt{}, email.Refuse(email.Permanent, "carrier", errors.New("no carrier of calls is set up"))
}

// Close does nothing.
func (Nobody) Close() error { return nil }
