package email

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of one mail, in bytes. An address is at most 254 (RFC 5321 4.5.3.1.3
// less its brackets); the others are ours, far above what we render.
const (
	maxAddress = 254
	maxLine    = 500
	maxText    = 256 << 10
	maxHTML    = 512 << 10
	maxLogo    = 128 << 10
	maxHeaders = 20
)

var (
	token      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,75}$`)
	ownHeader  = regexp.MustCompile(`(?i)^(from|to|cc|bcc|sender|reply-to|subject|date|message-id|mime-version|` +
		`return-path|received|dkim-signature|auto-submitted|x-auto-response-suppress|x-tilgang-kind|content-.*|resent-.*|arc-.*)$`)
	picture = regexp.MustCompile(`^image/(png|jpeg|gif|svg\+xml)$`)
)

// Check tells why a mail must not be sent: a header with a line break or
// another control character, an address that is not exactly one bare address,
// a header we write ourselves, or a size above the bounds.
func (m Mail) Check() error {
	if !token.MatchString(m.ID) {
		return errors.New("id is not 1 to 100 letters, digits or . _ -")
	}
	if err := m.checkAddresses(); err != nil {
		return err
	}
	if err := m.checkLines(); err != nil {
		return err
	}
	if err := m.checkBodies(); err != nil {
		return err
	}
	return m.Logo.check()
}

func (m Mail) checkAddresses() error {
	if err := checkAddress("from", m.From); err != nil {
		return err
	}
	if err := checkAddress("to", m.To); err != nil {
		return err
	}
	if m.ReplyTo == "" {
		return nil
	}
	return checkAddress("reply-to", m.ReplyTo)
}

// checkAddress wants the parsed form to be the very string: no name, no
// comment, no second address, nothing to unquote.
func checkAddress(field, address string) error {
	if len(address) > maxAddress {
		return fmt.Errorf("%s is longer than %d bytes", field, maxAddress)
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return fmt.Errorf("%s is not one bare address", field)
	}
	return checkLine(field, address)
}

func (m Mail) checkLines() error {
	if strings.TrimSpace(m.Subject) == "" {
		return errors.New("subject is empty")
	}
	if m.Kind != "" && !token.MatchString(m.Kind) {
		return errors.New("kind is not 1 to 100 letters, digits or . _ -")
	}
	if m.Stream != "" && !token.MatchString(m.Stream) {
		return errors.New("stream is not 1 to 100 letters, digits or . _ -")
	}
	if len(m.Headers) > maxHeaders {
		return fmt.Errorf("more than %d headers", maxHeaders)
	}
	for name, value := range m.Headers {
		if !headerName.MatchString(name) || ownHeader.MatchString(name) {
			return fmt.Errorf("header %q may not be set", name)
		}
		if err := checkLine(name, value); err != nil {
			return err
		}
	}
	if err := checkLine("from name", m.FromName); err != nil {
		return err
	}
	return checkLine("subject", m.Subject)
}

// checkLine refuses what could end a header or dress up as an encoded word
// (RFC 2047): the reader's program would decode that into other words than ours.
func checkLine(field, value string) error {
	switch {
	case len(value) > maxLine:
		return fmt.Errorf("%s is longer than %d bytes", field, maxLine)
	case !utf8.ValidString(value):
		return fmt.Errorf("%s is not UTF-8", field)
	case strings.ContainsFunc(value, breaks):
		return fmt.Errorf("%s holds a line break or control character", field)
	case strings.Contains(value, "=?"):
		return fmt.Errorf("%s holds the start of an encoded word", field)
	}
	return nil
}

func breaks(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

func (m Mail) checkBodies() error {
	switch {
	case strings.TrimSpace(m.Text) == "":
		return errors.New("text part is empty")
	case len(m.Text) > maxText:
		return fmt.Errorf("text part is longer than %d bytes", maxText)
	case len(m.HTML) > maxHTML:
		return fmt.Errorf("html part is longer than %d bytes", maxHTML)
	case !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return errors.New("a body is not UTF-8")
	}
	return nil
}

func (p *Inline) check() error {
	switch {
	case p == nil:
		return nil
	case !token.MatchString(p.CID):
		return errors.New("picture id is not 1 to 100 letters, digits or . _ -")
	case !picture.MatchString(p.Type):
		return errors.New("picture is not png, jpeg, gif or svg")
	case len(p.Data) == 0 || len(p.Data) > maxLogo:
		return fmt.Errorf("picture is empty or above %d bytes", maxLogo)
	}
	return nil
}
