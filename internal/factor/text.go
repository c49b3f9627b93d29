package factor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/outbox"
	"tilgang/internal/phone"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The kinds of text message.
const (
	TextCode     = "phone_code"     // a code to be typed
	TextReplaced = "phone_replaced" // to a number that codes no longer go to
)

// textLife is how long a code works (NIST SP 800-63B-4 3.1.3.2: at most ten
// minutes).
const textLife = 10 * time.Minute

const (
	keyText    = "phone_code"
	keyNumber  = "phone_number"
	keyBlock   = "phone_block"
	keyNetwork = "phone_network"
)

// Sent is how the codes of a flow stand.
type Sent struct {
	At    time.Time // when the newest was asked for; zero: none was
	Until time.Time // when it ends
	Again time.Time // from when on another may be asked for
	Live  bool      // whether it can still be typed
}

// SentTo tells how the codes of a flow to a phone stand.
func (p *Phones) SentTo(ctx context.Context, accountID, phoneID uuid.UUID, f Flow) (sent Sent, err error) {
	err = p.db.Read(ctx, func(ctx context.Context) error {
		c, err := newestCode(ctx, accountID, phoneID, f.ID)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		sent = Sent{At: c.CreatedAt, Until: c.ExpiresAt, Again: c.CreatedAt.Add(p.Limits.Pause), Live: c.UsedAt == nil && db.Now(ctx).Before(c.ExpiresAt)}
		return err
	})
	if err != nil {
		return Sent{}, fmt.Errorf("look at codes: %w", err)
	}
	return sent, nil
}

// SendPending sends a new code to the phone being set up; the one before is
// void. Faults: Conflict CodeGone, TooMany, Unavailable.
func (p *Phones) SendPending(ctx context.Context, accountID uuid.UUID, f Flow) error {
	return p.sendTo(ctx, accountID, f, pendingPhone, false)
}

// SendCode sends a new code to the phone on file; the one before is void.
// Faults: as SendPending.
func (p *Phones) SendCode(ctx context.Context, accountID uuid.UUID, f Flow) error {
	return p.sendTo(ctx, accountID, f, confirmedPhone, true)
}

func (p *Phones) sendTo(ctx context.Context, accountID uuid.UUID, f Flow, find which, proven bool) error {
	err := p.db.Tx(ctx, func(ctx context.Context) error {
		row, err := find(ctx, accountID)
		if errors.Is(err, db.ErrNotFound) {
			return fault.New(fault.Conflict, PhoneGone)
		}
		if err != nil {
			return err
		}
		number, err := p.openSeed(ctx, row)
		if err != nil {
			return err
		}
		return p.send(ctx, row, string(number), f, proven)
	})
	if errors.Is(err, db.ErrDuplicate) && !db.InTx(ctx) {
		return nil // the other half of a double click has sent it
	}
	if err != nil {
		return fmt.Errorf("send code: %w", err)
	}
	return nil
}

// send stores a fresh code and its message, within the bounds.
func (p *Phones) send(ctx context.Context, row authenticator, number string, f Flow, proven bool) error {
	if p.Text == nil {
		return fault.New(fault.Unavailable, PhoneUnavailable)
	}
	tenantID, _ := db.TenantID(ctx)
	if err := touch(ctx, row.ID); err != nil {
		return err
	}
	now := db.Now(ctx)
	c := phoneCode{
		ID: uuid.Must(uuid.NewV7()), AccountID: row.AccountID, FactorID: row.ID, Flow: f.ID, Slot: now.Unix() / int64(p.Limits.Pause.Seconds()),
		NumberKey: p.box.Keyed(keyNumber, tenantID, number), BlockKey: []byte{}, NetworkKey: p.box.Keyed(keyNetwork, tenantID, f.Network),
		CreatedAt: now, ExpiresAt: now.Add(textLife),
	}
	if !proven {
		c.BlockKey = p.box.Keyed(keyBlock, tenantID, phone.Block(number))
	}
	if err := p.allow(ctx, c); err != nil {
		return err
	}
	digits := secret.Code(codeDigits)
	sealed, err := p.box.Seal([]byte(digits), tenantID.String(), "phone_codes", "sealed")
	if err != nil {
		return fmt.Errorf("seal code: %w", err)
	}
	c.Sealed, c.CodeHash = sealed, p.hashText(tenantID, c.ID, digits)
	if err := insertCode(ctx, c); err != nil {
		return err
	}
	if err := p.Text(ctx, Text{Kind: TextCode, AccountID: row.AccountID, To: number, RefID: c.ID, Host: bare(f.Host)}); err != nil {
		return err
	}
	return audit.Record(ctx, event("factor.code_sent", row.AccountID, map[string]any{"factor": row.ID.String(), "proven": proven}))
}

