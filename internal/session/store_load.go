package session

import (
	"context"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/people"
)

// joined is one line of what Load reads: the session with its account and
// person, once for each pair of granted role and employment.
type joined struct {
	Stored `gorm:"embedded"`

	PersonID          uuid.UUID
	Status            account.Status
	SessionEpoch      int64
	AccountGeneration int64
	MfaSkipped        string
	MfaPostponed      int
	MfaOfferedOn      string
	InstanceEpoch     int64
	GivenName         string
	FamilyName        string
	Language          string
	Role              string
	EmploymentID      string
	StartDate         people.Date
	EndDate           people.Date
	AccessUntil       people.Date
	Employer          string
	Reports           bool
}

// Stored is the session's own part of a line; both ways of reading want an
// embedded name to be exported.
type Stored = row

// load reads everything that decides about a session in one statement. Roles
// and employments multiply its lines; a person has one or two of either.
const load = `SELECT s.id, s.account_id, s.kind, s.aal, s.amr, s.auth_time, s.stepups, s.epoch, s.security_epoch, s.factor_generation,
	s.device_id, s.host, s.created_at, s.last_seen_at, s.expires_at, s.ended_at, s.ended_why,
	a.person_id, a.status, a.session_epoch, a.factor_generation AS account_generation, a.mfa_skipped, a.mfa_postponed, a.mfa_offered_on,
	i.security_epoch AS instance_epoch, p.given_name, p.family_name, p.language, COALESCE(r.role, '') AS role,
	COALESCE(CAST(e.id AS TEXT), '') AS employment_id, COALESCE(e.start_date, '') AS start_date, COALESCE(e.end_date, '') AS end_date,
	COALESCE(e.access_until, '') AS access_until, COALESCE(l.key, '') AS employer,
	EXISTS (SELECT 1 FROM employments m WHERE m.tenant_id = @tenant AND m.manager_person_id = a.person_id
		AND (m.end_date = '' OR m.end_date >= @today)) AS reports
	FROM sessions s
	JOIN accounts a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
	JOIN persons p ON p.tenant_id = a.tenant_id AND p.id = a.person_id
	JOIN instance i ON i.id = 1
	LEFT JOIN person_roles r ON r.tenant_id = a.tenant_id AND r.person_id = a.person_id
	LEFT JOIN employments e ON e.tenant_id = a.tenant_id AND e.person_id = a.person_id
	LEFT JOIN legal_employers l ON l.tenant_id = e.tenant_id AND l.id = e.legal_employer_id
	WHERE s.tenant_id = @tenant AND s.token_hash = @hash`

func loadRows(ctx context.Context, d *db.DB, hash []byte, today people.Date) ([]joined, error) {
	return db.Glance[joined](ctx, d, load, map[string]any{"hash": hash, "today": string(today)})
}
