package security

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// TextPhone is the phone by which somebody without an e-mail address gets back in.
type TextPhone struct {
	Offered bool   // the employer sends text messages, and no address stands before them
	Phone   string // E.164; empty for none
	Reached bool   // nothing stands in the way: HR has had no other number since
	Since   time.Time
}

// phoneProof is a new phone on its way to being proven.
type phoneProof struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	ID        uuid.UUID `gorm:"primaryKey"`
	AccountID uuid.UUID
	SessionID uuid.UUID
	Sealed    []byte // the number, until it is proven
	TouchedAt *time.Time
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// TableName implements gorm's Tabler.
func (phoneProof) TableName() string { return "phone_proofs" }

// over tells whether nothing can be typed for a proof any more.
func (p phoneProof) over(now time.Time) bool { return p.UsedAt != nil || !now.Before(p.ExpiresAt) }

// textPhone adds the phone that text messages go to; the person is known by then.
func (o *Overview) textPhone(names []account.Identifier, t *tenant.Tenant, carried bool) {
	mailed := slices.ContainsFunc(o.Addresses, func(i account.Identifier) bool { return i.Kind != account.Work || o.Standing != people.Alumnus })
	o.TextPhone.Offered = carried && t.Invitation.Texts() && o.Number != "" && !mailed
	for _, i := range names {
		if i.Phone == "" {
			continue
		}
		o.TextPhone.Phone, o.TextPhone.Reached, o.TextPhone.Since = i.Phone, people.Texted(o.Person, i, t), i.VerifiedAt
		if i.PhoneAt != nil {
			o.TextPhone.Since = *i.PhoneAt
		}
	}
}

// CheckNumber reads a typed number before anything secret is compared. Faults are
// Invalid at phone.
func (s *Service) CheckNumber(ctx context.Context, o Overview, typed, country string) (phone.Number, error) {
	n, err := phone.Parse(typed, country, tenant.MustFrom(ctx).PhoneCountries())
	if err == nil && o.TextPhone.Reached && o.TextPhone.Phone == n.E164 {
		err = fault.Field("phone", codeOwnPhone)
	}
	return n, err
}

// AskNumber sends a code to the phone that text messages about the account are to
// go to. Sent a second time within half a minute it changes nothing. Faults:
// Conflict account.CodeFrozen; Invalid at phone "security.texts.factor"; TooMany
// and Unavailable.
func (s *Service) AskNumber(ctx context.Context, p Passed, o Overview, n phone.Number, network string) error {
	if err := p.covers(ActTexts); err != nil {
		return err
	}
	if !o.TextPhone.Offered {
		return fault.New(fault.Conflict, codeStale)
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := account.MayChange(ctx, o.Account.ID); err != nil {
			return err
		}
		if err := s.notFactor(ctx, o.Account.ID, n.E164, fault.Field("phone", codeFactorPhone)); err != nil {
			return err
		}
		row, err := s.keepNumber(ctx, p.Session, o, n.E164)
		if err != nil {
			return err
		}
		return s.Phones.SendNewcomer(ctx, s.newcomer(row, o, n.E164), flowOf(p.Session, network))
	})
	if f, known := fault.As(err); errors.Is(err, db.ErrDuplicate) || known && f.Code == factor.PhoneWait {
		return nil // the other half of a double click
	}
	if err != nil {
		return fmt.Errorf("ask for a phone: %w", err)
	}
	return nil
}

// notFactor refuses the number of a second factor: one phone is never both steps.
func (s *Service) notFactor(ctx context.Context, accountID uuid.UUID, number string, refusal error) error {
	is, err := s.Phones.IsFactor(ctx, accountID, number)
	if err == nil && is {
		err = refusal
	}
	return err
}

// keepNumber gives the proof of a number in a session, the one under way where it
// is the same.
func (s *Service) keepNumber(ctx context.Context, ses session.Session, o Overview, number string) (phoneProof, error) {
	former, err := newestPhone(ctx, o.Account.ID, ses.ID)
	if err == nil && !former.over(db.Now(ctx)) {
		same, err := s.numberOf(former)
		if err != nil || same == number {
			return former, err
		}
	}
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return former, err
	}
	tenantID, _ := db.TenantID(ctx)
	row := phoneProof{ID: uuid.Must(uuid.NewV7()), TenantID: tenantID, AccountID: o.Account.ID, SessionID: ses.ID, CreatedAt: db.Now(ctx), ExpiresAt: db.Now(ctx).Add(proofLife)}
	if row.Sealed, err = s.Box.Seal([]byte(number), placeOf(row)...); err != nil {
		return row, fmt.Errorf("seal phone: %w", err)
	}
	return row, insertPhone(ctx, &row)
}

// placeOf is where a sealed number belongs: one row only.
func placeOf(p phoneProof) []string {
	return []string{p.TenantID.String(), "phone_proofs", "sealed", p.ID.String()}
}