func (p *Phones) hashText(tenantID, id uuid.UUID, digits string) []byte {
	return p.box.Keyed(keyText, tenantID, id.String()+" "+digits)
}

// bare is a host without its port.
func bare(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// spendText uses the newest code of a flow, once; wrong ones count for the day.
func (p *Phones) spendText(ctx context.Context, row authenticator, f Flow, digits string) (refusal string, err error) {
	if err := touch(ctx, row.ID); err != nil {
		return "", err
	}
	wrong, err := wrongSince(ctx, row.AccountID, db.Now(ctx).Add(-day))
	if err != nil {
		return "", err
	}
	if wrong >= p.Limits.Wrong {
		return PhoneDay, nil
	}
	c, err := newestCode(ctx, row.AccountID, row.ID, f.ID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return PhoneNone, nil
	case err != nil:
		return "", err
	case c.UsedAt != nil:
		return PhoneUsed, nil
	case !db.Now(ctx).Before(c.ExpiresAt):
		return PhoneNone, nil
	}
	tenantID, _ := db.TenantID(ctx)
	err = useText(ctx, c.ID, p.hashText(tenantID, c.ID, digits))
	if errors.Is(err, db.ErrNotFound) {
		return PhoneWrong, countWrong(ctx, c.ID)
	}
	if err != nil {
		return "", err
	}
	return "", used(ctx, row.ID)
}

// MessageKinds are the text messages.
func (p *Phones) MessageKinds() []message.Kind {
	return []message.Kind{
		{Name: TextCode, Lane: outbox.Security, Text: p.textOfCode},
		{Name: TextReplaced, Lane: outbox.Security, Text: textOfReplaced},
	}
}

// ArgHost is the argument of a text message that holds Text.Host.
const ArgHost = "host"

// textOfCode ends in the line by which a phone offers the code on the right host
// alone (WICG "Origin-bound one-time codes delivered via SMS"). What comes too
// late to be typed is not sent.
func (p *Phones) textOfCode(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
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
	digits, err := p.box.Open(c.Sealed, t.ID.String(), "phone_codes", "sealed")
	if err != nil {
		return "", fmt.Errorf("open code: %w", err)
	}
	return words.T("factor.phone.text", "Code", string(digits), "Employer", t.Name, "Minutes", int(textLife.Minutes())) + "\n\n@" + m.Args[ArgHost] + " #" + string(digits), nil
}

func textOfReplaced(_ context.Context, _ message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	return words.T("factor.phone.replaced_text", "Employer", t.Name), nil
}

// capped tells the log whose bound was reached: somebody may be pumping.
func (p *Phones) capped(ctx context.Context, bound string, wait time.Duration) error {
	t := tenant.MustFrom(ctx)
	p.Log.LogAttrs(ctx, slog.LevelError, "text messages reached a bound", slog.String("bound", bound), slog.String("tenant", t.Slug), slog.Duration("wait", wait))
	return fault.New(fault.TooMany, PhoneCapped, "Wait", wait).After(wait)
}

func has(kinds []string, kind string) bool { return slices.Contains(kinds, kind) }

func rowOf(rows []authenticator, kind string) (authenticator, bool) {
	i := slices.IndexFunc(rows, func(r authenticator) bool { return r.Kind == kind })
	if i < 0 {
		return authenticator{}, false
	}
	return rows[i], true
}
