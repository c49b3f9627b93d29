package invite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/people"
)

// chunk keeps a list of arguments below SQLite's limit of 32,766.
const chunk = 2000

// candidate is what sending needs of a person.
type candidate struct {
	PersonID        uuid.UUID
	GivenName       string
	WorkEmail       string
	WorkEmailKey    string
	PrivateEmail    string
	PrivateEmailKey string
	Language        string
	FirstDay        people.Date // of the employments that have not ended; empty when all have; today for an outside administrator
	HasAccount      bool
	Phone           string
	Name            string `gorm:"-"` // without an e-mail address: the employee number that will sign in; empty where none can
	Texted          string `gorm:"-"` // E.164: where the invitation goes without an e-mail address; empty: nowhere
	Provisional     bool   `gorm:"-"` // the employee number is missing
}

// mail is the person's e-mail address.
func (c candidate) mail() (address, key, kind string) {
	return people.Person{WorkEmail: c.WorkEmail, WorkEmailKey: c.WorkEmailKey, PrivateEmail: c.PrivateEmail, PrivateEmailKey: c.PrivateEmailKey}.Address()
}

// address is where the invitation goes: by mail or else to the phone.
func (c candidate) address() (address, key, kind string) {
	if address, key, kind = c.mail(); kind != "" || c.Texted == "" {
		return address, key, kind
	}
	return c.Texted, c.Texted, byPhone
}

// candidates reads persons on a day of the tenant's zone, in one statement a
// chunk.
func candidates(ctx context.Context, ids []uuid.UUID, today people.Date) (map[uuid.UUID]candidate, error) {
	found := make(map[uuid.UUID]candidate, len(ids))
	for part := range slices.Chunk(ids, chunk) {
		var rows []candidate
		err := db.Rows(ctx, &rows, `SELECT p.id AS person_id, p.given_name, p.work_email, p.work_email_key, p.private_email, p.private_email_key, p.phone, p.language,
				CASE WHEN COUNT(e.id) = 0 AND EXISTS (SELECT 1 FROM person_roles r WHERE r.tenant_id = @tenant AND r.person_id = p.id) THEN @today
					ELSE COALESCE(MIN(CASE WHEN e.end_date = '' OR e.end_date >= @today THEN e.start_date END), '') END AS first_day,
				EXISTS (SELECT 1 FROM accounts a WHERE a.tenant_id = @tenant AND a.person_id = p.id AND a.anew_at IS NULL) AS has_account
			FROM persons p LEFT JOIN employments e ON e.tenant_id = @tenant AND e.person_id = p.id
			WHERE p.tenant_id = @tenant AND p.id IN @ids GROUP BY p.tenant_id, p.id`, sql.Named("today", string(today)), sql.Named("ids", part))
		if err != nil {
			return nil, fmt.Errorf("read persons: %w", err)
		}
		for _, c := range rows {
			found[c.PersonID] = c
		}
	}
	return found, nil
}

// job is an employment by whose number somebody may sign in.
type job struct {
	PersonID       uuid.UUID
	EmployeeNumber string
	Employer       string // key
	Standing       bool   // its number stands in for the real one
	Shared         bool   // somebody else has the number at another employer
}

// jobsOf gives persons' first employments that have not ended, by person.
func jobsOf(ctx context.Context, ids []uuid.UUID, today people.Date) (map[uuid.UUID]job, error) {
	found := make(map[uuid.UUID]job, len(ids))
	for part := range slices.Chunk(ids, chunk) {
		var rows []job
		err := db.Rows(ctx, &rows, `SELECT e.person_id, e.employee_number, l.key AS employer, (e.added_by IS NOT NULL AND e.number_key LIKE 'NEW-%') AS standing,
				EXISTS (SELECT 1 FROM employments o WHERE o.tenant_id = @tenant AND o.number_key = e.number_key AND o.person_id <> e.person_id) AS shared
			FROM employments e JOIN legal_employers l ON l.tenant_id = @tenant AND l.id = e.legal_employer_id
			WHERE e.tenant_id = @tenant AND e.person_id IN @ids AND (e.end_date = '' OR e.end_date >= @today) ORDER BY e.start_date DESC, e.id DESC`,
			sql.Named("ids", part), sql.Named("today", string(today)))
		if err != nil {
			return nil, fmt.Errorf("read employee numbers: %w", err)
		}
		for _, j := range rows {
			found[j.PersonID] = j // the earliest comes last
		}
	}
	return found, nil
}

