package sendertest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// ReceivedMail is a mail as its reader sees it; lines end in LF.
type ReceivedMail struct {
	MessageID    string // without angle brackets
	EnvelopeFrom string // empty when there was no envelope
	EnvelopeTo   []string
	From         mail.Address
	To           mail.Address
	Subject      string
	Text, HTML   string
	Inline       map[string][]byte // pictures by Content-ID
	Header       mail.Header       // nil when there were no headers
	Raw          []byte            // nil when there was no wire
}

// Parse reads a raw mail of at most one recipient.
func Parse(raw []byte) (ReceivedMail, error) {
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ReceivedMail{}, fmt.Errorf("read mail: %w", err)
	}
	m := ReceivedMail{Header: msg.Header, Raw: raw, Inline: map[string][]byte{}}
	m.MessageID = strings.Trim(msg.Header.Get("Message-Id"), "<>")
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return m, fmt.Errorf("read subject: %w", err)
	}
	if err := m.addresses(); err != nil {
		return m, err
	}
	return m, m.part(textproto.MIMEHeader(msg.Header), msg.Body, 0)
}

func (m *ReceivedMail) addresses() error {
	from, err := mail.ParseAddress(m.Header.Get("From"))
	if err != nil {
		return fmt.Errorf("read from: %w", err)
	}
	to, err := mail.ParseAddress(m.Header.Get("To"))
	if err != nil {
		return fmt.Errorf("read to: %w", err)
	}
	m.From, m.To = *from, *to
	return nil
}

func (m *ReceivedMail) part(header textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("read content type: %w", err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.parts(multipart.NewReader(body, params["boundary"]), depth)
	}
	data, err := io.ReadAll(decoded(header, body))
	if err != nil {
		return fmt.Errorf("read part: %w", err)
	}
	m.keep(kind, header, data)
	return nil
}

func (m *ReceivedMail) parts(r *multipart.Reader, depth int) error {
	if depth > 4 {
		return errors.New("parts are nested too deep")
	}
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read parts: %w", err)
		}
		if err := m.part(p.Header, p, depth+1); err != nil {
			return err
		}
	}
}

func (m *ReceivedMail) keep(kind string, header textproto.MIMEHeader, data []byte) {
	switch id := strings.Trim(header.Get("Content-Id"), "<>"); {
	case id != "":
		m.Inline[id] = data
	case kind == "text/html":
		m.HTML = unixLines(data)
	case kind == "text/plain":
		m.Text = unixLines(data)
	}
}

func decoded(header textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}

func unixLines(data []byte) string { return strings.ReplaceAll(string(data), "\r\n", "\n") }
