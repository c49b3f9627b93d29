package email

import "context"

// Mail is one finished message to one person.
type Mail struct {
	ID       string // stable over resends, becomes the Message-ID; letters, digits, ". _ -", at most 100
	Tenant   string // slug, for the practice mailbox and for logs; not sent
	Kind     string // what it is about, e.g. "invite"; sent as X-Tilgang-Kind
	From     string // bare address, also the envelope's sender
	FromName string // shown name, may be empty
	To       string // bare address, exactly one
	ReplyTo  string // bare address, may be empty
	Stream   string // the carrier's own word for where reports on it go (SES: configuration set), may be empty
	Subject  string
	Text     string            // plain text part, required
	HTML     string            // may be empty
	Headers  map[string]string // further headers; none that the package writes itself
	Logo     *Inline           // picture that the HTML shows as "cid:<CID>", may be nil
}

// Inline is a picture carried inside the mail.
type Inline struct {
	CID  string // as in cid:logo, letters, digits, ". _ -", at most 100
	Type string // image/png, image/jpeg, image/gif or image/svg+xml
	Data []byte // at most 128 KiB
}

// Receipt is what the carrier said when it took the mail.
type Receipt struct {
	ProviderID string // the carrier's own id, or ours when it names none
}

// Sender hands mails over; it is safe for concurrent use, and its errors are read with Class.
type Sender interface {
	Send(ctx context.Context, m Mail) (Receipt, error)
	Close() error
}
