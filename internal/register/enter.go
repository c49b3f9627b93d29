package register

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/factor"
	"tilgang/internal/fault"
	"tilgang/internal/identity"
	"tilgang/internal/people"
)

// create opens the person's account with what the registration proved.
func (s *Service) create(ctx context.Context, e *ending, person people.Person) error {
	acc, err := account.Create(ctx, account.New{
		PersonID: e.person, Kind: account.Private, Address: e.a.Address, AddressKey: e.a.AddressKey, PasswordHash: e.r.PasswordHash,
	})
	if err != nil {
		return err
	}
	e.account, e.amr = acc.ID, []string{attempt.Password}
	ctx = e.as(ctx)
	if err := s.Invitations.Revoke(ctx, e.person); err != nil && !isNothing(err) {
		return err
	}
	if _, err := s.adopt(ctx, e); err != nil {
		return err
	}
	if err := s.tie(ctx, e, acc); err != nil {
		return err
	}
	return errors.Join(account.Registered(ctx, acc.ID), s.Notices.AddressJoined(ctx, acc.ID, e.identifier(), e.besides(person)...))
}

// join widens an account by the address and gives it the new password. Whoever
// proved to be the person by an electronic ID had no less before: each factor on
// file stays and is asked for next, and a phone proven here goes on file only
// where there is none. Every way to the owner that was there hears of it.
func (s *Service) join(ctx context.Context, e *ending, person people.Person, acc account.Account) error {
	e.account, e.amr = acc.ID, []string{attempt.Password}
	ctx = e.as(ctx)
	if err := account.MayChange(ctx, acc.ID); err != nil {
		return err
	}
	if !e.proof.Level.AtLeast(identity.Substantial) {
		return errWeak() // a lost factor takes no less, and this is the password
	}
	if err := account.Reopen(ctx, acc); err != nil {
		return err
	}
	if err := s.Phones.TellPhones(ctx, acc.ID, kindText, e.r.ID); err != nil {
		return err
	}
	if err := s.addAddress(ctx, e, person); err != nil {
		return err
	}
	if err := s.rekey(ctx, e); err != nil {
		return err
	}
	adopted, err := s.adopt(ctx, e)
	if err != nil {
		return err
	}
	if adopted {
		if err := s.Notices.FactorAdded(ctx, acc.ID, factor.Phone); err != nil {
			return err
		}
	}
	if err := s.tie(ctx, e, acc); err != nil {
		return err
	}
	return account.Registered(ctx, acc.ID)
}

// addAddress lets the account be signed in to with the address too.
func (s *Service) addAddress(ctx context.Context, e *ending, person people.Person) error {
	list, err := account.Identifiers(ctx, e.account)
	if err != nil {
		return err
	}
	for _, i := range list {
		if i.AddressKey == e.a.AddressKey {
			return nil
		}
	}
	if err := account.AddIdentifier(ctx, e.account, account.Private, e.a.Address, e.a.AddressKey); err != nil {
		return err
	}
	return s.Notices.AddressJoined(ctx, e.account, e.identifier(), e.besides(person)...)
}

// rekey replaces the password; every session, what failed before and what was
// being set up end with the old one.
func (s *Service) rekey(ctx context.Context, e *ending) error {
	if err := account.SetPassword(ctx, e.account, e.r.PasswordHash); err != nil {
		return err
	}
	if err := s.Sessions.EndAll(ctx, e.account, uuid.Nil); err != nil {
		return err
	}
	if err := errors.Join(s.Counters.Lift(ctx, e.account), s.Factors.Abandon(ctx, e.account)); err != nil {
		return err
	}
	return s.Notices.PasswordChanged(ctx, e.account)
}

// adopt puts the proven phone on file where no factor is; only then is it proven
// for the attempt too.
func (s *Service) adopt(ctx context.Context, e *ending) (bool, error) {
	if e.r.PhoneProvenAt == nil {
		return false, nil
	}
	number, err := s.number(ctx, e.r)
	if err != nil {
		return false, err
	}
	adopted, err := s.Phones.Adopt(ctx, e.account, number, e.r.PhoneChannel)
	if adopted {
		e.amr = append(e.amr, attempt.Phone)
	}
	return adopted, err
}

// tie keeps the proof with the account: as the person's identity, or as a question
// to HR where nothing but the address says whose it is. An identity that another
// account has is left to the page that moves it.
func (s *Service) tie(ctx context.Context, e *ending, acc account.Account) error {
	if e.proof.Connector == "" {
		return nil
	}
	if !e.sure {
		return identity.Ask(ctx, acc, e.proof)
	}
	_, err := identity.Link(ctx, acc.ID, e.proof, true)
	if f, known := fault.As(err); known && f.Code == identity.CodeElsewhere {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Notices.IdentityLinked(ctx, acc.ID, e.proof.Connector)
}

func (e ending) identifier() account.Identifier {
	return account.Identifier{AccountID: e.account, Kind: account.Private, Address: e.a.Address, AddressKey: e.a.AddressKey}
}

// besides is the address that HR has of the person, where it is another one.
func (e ending) besides(person people.Person) []string {
	if person.PrivateEmailKey == "" || person.PrivateEmailKey == e.a.AddressKey {
		return nil
	}
	return []string{person.PrivateEmail}
}

// isNothing tells that no invitation was pending.
func isNothing(err error) bool {
	f, known := fault.As(err)
	return known && f.Code == "invite.nothing"
}
