package signin

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/people"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// candidate is the account that an address may name; the zero value is nobody.
type candidate struct {
	ID           uuid.UUID
	PersonID     uuid.UUID
	Status       account.Status
	PasswordHash string
	Address      account.Identifier // that was typed
	Terms        []people.Term
	Granted      bool
}

// candidateRow is the account once for each employment of its person.
type candidateRow struct {
	ID           uuid.UUID
	PersonID     uuid.UUID
	Status       account.Status
	PasswordHash string
	Kind         account.Kind
	VerifiedAt   time.Time
	EmploymentID string
	StartDate    people.Date
	EndDate      people.Date
	AccessUntil  people.Date
	Employer     string
	Granted      bool
	Named        bool // the address is the typed one
}

// findCandidate reads for nobody's address what it reads for somebody's: the first
// account of the employer, which is left out of account afterwards.
const findCandidate = `SELECT a.id, a.person_id, a.status, a.password_hash, i.kind, i.verified_at,
	COALESCE(CAST(e.id AS TEXT), '') AS employment_id, COALESCE(e.start_date, '') AS start_date, COALESCE(e.end_date, '') AS end_date,
	COALESCE(e.access_until, '') AS access_until, COALESCE(l.key, '') AS employer,
	EXISTS (SELECT 1 FROM person_roles r WHERE r.tenant_id = @tenant AND r.person_id = a.person_id) AS granted,
	i.address_key = @key AS named
	FROM identifiers i
	JOIN accounts a ON a.tenant_id = i.tenant_id AND a.id = i.account_id
	LEFT JOIN employments e ON e.tenant_id = a.tenant_id AND e.person_id = a.person_id
	LEFT JOIN legal_employers l ON l.tenant_id = e.tenant_id AND l.id = e.legal_employer_id
	WHERE i.tenant_id = @tenant AND i.address_key = CASE
		WHEN EXISTS (SELECT 1 FROM identifiers k WHERE k.tenant_id = @tenant AND k.address_key = @key) THEN @key
		ELSE (SELECT n.address_key FROM identifiers n WHERE n.tenant_id = @tenant ORDER BY n.address_key LIMIT 1) END`

func candidateOf(ctx context.Context, addressKey string) (c candidate, err error) {
	var rows []candidateRow
	if err := db.Rows(ctx, &rows, findCandidate, sql.Named("key", addressKey)); err != nil || len(rows) == 0 {
		return c, err
	}
	r := rows[0]
	c = candidate{
		ID: r.ID, PersonID: r.PersonID, Status: r.Status, PasswordHash: r.PasswordHash, Granted: r.Granted,
		Address: account.Identifier{Kind: r.Kind, VerifiedAt: r.VerifiedAt},
	}
	for _, r := range rows {
		if r.EmploymentID != "" {
			c.Terms = append(c.Terms, people.Term{Employer: r.Employer, Start: r.StartDate, End: r.EndDate, Until: r.AccessUntil})
		}
	}
	if !r.Named || addressKey == "" {
		return candidate{}, nil
	}
	return c, nil
}

// hash is what a typed password is compared with; empty, which costs the same
// and never matches, for whoever may not sign in.
func (c candidate) hash() string {
	if c.Status != account.Active {
		return ""
	}
	return c.PasswordHash
}

// may tells whether the address still names somebody who may sign in on some
// host, or who is told there that the access has ended. After the last day a
// work address fails like an unknown one.
func (c candidate) may(now time.Time, t *tenant.Tenant) bool {
	hosts := []bool{c.admitted(now, t, false), c.admitted(now, t, true), c.closed(now, t)}
	return slices.Contains(hosts, true) && people.Holds(c.Address, c.Terms, people.DateOf(now, t.Zone), t)
}

// closed tells whether the person worked here and has no access any more.
func (c candidate) closed(now time.Time, t *tenant.Tenant) bool {
	return people.Closed(c.Terms, people.DateOf(now, t.Zone), t.Alumni)
}

// admitted tells whether a host lets the person in.
func (c candidate) admitted(now time.Time, t *tenant.Tenant, alumni bool) bool {
	return session.Admits(c.standing(now, t), c.Terms, c.Granted, alumni)
}

func (c candidate) standing(now time.Time, t *tenant.Tenant) people.Standing {
	return people.Best(c.Terms, people.DateOf(now, t.Zone), t.Alumni)
}

// devicesOf are the browsers that an account has signed in on, by the hashes of
// their cookies; the last hundred.
func devicesOf(ctx context.Context, accountID uuid.UUID) (hashes [][]byte, err error) {
	var rows []struct{ CookieHash []byte }
	err = db.Rows(ctx, &rows, `SELECT d.cookie_hash FROM devices d
		WHERE d.tenant_id = @tenant AND EXISTS (SELECT 1 FROM sessions s WHERE s.tenant_id = @tenant AND s.device_id = d.id AND s.account_id = @account)
		ORDER BY d.last_seen_at DESC LIMIT 100`, sql.Named("account", accountID))
	for _, r := range rows {
		hashes = append(hashes, r.CookieHash)
	}
	return hashes, err
}