// insert adds invitations and gives the ids that were added: a person who has a
// pending one gets no second.
func insert(ctx context.Context, rows []Invitation) (map[uuid.UUID]bool, error) {
	added := map[uuid.UUID]bool{}
	for part := range slices.Chunk(rows, mostInOneStep) {
		if err := db.InsertAll(ctx, part, db.Skip()); err != nil {
			return nil, fmt.Errorf("store invitations: %w", err)
		}
		ids := make([]uuid.UUID, len(part))
		for i, r := range part {
			ids[i] = r.ID
		}
		var there []uuid.UUID
		if err := db.From(ctx).Model(&Invitation{}).Where("id IN ?", ids).Pluck("id", &there).Error; err != nil {
			return nil, fmt.Errorf("read stored invitations: %w", err)
		}
		for _, id := range there {
			added[id] = true
		}
	}
	return added, nil
}

func byToken(ctx context.Context, hash []byte) (i Invitation, err error) {
	err = db.Found(db.From(ctx).Where("token_hash = ?", hash).Limit(1).Find(&i))
	return i, err
}

func byIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Invitation, error) {
	var rows []Invitation
	if err := db.From(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	found := make(map[uuid.UUID]Invitation, len(rows))
	for _, i := range rows {
		found[i.ID] = i
	}
	return found, nil
}

func pendingOf(ctx context.Context, person uuid.UUID) (i Invitation, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ? AND state = ?", person, pending).Limit(1).Find(&i))
	return i, err
}

// sentTo lists the open invitations of an address or a number whose message was
// asked for more than a minute ago. A living letter is left alone: somebody who
// only knows a number must not kill it.
func sentTo(ctx context.Context, key string) (rows []Invitation, err error) {
	if key == "" {
		return nil, nil
	}
	now := db.Now(ctx)
	err = db.From(ctx).Where("(address_key = ? OR name_key = ?) AND address_key <> '' AND state = ? AND due_at <= ?", key, key, pending, now.Add(-resendAfter)).
		Where("(letter_at IS NULL OR expires_at <= ?)", now).
		Order("id").Limit(10).Find(&rows).Error
	return rows, err
}

// reset kills links and codes and asks for a sending at now, of those pending
// invitations that were not sent a moment ago; it gives the ids it took.
func reset(ctx context.Context, ids []uuid.UUID) (taken []uuid.UUID, err error) {
	now := db.Now(ctx)
	err = db.Rows(ctx, &taken, `UPDATE invitations SET token_hash = NULL, code_hash = NULL, sealed = NULL, code_tries = 0, expires_at = NULL, letter_at = NULL, due_at = @now, updated_at = @now
		WHERE tenant_id = @tenant AND id IN @ids AND state = 'pending' AND address_key <> ''
		AND (due_at IS NULL OR due_at > @now OR due_at <= @recent OR expires_at <= @now) RETURNING id`,
		sql.Named("now", now), sql.Named("recent", now.Add(-resendAfter)), sql.Named("ids", ids))
	return taken, err
}

// move gives a pending invitation another address and kills its link and code.
func move(ctx context.Context, i Invitation) error {
	return db.One(db.From(ctx).Model(&Invitation{}).Where("id = ? AND state = ?", i.ID, pending).Updates(map[string]any{
		"address": i.Address, "address_key": i.AddressKey, "address_kind": i.AddressKind, "name": i.Name, "name_key": i.NameKey,
		"token_hash": nil, "code_hash": nil, "sealed": nil, "code_tries": 0, "expires_at": nil, "letter_at": nil, "due_at": i.DueAt, "updated_at": db.Now(ctx),
	}))
}

// printed stores a letter's code in the place of any other, if nobody has made a
// letter since so many.
func printed(ctx context.Context, i Invitation, m minted, letters int, until time.Time) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&Invitation{}).Where("id = ? AND state = ? AND letters = ?", i.ID, pending, letters).Updates(map[string]any{
		"address": i.Address, "address_key": i.AddressKey, "address_kind": i.AddressKind, "name": i.Name, "name_key": i.NameKey,
		"token_hash": m.token, "code_hash": m.code, "sealed": m.sealed, "code_tries": 0, "sent_at": now, "expires_at": until, "letter_at": now,
		"letters": letters + 1, "opened_at": nil, "updated_at": now,
	}))
}

