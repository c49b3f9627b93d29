package security

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// kindProof is the mail to an address that an account is to sign in with.
const kindProof = "address_proof"

// prepareProof writes the mail inside the claim. Only here is it asked whose the
// address is: where it is somebody else's no code is made, and the mailbox is
// told so.
func (s *Service) prepareProof(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	p, err := proofByID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, err
	}
	wanted, err := s.wanted(ctx, p)
	if err != nil {
		return render.Doc{}, err
	}
	if !wanted {
		return render.Doc{}, message.ErrNotWanted
	}
	taken, err := elsewhere(ctx, p.AccountID, p.AddressKey)
	if err != nil {
		return render.Doc{}, err
	}
	l := proofLetter{Message: m, words: words, t: t, portal: s.Portal(t)}
	if taken {
		return l.taken(), nil
	}
	code, until, err := s.codeOf(ctx, p)
	if err != nil {
		return render.Doc{}, err
	}
	return l.code(code, until), nil
}

// wanted tells whether a proof is still the newest of its session, can still be
// typed, and is not one mail too many for its mailbox.
func (s *Service) wanted(ctx context.Context, p proof) (bool, error) {
	now := db.Now(ctx)
	newest, err := newestProof(ctx, p.AccountID, p.SessionID)
	if err != nil || newest.ID != p.ID || p.UsedAt != nil {
		return false, err
	}
	n, err := countTo(ctx, p.AddressKey, now.Add(-time.Hour))
	return n <= mostTo, err
}

// codeOf makes the code, or gives the one of an earlier try of the mail.
func (s *Service) codeOf(ctx context.Context, p proof) (code string, until time.Time, err error) {
	place := []string{p.TenantID.String(), "address_proofs", "sealed", p.ID.String()}
	if p.CodeHash != nil {
		plain, err := s.Box.Open(p.Sealed, place...)
		if err != nil {
			return "", until, fmt.Errorf("open code: %w", err)
		}
		return string(plain), p.ExpiresAt, nil
	}
	code, until = secret.Code(codeDigits), db.Now(ctx).Add(proofLife)
	sealed, err := s.Box.Seal([]byte(code), place...)
	if err != nil {
		return "", until, fmt.Errorf("seal code: %w", err)
	}
	if err := mintProof(ctx, p.ID, s.hashProof(p, code), sealed, until); err != nil {
		return "", until, fmt.Errorf("store code: %w", err)
	}
	return code, until, nil
}

// proofLetter is the mail in the making.
type proofLetter struct {
	message.Message
	words  *i18n.Localizer
	t      *tenant.Tenant
	portal string
}

func (l proofLetter) say(key string, kv ...any) string {
	return l.words.T(key, append(kv, "Employer", l.t.Name, "Address", l.To)...)
}

func (l proofLetter) code(code string, until time.Time) render.Doc {
	d := message.Letter(l.words, l.t, l.portal)
	d.Subject, d.Preheader, d.Heading = l.say("mail.address_proof.subject"), l.say("mail.address_proof.preheader"), l.say("mail.address_proof.heading")
	d.Blocks = []render.Block{render.Paragraph{Text: l.say("mail.address_proof.text")}, render.Code{Label: l.say("mail.address_proof.code"), Value: code}}
	d.Expires = l.say("mail.address_proof.until", "When", until)
	d.NotYou, d.Why = l.say("mail.address_proof.not_you"), l.say("mail.why.address_proof")
	return d
}

func (l proofLetter) taken() render.Doc {
	d := message.Letter(l.words, l.t, l.portal)
	d.Subject, d.Preheader, d.Heading = l.say("mail.address_proof.taken_subject"), l.say("mail.address_proof.taken_preheader"), l.say("mail.address_proof.taken_heading")
	d.Blocks = []render.Block{render.Paragraph{Text: l.say("mail.address_proof.taken_text")}}
	d.NotYou, d.Why = l.say("mail.address_proof.taken_not_you"), l.say("mail.why.address_proof")
	return d
}
