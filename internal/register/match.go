package register

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/identity"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// match is whose a registration is.
type match struct {
	person uuid.UUID      // Nil: nobody's
	proof  identity.Proof // zero: none was asked for
	sure   bool           // the electronic ID names the person; else the address alone does
}

// match takes the proof of an attempt and finds whose it is: by the national
// number, by an identity that is tied to a person beyond doubt, else by the
// address, where HR has no number of that person. errProof when a proof is owed.
func (s *Service) match(ctx context.Context, a attempt.Attempt) (m match, err error) {
	proof, err := identity.Take(ctx, a.ID)
	if fault.KindOf(err) == fault.Expired {
		return s.byAddress(ctx, a)
	}
	if err != nil {
		return m, err
	}
	m.proof = proof
	person, err := identity.PersonOf(ctx, proof)
	switch {
	case err == nil:
		m.person, m.sure = person.ID, true
		return m, nil
	case !errors.Is(err, db.ErrNotFound):
		return m, err
	}
	if m.person, err = byLink(ctx, proof); err != nil || m.person != uuid.Nil {
		m.sure = true
		return m, err
	}
	p, one, err := s.onFile(ctx, a)
	if err == nil && one && identity.Compare(proof, p) == identity.Unsure {
		m.person = p.ID
	}
	return m, err
}

// byLink is the person whose account an identity is tied to beyond doubt.
func byLink(ctx context.Context, proof identity.Proof) (uuid.UUID, error) {
	l, err := identity.Owner(ctx, proof)
	if errors.Is(err, db.ErrNotFound) || err == nil && !l.Proven {
		return uuid.Nil, nil
	}
	if err != nil {
		return uuid.Nil, err
	}
	acc, err := account.ByID(ctx, l.AccountID)
	return acc.PersonID, err
}

// byAddress is the person of an address that is enough by itself; nobody's where
// it is not, and the employer has no provider to ask.
func (s *Service) byAddress(ctx context.Context, a attempt.Attempt) (m match, err error) {
	t := tenant.MustFrom(ctx)
	if t.Alumni.Proofing == tenant.ProofAlways {
		return m, errProof()
	}
	p, one, err := s.onFile(ctx, a)
	if err == nil && !one && len(t.Proofs()) > 0 {
		err = errProof()
	}
	m.person = p.ID
	return m, err
}

// onFile is the one person who has left, and has no account, of whom HR has the
// attempt's address: for them the mailbox says something. An account is never
// widened by an address that HR wrote down.
func (s *Service) onFile(ctx context.Context, a attempt.Attempt) (p people.Person, one bool, err error) {
	list, err := people.ByPrivate(ctx, a.AddressKey)
	if err != nil || len(list) != 1 {
		return p, false, err
	}
	_, standing, err := people.SubjectOf(ctx, list[0].ID, s.DB.Now(), tenant.MustFrom(ctx))
	if err != nil || standing != people.Alumnus {
		return p, false, err
	}
	_, err = account.ByPerson(ctx, list[0].ID)
	if errors.Is(err, db.ErrNotFound) {
		return list[0], true, nil
	}
	return p, false, err
}
