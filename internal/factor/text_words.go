package factor

import (
	"context"
	"errors"
	"fmt"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// MessageKinds are the text messages and calls.
func (p *Phones) MessageKinds() []message.Kind {
	return []message.Kind{
		{Name: TextCode, Lane: outbox.Security, Text: p.textOfCode},
		{Name: CallCode, Lane: outbox.Security, Speak: p.callOfCode},
		{Name: TextReplaced, Lane: outbox.Security, Text: textOfReplaced},
	}
}

// ArgHost is the argument of a text message that holds Text.Host.
const ArgHost = "host"

// textOfCode ends in the line by which a phone offers the code on the right host
// alone (WICG "Origin-bound one-time codes delivered via SMS"). What comes too
// late to be typed is not sent.
func (p *Phones) textOfCode(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	digits, err := p.wanted(ctx, m, t)
	if err != nil {
		return "", err
	}
	return words.T("factor.phone.text", "Code", digits, "Employer", t.Name, "Minutes", int(textLife.Minutes())) + "\n\n@" + m.Args[ArgHost] + " #" + digits, nil
}

// callOfCode says the code twice, since nobody has a pen at hand the first time.
func (p *Phones) callOfCode(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (message.Spoken, error) {
	digits, err := p.wanted(ctx, m, t)
	if err != nil {
		return message.Spoken{}, err
	}
	return message.Spoken{Words: words.T("factor.phone.call", "Code", digits, "Employer", t.Name, "Minutes", int(textLife.Minutes())), Digits: digits}, nil
}

// wanted is the code of a message while it can be typed; else ErrNotWanted.
func (p *Phones) wanted(ctx context.Context, m message.Message, t *tenant.Tenant) (digits string, err error) {
	c, err := codeByID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) {
		return "", message.ErrNotWanted
	}
	if err != nil {
		return "", err
	}
	newest, err := newestCode(ctx, c.AccountID, c.FactorID, c.Flow)
	if err != nil {
		return "", err
	}
	if newest.ID != c.ID || c.UsedAt != nil || len(c.Sealed) == 0 || !db.Now(ctx).Before(c.ExpiresAt) {
		return "", message.ErrNotWanted
	}
	plain, err := p.box.Open(c.Sealed, t.ID.String(), "phone_codes", "sealed")
	if err != nil {
		return "", fmt.Errorf("open code: %w", err)
	}
	return string(plain), nil
}

func textOfReplaced(_ context.Context, _ message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	return words.T("factor.phone.replaced_text", "Employer", t.Name), nil
}
