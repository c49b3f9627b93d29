package practice

import (
	"context"

	"tilgang/internal/message/email"
	"tilgang/internal/message/sms"
	"tilgang/internal/message/voice"
)

var _ email.Sender = (*Mailbox)(nil)

// Send takes a mail as a real carrier would: it refuses what email.Check
// refuses, and its receipt names the entry.
func (m *Mailbox) Send(ctx context.Context, mail email.Mail) (email.Receipt, error) {
	if err := mail.Check(); err != nil {
		return email.Receipt{}, email.Refuse(email.Permanent, "check", err)
	}
	if ctx.Err() != nil {
		return email.Receipt{}, email.Refuse(email.Retry, "wait", context.Cause(ctx))
	}
	kept, err := m.Deliver(Entry{
		ID: mail.ID, Tenant: mail.Tenant, Kind: mail.Kind, Channel: Email,
		To: mail.To, From: shown(mail), Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML,
	})
	if err != nil {
		return email.Receipt{}, email.Refuse(email.Retry, "accept", err)
	}
	return email.Receipt{ProviderID: kept.ID}, nil
}

// shown is the sender as a mail program shows it.
func shown(mail email.Mail) string {
	if mail.FromName == "" {
		return mail.From
	}
	return mail.FromName + " <" + mail.From + ">"
}

// Texts is the mailbox as a carrier of text messages.
func (m *Mailbox) Texts() sms.Sender { return texts{m} }

type texts struct{ *Mailbox }

// Send takes a text as a real carrier would: it refuses what Text.Check refuses.
func (m texts) Send(ctx context.Context, t sms.Text) (email.Receipt, error) {
	if err := t.Check(); err != nil {
		return email.Receipt{}, email.Refuse(email.Permanent, "check", err)
	}
	if ctx.Err() != nil {
		return email.Receipt{}, email.Refuse(email.Retry, "wait", context.Cause(ctx))
	}
	kept, err := m.Deliver(Entry{ID: t.ID, Tenant: t.Tenant, Kind: t.Kind, Channel: SMS, To: t.To, From: t.From, Text: t.Body})
	if err != nil {
		return email.Receipt{}, email.Refuse(email.Retry, "accept", err)
	}
	return email.Receipt{ProviderID: kept.ID}, nil
}

// Calls is the mailbox as a carrier of calls.
func (m *Mailbox) Calls() voice.Sender { return calls{m} }

type calls struct{ *Mailbox }

// Send takes a call as a real carrier would: it refuses what Call.Check refuses.
// The entry shows what is said.
func (m calls) Send(ctx context.Context, c voice.Call) (email.Receipt, error) {
	if err := c.Check(); err != nil {
		return email.Receipt{}, email.Refuse(email.Permanent, "check", err)
	}
	if ctx.Err() != nil {
		return email.Receipt{}, email.Refuse(email.Retry, "wait", context.Cause(ctx))
	}
	kept, err := m.Deliver(Entry{ID: c.ID, Tenant: c.Tenant, Kind: c.Kind, Channel: Voice, To: c.To, Text: c.Plain()})
	if err != nil {
		return email.Receipt{}, email.Refuse(email.Retry, "accept", err)
	}
	return email.Receipt{ProviderID: kept.ID}, nil
}
