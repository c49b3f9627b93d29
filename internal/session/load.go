package session

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// Load finds the session of a cookie on a host and tells who asks; alumni says
// that the host is the one for former employees. It renews the idle time. Any
// session that is not, or no longer, to be honoured is an Unauthenticated fault
// whose cause Why tells; it has then ended in the database too.
func (s *Service) Load(ctx context.Context, cookie, host string, alumni bool) (authz.Actor, Session, error) {
	hash := secret.HashToken(cookie)
	if hash == nil {
		return authz.Actor{}, Session{}, errEnded("none")
	}
	now, t := s.db.Now(), tenant.MustFrom(ctx)
	today := people.DateOf(now, t.Zone)
	rows, err := loadRows(ctx, s.db, hash, today)
	if err != nil {
		return authz.Actor{}, Session{}, fmt.Errorf("load session: %w", err)
	}
	if len(rows) == 0 || rows[0].Stored.Host != host {
		return authz.Actor{}, Session{}, errEnded("none")
	}
	rows[0].Stored.LastSeenAt = s.seen.latest(rows[0].Stored.ID, rows[0].Stored.LastSeenAt)
	ses, standing := judge(rows, today, t)
	if why := verdict(rows[0], ses, standing, now, alumni); why != "" {
		return authz.Actor{}, Session{}, s.refuse(ctx, rows[0], why, t)
	}
	s.seen.touch(t.ID, ses.ID, ses.LastSeen, now, min(time.Minute, t.Session.Idle/4))
	ses.LastSeen, ses.ExpiresAt = now, earlier(now.Add(t.Session.Idle), ses.EndsAt)
	return actor(rows, ses, standing), ses, nil
}

// judge puts the lines together.
func judge(rows []joined, today people.Date, t *tenant.Tenant) (Session, people.Standing) {
	r := rows[0]
	ses := r.Stored.session()
	ses.PersonID, ses.Terms = r.PersonID, terms(rows)
	ses.EndsAt = earlier(r.Stored.ExpiresAt, r.Stored.CreatedAt.Add(t.Session.Absolute))
	ses.ExpiresAt = earlier(r.Stored.LastSeenAt.Add(t.Session.Idle), ses.EndsAt)
	ses.Account = account.Account{
		TenantID: t.ID, ID: r.Stored.AccountID, PersonID: r.PersonID, Status: r.Status, FactorGeneration: r.AccountGeneration,
		SessionEpoch: r.SessionEpoch, MfaSkipped: r.MfaSkipped, MfaPostponed: r.MfaPostponed, MfaOfferedOn: r.MfaOfferedOn,
	}
	return ses, people.Best(ses.Terms, today, t.Alumni)
}

// verdict is why the session is not to be honoured, or empty.
func verdict(r joined, ses Session, standing people.Standing, now time.Time, alumni bool) string {
	switch {
	case r.Stored.EndedAt != nil:
		return r.Stored.EndedWhy
	case r.Status != account.Active, r.Stored.Epoch != r.SessionEpoch, r.Stored.SecurityEpoch != r.InstanceEpoch, r.Stored.FactorGeneration != r.AccountGeneration:
		return Revoked
	case !now.Before(ses.EndsAt):
		return Absolute
	case !now.Before(ses.ExpiresAt):
		return Idle
	case standing == people.NoOne && len(ses.Terms) > 0:
		return Closed
	case !Admits(standing, ses.Terms, r.Role != "", alumni):
		return Moved
	}
	return ""
}

// Admits tells whether a host lets a standing in. The staff host is for those
// who work here or soon will; who has left uses the alumni host while the window
// lasts. Somebody without any employment, such as an outside administrator,
// comes in by a granted role.
func Admits(standing people.Standing, terms []people.Term, granted, alumni bool) bool {
	switch standing {
	case people.Staff, people.Joiner:
		return true
	case people.Alumnus:
		return alumni
	case people.NoOne:
	}
	return len(terms) == 0 && granted && !alumni
}

// refuse ends the session in the database, so that nothing brings it back.
func (s *Service) refuse(ctx context.Context, r joined, why string, t *tenant.Tenant) error {
	if r.Stored.EndedAt == nil {
		if err := s.End(ctx, r.Stored.ID, why); err != nil {
			return err
		}
	}
	// A text, since the refusal may travel in a cookie to the page that shows it.
	return errEnded(why, "Minutes", strconv.Itoa(int(math.Ceil(t.Session.Idle.Minutes()))))
}

func terms(rows []joined) (list []people.Term) {
	var known []string
	for _, r := range rows {
		if r.EmploymentID == "" || slices.Contains(known, r.EmploymentID) {
			continue
		}
		known = append(known, r.EmploymentID)
		list = append(list, people.Term{Employer: r.Employer, Start: r.StartDate, End: r.EndDate, Until: r.AccessUntil})
	}
	return list
}

func actor(rows []joined, ses Session, standing people.Standing) authz.Actor {
	r := rows[0]
	a := authz.Actor{
		Kind: authz.Person, AccountID: ses.AccountID, PersonID: ses.PersonID, SessionID: ses.ID, Name: r.GivenName + " " + r.FamilyName,
		Language: r.Language, Roles: roles(rows, ses, standing), Standing: string(standing), AAL: ses.AAL, AMR: ses.AMR,
		AuthTime: ses.AuthTime, ExpiresAt: ses.ExpiresAt, EndsAt: ses.EndsAt,
	}
	for _, at := range ses.StepUps {
		if at.After(a.StepUp) {
			a.StepUp = at
		}
	}
	return a
}

// roles are those that the standing gives. Granted roles, and being somebody's
// manager, begin with the first working day and end with the last.
func roles(rows []joined, ses Session, standing people.Standing) []string {
	var list []string
	switch standing {
	case people.Alumnus:
		return []string{authz.RoleAlumnus}
	case people.Joiner:
		return []string{authz.RoleEmployee}
	case people.Staff:
		list = append(list, authz.RoleEmployee)
	case people.NoOne:
	}
	for _, r := range rows {
		if r.Role != "" && !slices.Contains(list, r.Role) {
			list = append(list, r.Role)
		}
	}
	if rows[0].Reports && len(ses.Terms) > 0 && !slices.Contains(list, authz.RoleManager) {
		list = append(list, authz.RoleManager)
	}
	return list
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// gone turns "no such row" into the refusal.
func gone(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errEnded("none")
	}
	return err
}