func (s *Service) numberOf(p phoneProof) (string, error) {
	plain, err := s.Box.Open(p.Sealed, placeOf(p)...)
	if err != nil {
		return "", fmt.Errorf("open phone: %w", err)
	}
	return string(plain), nil
}

// newcomer is the phone for the codes. They count for the account, together with
// those of its factor; the account is locked before the proof, as whoever changes
// it does.
func (s *Service) newcomer(p phoneProof, o Overview, number string) factor.Newcomer {
	return factor.Newcomer{
		ID: p.AccountID, PhoneID: p.ID, Number: number, Language: o.Person.Language,
		Touch: func(ctx context.Context) error {
			return errors.Join(account.Lock(ctx, p.AccountID), touchPhone(ctx, p.ID))
		},
	}
}

// flowOf asks for a text message: a call would prove no phone that gets them.
func flowOf(ses session.Session, network string) factor.Flow {
	return factor.Flow{ID: ses.ID, Host: ses.Host, Network: network, Channel: factor.SMS}
}

// Dialled is the phone being proven in a session, and how its codes stand.
type Dialled struct {
	Masked string
	Sent   factor.Sent

	proof  phoneProof
	number string
}

// Dialling is the phone being proven in a session; the Expired fault
// "security.texts.gone" when there is none.
func (s *Service) Dialling(ctx context.Context, ses session.Session, o Overview) (d Dialled, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		d.proof, err = newestPhone(ctx, o.Account.ID, ses.ID)
		if errors.Is(err, db.ErrNotFound) || err == nil && d.proof.over(db.Now(ctx)) || err == nil && !o.TextPhone.Offered {
			return fault.New(fault.Expired, codePhoneGone)
		}
		if err == nil {
			d.number, err = s.numberOf(d.proof)
		}
		return err
	})
	if err != nil {
		return Dialled{}, fmt.Errorf("find the phone: %w", err)
	}
	d.Masked = phone.Mask(d.number)
	d.Sent, err = s.Phones.SentTo(ctx, o.Account.ID, d.proof.ID, flowOf(ses, ""))
	return d, err
}

// DialAgain sends the phone being proven another code; the one before is void.
// Faults: those of Dialling, TooMany, Unavailable.
func (s *Service) DialAgain(ctx context.Context, ses session.Session, o Overview, network string) error {
	d, err := s.Dialling(ctx, ses, o)
	if err != nil {
		return err
	}
	if err := s.frozen(ctx, o.Account.ID); err != nil {
		return err
	}
	return s.Phones.SendNewcomer(ctx, s.newcomer(d.proof, o, d.number), flowOf(ses, network))
}

// ProveNumber takes the code that the phone was sent, once, in the session that
// asked: from then on text messages about the account go there. The phone before,
// and one that is a factor, is told; links that were sent before stop working. The
// try is counted before anything is compared. Faults: those of Dialling and of
// factor.ConfirmPhone; Conflict "security.texts.factor".
func (s *Service) ProveNumber(ctx context.Context, ses session.Session, o Overview, typed, network string) (masked string, err error) {
	d, err := s.Dialling(ctx, ses, o)
	if err != nil {
		return "", err
	}
	err = s.Phones.ProveNewcomer(ctx, s.newcomer(d.proof, o, d.number), flowOf(ses, network), typed, func(ctx context.Context, _ string) error {
		return s.putNumber(ctx, o, d)
	})
	if err != nil {
		return "", fmt.Errorf("prove the phone: %w", err)
	}
	return d.Masked, nil
}

// putNumber is the rest of the transaction that used the code.
func (s *Service) putNumber(ctx context.Context, o Overview, d Dialled) error {
	id := o.Account.ID
	if err := useProven(ctx, d.proof.ID); err != nil {
		return err
	}
	if err := s.notFactor(ctx, id, d.number, fault.New(fault.Conflict, codeFactorPhone)); err != nil {
		return err
	}
	who, err := people.ByID(ctx, o.Account.PersonID)
	if err != nil {
		return err
	}
	var before []string
	old, err := account.PhoneOf(ctx, id)
	if err != nil {
		return err
	}
	if old != "" && old != d.number {
		before = append(before, old)
	}
	if err := account.SetPhone(ctx, id, d.number, who.Phone); err != nil {
		return err
	}
	if err := s.Phones.TellPhones(ctx, id, message.TextsMoved, uuid.Nil, before...); err != nil {
		return err
	}
	return record(ctx, "security.phone_proven", id, map[string]any{"proof": d.proof.ID.String()})
}

// SweepPhones deletes what was asked for more than two days ago and tells how
// many.
func (s *Service) SweepPhones(ctx context.Context) (n int64, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) (err error) {
		n, err = sweepPhones(ctx, db.Now(ctx).Add(-48*time.Hour))
		return
	})
	if err != nil {
		return 0, fmt.Errorf("sweep phones: %w", err)
	}
	return n, nil
}
