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
	"tilgang/internal/message"
	"tilgang/internal/phone"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The kinds of text message and call.
const (
	TextCode     = "phone_code"     // a code to be typed
	CallCode     = "phone_call"     // a code to be typed, spoken
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
	By    string    // SMS or Voice; empty: none was
	Fate  Fate      // what is known of its way
}

// Fate is what is known of the way of a code to its phone.
type Fate string

// Under way: nothing is amiss yet. Failed: the carrier did not take it. Late:
// half a minute has passed and nobody has said that it arrived, or typed it.
const (
	UnderWay Fate = ""
	Failed   Fate = "failed"
	Late     Fate = "late"
)

// lateAfter is when a code is taken for lost.
const lateAfter = 30 * time.Second

// SentTo tells how the codes of a flow to a phone stand.
func (p *Phones) SentTo(ctx context.Context, accountID, phoneID uuid.UUID, f Flow) (sent Sent, err error) {
	err = p.db.Read(ctx, func(ctx context.Context) error {
		c, err := newestCode(ctx, accountID, phoneID, f.ID)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		sent = Sent{
			At: c.CreatedAt, Until: c.ExpiresAt, Again: c.CreatedAt.Add(p.Limits.Pause), By: c.Channel,
			Live: c.UsedAt == nil && db.Now(ctx).Before(c.ExpiresAt),
		}
		sent.Fate, err = fateOf(ctx, c)
		return err
	})
	if err != nil {
		return Sent{}, fmt.Errorf("look at codes: %w", err)
	}
	return sent, nil
}

// fateOf asks how far the message of a code has come. One that waits for a
// second try has failed for the person who waits for it.
func fateOf(ctx context.Context, c phoneCode) (Fate, error) {
	m, err := message.NewestOf(ctx, c.ID)
	switch {
	case err != nil:
		return UnderWay, err
	case m.Error != "" || m.State == message.Failed || m.State == message.Bounced:
		return Failed, nil
	case m.State != message.Delivered && !db.Now(ctx).Before(c.CreatedAt.Add(lateAfter)):
		return Late, nil
	}
	return UnderWay, nil
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
	channel, err := p.by(ctx, row.AccountID, f)
	if err != nil {
		return err
	}
	tenantID, _ := db.TenantID(ctx)
	if err := touch(ctx, row.ID); err != nil {
		return err
	}
	now := db.Now(ctx)
	c := phoneCode{
		ID: uuid.Must(uuid.NewV7()), AccountID: row.AccountID, FactorID: row.ID, Flow: f.ID, Slot: now.Unix() / int64(p.Limits.Pause.Seconds()), Channel: channel,
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
	kind := map[string]string{SMS: TextCode, Voice: CallCode}[channel]
	if err := p.Text(ctx, Text{Kind: kind, AccountID: row.AccountID, To: number, RefID: c.ID, Host: bare(f.Host)}); err != nil {
		return err
	}
	return audit.Record(ctx, event("factor.code_sent", row.AccountID, map[string]any{"factor": row.ID.String(), "channel": channel, "proven": proven}))
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
	return "", used(ctx, row.ID, c.Channel)
}

// capped tells the log whose bound was reached: somebody may be pumping.
func (p *Phones) capped(ctx context.Context, bound string, calls bool, wait time.Duration) error {
	t := tenant.MustFrom(ctx)
	about := []slog.Attr{slog.String("bound", bound), slog.String("tenant", t.Slug), slog.Duration("wait", wait)}
	code := PhoneCapped
	if calls {
		code = CallsCapped
		p.Log.LogAttrs(ctx, slog.LevelError, "calls reached a bound", about...)
	} else {
		p.Log.LogAttrs(ctx, slog.LevelError, "text messages reached a bound", about...)
	}
	return fault.New(fault.TooMany, code, "Wait", wait).After(wait)
}

func has(kinds []string, kind string) bool { return slices.Contains(kinds, kind) }

func rowOf(rows []authenticator, kind string) (authenticator, bool) {
	i := slices.IndexFunc(rows, func(r authenticator) bool { return r.Kind == kind })
	if i < 0 {
		return authenticator{}, false
	}
	return rows[i], true
}
