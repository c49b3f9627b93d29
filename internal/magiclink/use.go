package magiclink

import (
	"context"
	"errors"
	"fmt"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Look is what the holder of a working link may see.
type Look struct {
	Link  Link
	Code  string          // for the asking browser, as shown
	Asked attempt.Attempt // of the asking browser
}

// Look finds the link of a token and changes nothing. Faults: Expired
// "magiclink.expired" (Args When), "magiclink.replaced" and "magiclink.unknown",
// Conflict "magiclink.used".
func (s *Service) Look(ctx context.Context, token string) (l Look, err error) {
	hash := secret.HashToken(token)
	if hash == nil || !tenant.MustFrom(ctx).Reset.Magiclink {
		return l, errUnknown()
	}
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		f, err := byToken(ctx, hash)
		if err != nil {
			return err
		}
		if err := f.works(s.DB.Now()); err != nil {
			return err
		}
		if _, l.Code, err = s.open(f.Link); err != nil {
			return err
		}
		l.Link = f.Link
		l.Asked, err = s.Attempts.ByID(ctx, f.AttemptID)
		return err
	})
	if missing(err) {
		return Look{}, errUnknown()
	}
	if err != nil {
		return Look{}, fmt.Errorf("look at the link: %w", err)
	}
	return l, nil
}

// Here tells whether an attempt is the one that asked for the link.
func (l Look) Here(a attempt.Attempt) bool {
	return a.ID == l.Link.AttemptID && a.Purpose == attempt.Signin && !a.Known()
}

// Open uses a link in the browser that asked for it: its attempt becomes the
// account's, with the link in place of the password, and gets the new cookie.
// Faults: those of Look; TooMany "limit.reached"; Expired "attempt.expired".
// Called with another attempt than the link's it is Expired "magiclink.unknown".
func (s *Service) Open(ctx context.Context, token string, a attempt.Attempt, network string) (cookie string, err error) {
	if err := s.Limiter.Allow(ctx, s.Limits.Use, network); err != nil {
		return "", err
	}
	l, err := s.Look(ctx, token)
	if err != nil {
		return "", err
	}
	if !l.Here(a) {
		return "", errUnknown()
	}
	return s.redeem(ctx, l.Link, a, "link")
}

// Typed uses the link whose code another browser has shown. The try is counted
// and committed before anything is compared; an unknown address costs the same
// statements. Faults: Invalid "magiclink.code.shape" (not counted) and
// "magiclink.code.wrong" (Args Left) at code; TooMany "magiclink.code.over" when
// no try is left, and the attempt has ended then, and "limit.reached"; Conflict
// "magiclink.used" for the other half of a double click.
func (s *Service) Typed(ctx context.Context, a attempt.Attempt, typed, network string) (cookie string, err error) {
	code, t := secret.NormaliseCode(typed), tenant.MustFrom(ctx)
	if len(code) != secret.LinkCodeLength {
		return "", errShape()
	}
	if err := errors.Join(s.Limiter.Allow(ctx, s.Limits.Use, network), s.Limiter.Allow(ctx, s.Limits.Tenant, t.ID.String())); err != nil {
		return "", err
	}
	left, ok, err := s.Attempts.Try(ctx, a.ID, tries)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errOver()
	}
	var f found
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) {
		f, err = byCode(ctx, a.ID, s.codeHash(t.ID, a.ID, code))
		return err
	})
	switch {
	case missing(err), err == nil && !t.Reset.Magiclink:
		return "", s.wrong(ctx, a, left)
	case err != nil:
		return "", fmt.Errorf("look for the code: %w", err)
	}
	if err := f.works(s.DB.Now()); err != nil {
		if f.UsedAt != nil {
			return "", err
		}
		return "", s.wrong(ctx, a, left)
	}
	return s.redeem(ctx, f.Link, a, "code")
}

// redeem is the one transaction of a use.
func (s *Service) redeem(ctx context.Context, l Link, a attempt.Attempt, by string) (cookie string, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		if err := lock(ctx, s.DB.Postgres(), l.AccountID); err != nil {
			return err
		}
		if err := s.admitted(ctx, l, a); err != nil {
			return err
		}
		if err := use(ctx, l.ID); err != nil {
			return err
		}
		if err := endOthers(ctx, l.AccountID); err != nil {
			return err
		}
		if cookie, err = s.Attempts.Bind(ctx, a.ID, l.AccountID, attempt.Link); err != nil {
			return err
		}
		return audit.Record(as(ctx, l), audit.Event{
			Action: "magiclink.used", Subject: audit.Subject{Kind: "person", ID: l.PersonID}, Detail: map[string]any{"link": l.ID.String(), "by": by},
		})
	})
	if missing(err) {
		return "", errUsed()
	}
	if err != nil {
		return "", fmt.Errorf("use the link: %w", err)
	}
	return cookie, nil
}

// admitted refuses whom the asking host lets in no more, and an address that is
// the employer's again.
func (s *Service) admitted(ctx context.Context, l Link, a attempt.Attempt) error {
	acc, err := account.ByID(ctx, l.AccountID)
	if err != nil {
		return err
	}
	p, err := s.partyOf(ctx, acc, l.AddressKey)
	if err == nil && (!p.known || !p.admitted(s.onAlumni(tenant.MustFrom(ctx), a.Host))) {
		return errReplaced()
	}
	return err
}

// wrong writes the failure down and ends an attempt that has no try left.
func (s *Service) wrong(ctx context.Context, a attempt.Attempt, left int) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		event := audit.Event{Action: "magiclink.code_failed", Subject: audit.Subject{Kind: "attempt", ID: a.ID}, Detail: map[string]any{"left": left}}
		if err := audit.Record(ctx, event); err != nil || left > 0 {
			return err
		}
		return s.Attempts.Finish(ctx, a.ID)
	})
	switch {
	case err != nil && fault.KindOf(err) != fault.Expired:
		return fmt.Errorf("note the wrong code: %w", err)
	case left == 0:
		return errOver()
	}
	return errWrong(left)
}

// as is the context in which the holder of the link acts.
func as(ctx context.Context, l Link) context.Context {
	who := authz.From(ctx)
	who.Kind, who.AccountID, who.PersonID = authz.Person, l.AccountID, l.PersonID
	return authz.With(ctx, who)
}