func revoke(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&Invitation{}).Where("id = ? AND state = ?", id, pending).Updates(map[string]any{
		"state": revoked, "token_hash": nil, "code_hash": nil, "sealed": nil, "expires_at": nil, "updated_at": db.Now(ctx),
	}))
}

// accept consumes an invitation: one conditional UPDATE, whose row count tells
// who was first.
func accept(ctx context.Context, id uuid.UUID, hash []byte) error {
	now := db.Now(ctx)
	return db.One(db.From(ctx).Model(&Invitation{}).
		Where("id = ? AND state = ? AND token_hash = ? AND expires_at > ?", id, pending, hash, now).
		Updates(map[string]any{"state": accepted, "accepted_at": now, "code_hash": nil, "sealed": nil, "updated_at": now}))
}

// open notes the first password form sent.
func open(ctx context.Context, id uuid.UUID) error {
	return db.From(ctx).Model(&Invitation{}).Where("id = ? AND state = ? AND (opened_at IS NULL OR opened_at < sent_at)", id, pending).
		Updates(map[string]any{"opened_at": db.Now(ctx)}).Error
}

// nobodysKey is no key of an address or a number: invitations without an address
// have the empty one.
const nobodysKey = "-"

// tryCode counts a typed code against every invitation of an address, or of an
// employee number, that has tries left, and gives what is compared of those.
func tryCode(ctx context.Context, key string) (rows []Invitation, err error) {
	err = db.Rows(ctx, &rows, `UPDATE invitations SET code_tries = code_tries + 1 WHERE tenant_id = @tenant AND (address_key = @key OR name_key = @key)
		AND state = 'pending' AND code_hash IS NOT NULL AND code_tries < @most RETURNING id, code_hash, sealed`, sql.Named("key", cmp.Or(key, nobodysKey)), sql.Named("most", codeTries))
	return rows, err
}

// forgive takes back a try that was right.
func forgive(ctx context.Context, id uuid.UUID) error {
	_, err := db.Exec(ctx, `UPDATE invitations SET code_tries = code_tries - 1 WHERE tenant_id = @tenant AND id = @id AND code_tries > 0`, sql.Named("id", id))
	return err
}

// minted is a link and code to store.
type minted struct {
	id          uuid.UUID
	token, code []byte // hashes
	sealed      []byte
}

// mint stores new links and codes in one statement, and gives how many
// invitations took theirs.
func mint(ctx context.Context, postgres bool, list []minted, expires time.Time) (int64, error) {
	// Postgres takes a parameter inside CASE for text unless it is told; the
	// blank keeps gorm from taking the bytes behind a bracket for a list.
	form := "@%s%d"
	if postgres {
		form = "CAST( @%s%d AS BYTEA)"
	}
	ids, args := make([]uuid.UUID, len(list)), []any{sql.Named("now", db.Now(ctx)), sql.Named("expires", expires)}
	columns := map[string]*strings.Builder{"t": {}, "c": {}, "s": {}}
	for n, m := range list {
		ids[n] = m.id
		args = append(args, sql.Named(fmt.Sprintf("i%d", n), m.id))
		for name, value := range map[string][]byte{"t": m.token, "c": m.code, "s": m.sealed} {
			fmt.Fprintf(columns[name], " WHEN @i%d THEN "+form, n, name, n)
			args = append(args, sql.Named(fmt.Sprintf("%s%d", name, n), value))
		}
	}
	return db.Exec(ctx, `UPDATE invitations SET sent_at = @now, updated_at = @now, expires_at = @expires, token_hash = CASE id`+columns["t"].String()+
		` END, code_hash = CASE id`+columns["c"].String()+` END, sealed = CASE id`+columns["s"].String()+
		` END WHERE tenant_id = @tenant AND id IN @ids AND state = 'pending' AND token_hash IS NULL`, append(args, sql.Named("ids", ids))...)
}

// prolong gives links that died before they could be handed over their life
// from now.
func prolong(ctx context.Context, ids []uuid.UUID, expires time.Time) error {
	return db.From(ctx).Model(&Invitation{}).Where("id IN ? AND state = ?", ids, pending).
		Updates(map[string]any{"sent_at": db.Now(ctx), "expires_at": expires, "updated_at": db.Now(ctx)}).Error
}
