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
		return p.send(ctx, holderOf(row, string(number), proven), f)
	})
	if errors.Is(err, db.ErrDuplicate) && !db.InTx(ctx) {
		return nil // the other half of a double click has sent it
	}
	if err != nil {
		return fmt.Errorf("send code: %w", err)
	}
	return nil
}

// holder is whose phone a code goes to.
type holder struct {
	id, phone uuid.UUID // of the account, or of what stands for it until there is one
	account   uuid.UUID // Nil: there is none yet
	language  string    // of somebody without an account
	number    string
	proven    bool
	touch     func(context.Context) error // makes sends and tries wait for each other
}

// holderOf is the holder of an account's phone.
func holderOf(row authenticator, number string, proven bool) holder {
	return holder{
		id: row.AccountID, phone: row.ID, account: row.AccountID, number: number, proven: proven,
		touch: func(ctx context.Context) error { return touch(ctx, row.ID) },
	}
}

// send stores a fresh code and its message, within the bounds.
func (p *Phones) send(ctx context.Context, h holder, f Flow) error {
	channel, err := p.by(ctx, h, f)
	if err != nil {
		return err
	}
	if err := h.touch(ctx); err != nil {
		return err
	}
	c, err := p.fresh(ctx, h, f, channel)
	if err != nil {
		return err
	}
	if err := insertCode(ctx, c); err != nil {
		return err
	}
	kind := map[string]string{SMS: TextCode, Voice: CallCode}[channel]
	if err := p.Text(ctx, Text{Kind: kind, AccountID: h.account, Language: h.language, To: h.number, RefID: c.ID, Host: bare(f.Host)}); err != nil {
		return err
	}
	return audit.Record(ctx, event("factor.code_sent", h.id, map[string]any{"factor": h.phone.String(), "channel": channel, "proven": h.proven}))
}

// fresh is a new code, within the bounds.
func (p *Phones) fresh(ctx context.Context, h holder, f Flow, channel string) (phoneCode, error) {
	tenantID, _ := db.TenantID(ctx)
	now := db.Now(ctx)
	c := phoneCode{
		ID: uuid.Must(uuid.NewV7()), AccountID: h.id, FactorID: h.phone, Flow: f.ID, Slot: now.Unix() / int64(p.Limits.Pause.Seconds()), Channel: channel,
		NumberKey: p.box.Keyed(keyNumber, tenantID, h.number), BlockKey: []byte{}, NetworkKey: p.box.Keyed(keyNetwork, tenantID, f.Network),
		CreatedAt: now, ExpiresAt: now.Add(textLife),
	}
	if !h.proven {
		c.BlockKey = p.box.Keyed(keyBlock, tenantID, phone.Block(h.number))
	}
	if err := p.allow(ctx, c); err != nil {
		return c, err
	}
	digits := secret.Code(codeDigits)
	sealed, err := p.box.Seal([]byte(digits), tenantID.String(), "phone_codes", "sealed")
	if err != nil {
		return c, fmt.Errorf("seal code: %w", err)
	}
	c.Sealed, c.CodeHash = sealed, p.hashText(tenantID, c.ID, digits)
	return c, nil
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

// spendText uses the newest code of a flow to an account's phone, once.
func (p *Phones) spendText(ctx context.Context, row authenticator, f Flow, digits string) (refusal string, err error) {
	channel, refusal, err := p.spendCode(ctx, holderOf(row, "", true), f, digits)
	if refusal != "" || err != nil {
		return refusal, err
	}
	return "", used(ctx, row.ID, channel)
}

// spendCode uses the newest code of a flow, once, and tells how it came; wrong
// ones count for the day.
func (p *Phones) spendCode(ctx context.Context, h holder, f Flow, digits string) (channel, refusal string, err error) {
	if err := h.touch(ctx); err != nil {
		return "", "", err
	}
	wrong, err := wrongSince(ctx, h.id, db.Now(ctx).Add(-day))
	if err != nil {
		return "", "", err
	}
	if wrong >= p.Limits.Wrong {
		return "", PhoneDay, nil
	}
	c, err := newestCode(ctx, h.id, h.phone, f.ID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return "", PhoneNone, nil
	case err != nil:
		return "", "", err
	case c.UsedAt != nil:
		return "", PhoneUsed, nil
	case !db.Now(ctx).Before(c.ExpiresAt):
		return "", PhoneNone, nil
	}
	tenantID, _ := db.TenantID(ctx)
	err = useText(ctx, c.ID, p.hashText(tenantID, c.ID, digits))
	if errors.Is(err, db.ErrNotFound) {
		return "", PhoneWrong, countWrong(ctx, c.ID)
	}
	return c.Channel, "", err
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
