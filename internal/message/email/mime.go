package email

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// MIME is the mail as it travels: 7-bit, CRLF lines, text before HTML. It
// checks the mail first. date becomes the Date header.
func (m Mail) MIME(date time.Time) ([]byte, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	from, err := wire(m.From)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.address(msg, from); err != nil {
		return nil, err
	}
	m.describe(msg, date, from)
	if err := m.fill(msg); err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	raw.Grow(2 * (len(m.Text) + len(m.HTML)))
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	return raw.Bytes(), nil
}

// MessageID is the Message-ID without its angle brackets, the same for every
// send of this mail.
func (m Mail) MessageID() string {
	from, err := wire(m.From)
	if err != nil {
		from = m.From
	}
	return m.ID + from[strings.LastIndexByte(from, '@'):]
}

func (m Mail) address(msg *gomail.Msg, from string) error {
	to, err := wire(m.To)
	if err != nil {
		return err
	}
	msg.SetGenHeaderPreformatted("From", m.sender(from))
	msg.ToMailAddress(&netmail.Address{Address: to})
	if m.ReplyTo == "" {
		return nil
	}
	reply, err := wire(m.ReplyTo)
	if err != nil {
		return err
	}
	msg.ReplyToMailAddress(&netmail.Address{Address: reply})
	return nil
}

// sender is the From header. Base64 for names outside ASCII: the standard
// library's quoted form lets a backslash through, which readers choke on.
func (m Mail) sender(address string) string {
	bare := netmail.Address{Name: m.FromName, Address: address}
	if ascii(m.FromName) {
		return bare.String()
	}
	bare.Name = ""
	name := mime.BEncoding.Encode("utf-8", m.FromName)
	return strings.ReplaceAll(name, "?= =?", "?=\r\n =?") + " " + bare.String()
}

// describe writes the other headers. Auto-Submitted (RFC 3834) and its
// counterpart for Exchange keep absence notes from answering us.
func (m Mail) describe(msg *gomail.Msg, date time.Time, from string) {
	msg.SetDateWithValue(date)
	msg.SetMessageIDWithValue(m.ID + from[strings.LastIndexByte(from, '@'):])
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.Kind != "" {
		msg.SetGenHeader("X-Tilgang-Kind", m.Kind)
	}
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
}

// fill adds the bodies; the picture's name is also its Content-ID.
func (m Mail) fill(msg *gomail.Msg) error {
	msg.SetBodyWriter(gomail.TypeTextPlain, copied(m.Text))
	if m.HTML != "" {
		msg.AddAlternativeWriter(gomail.TypeTextHTML, copied(m.HTML))
	}
	if m.Logo == nil {
		return nil
	}
	err := msg.EmbedReader(m.Logo.CID, bytes.NewReader(m.Logo.Data),
		gomail.WithFileContentType(gomail.ContentType(m.Logo.Type)))
	if err != nil {
		return fmt.Errorf("embed picture: %w", err)
	}
	return nil
}

func copied(body string) func(io.Writer) (int64, error) {
	return func(w io.Writer) (int64, error) {
		n, err := io.WriteString(w, body)
		return int64(n), err
	}
}

// wire gives an address with its domain in ASCII (RFC 5891), which every relay
// takes; the local part is left as it is.
func wire(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || ascii(address[at:]) {
		return address, nil
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return "", fmt.Errorf("domain of an address: %w", err)
	}
	return address[:at+1] + domain, nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
