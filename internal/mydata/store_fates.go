package mydata

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/factor"
)

// Doing is what an erasure does to the rows of a table.
type Doing string

// What it may do.
const (
	Deletes Doing = "deletes"
	Blanks  Doing = "blanks" // the row stays, what it says of the person goes
	Keeps   Doing = "keeps"
)

// Fate is what an erasure does to one table of the database.
type Fate struct {
	Table string
	Does  Doing
	Where string // whose rows, of x, by @person and @account; as in Part
	Set   string // what a blanked row says from then on
	Stays string // columns of a blanked row that say nothing of the person, or are kept with it
	Why   string // a kept table is kept for this
	Sort  sort   // the line of the preview that counts it
	// Staff are the rows that go also from somebody in service, by their own
	// wish; empty: none.
	Staff    string
	StaffSet string
	// Last says what is done once nothing is kept by law any more, and LastSet
	// with what; empty: nothing more.
	Last    Doing
	LastSet string
}

// sort is a line of the preview, by the key of its words.
type sort string

const (
	sortSignin   sort = "mydata.erase.sort.signin"
	sortContact  sort = "mydata.erase.sort.contact"
	sortMessages sort = "mydata.erase.sort.messages"
	sortTraces   sort = "mydata.erase.sort.traces"
	sortRights   sort = "mydata.erase.sort.rights"
	sortStaff    sort = "mydata.erase.sort.staff"
)

func sorts() []sort {
	return []sort{sortSignin, sortContact, sortMessages, sortTraces, sortRights, sortStaff}
}

// Fates are the tables in the order of their keys to each other: what names a
// row goes before it.
func Fates() []Fate {
	return append(append(tracesFates(), accountFates()...), recordFates()...)
}

// gone are rows that go.
func gone(table, where string, s sort) Fate {
	return Fate{Table: table, Does: Deletes, Where: where, Sort: s}
}

// also lets the same rows go from somebody in service.
func (f Fate) also() Fate { f.Staff = f.Where; return f }

func tracesFates() []Fate {
	return []Fate{
		gone("message_events", "x.message_id IN (SELECT m.id FROM messages m WHERE m.tenant_id = @tenant AND m.person_id = @person)", sortMessages),
		gone("messages", ofPerson, sortMessages),
		gone("invitations", ofPerson, sortMessages),
		gone("alumni_notices", ofPerson, sortMessages),
		gone("alumni_wishes", ofPerson, sortMessages),
		gone("mydata_files", "x.copy_id IN (SELECT c.id FROM mydata_copies c WHERE c.tenant_id = @tenant AND c.person_id = @person)", sortRights).also(),
		gone("mydata_copies", ofPerson, sortRights).also(),
		{
			Table: "mydata_requests", Does: Blanks, Where: ofPerson, Sort: sortRights,
			Stays: "id, person_id, kind, field, asked_at, answered_by",
			Set:   "words = '', answer = NULL, state = CASE WHEN state = 'open' THEN 'declined' ELSE state END, answered_at = COALESCE(answered_at, @now)",
		},
		gone("phone_codes", ofAccountOrRegistration, sortTraces),
		gone("registrations", ofPerson, sortTraces).also(),
		gone("identity_proofs", "x.attempt_id IN (SELECT a.id FROM attempts a WHERE a.tenant_id = @tenant AND a.account_id = @account)", sortTraces),
		gone("attempts", ofAccount, sortTraces),
		gone("magiclinks", ofPerson, sortTraces),
		gone("resets", ofPerson, sortTraces),
		gone("address_proofs", ofAccount, sortTraces),
		gone("phone_proofs", ofAccount, sortTraces),
		gone("access_passes", ofPerson, sortTraces),
		gone("recovery_approvals", "x.recovery_id IN (SELECT r.id FROM recoveries r WHERE r.tenant_id = @tenant AND r.person_id = @person)", sortTraces),
		gone("recoveries", ofPerson, sortTraces),
		gone("eid_recoveries", ofAccount, sortTraces),
		gone("notices", ofAccount, sortTraces),
		gone("freezes", ofAccount, sortTraces),
	}
}

func accountFates() []Fate {
	sessions, identifiers := gone("sessions", ofAccount, sortSignin), gone("identifiers", ofAccount, sortSignin)
	sessions.Staff = ofAccount + " AND (x.ended_at IS NOT NULL OR x.expires_at <= @now)"
	// Somebody in service keeps an address to sign in with.
	identifiers.Staff = ofAccount + " AND x.kind = 'private' AND EXISTS (SELECT 1 FROM identifiers i WHERE i.tenant_id = @tenant AND i.account_id = @account AND i.kind = 'work')"
	return []Fate{
		gone("identity_moves", "(x.from_account = @account OR x.to_account = @account)", sortSignin).also(),
		gone("identity_reviews", ofPerson, sortSignin).also(),
		gone("linked_identities", ofAccount, sortSignin).also(),
		gone("sightings", ofAccount, sortSignin).also(),
		gone("trusted_devices", ofAccount, sortSignin).also(),
		gone("recovery_codes", ofAccount, sortSignin),
		gone("authenticators", ofAccount, sortSignin),
		// A browser that others sign in from as well is theirs, too.
		gone("devices", "x.id IN (SELECT s.device_id FROM sessions s WHERE s.tenant_id = @tenant AND s.account_id = @account)"+
			" AND NOT EXISTS (SELECT 1 FROM sessions o WHERE o.tenant_id = @tenant AND o.device_id = x.id AND o.account_id <> @account)", sortSignin),
		sessions, identifiers,
		gone("accounts", "x.id = @account", sortSignin),
	}
}

func recordFates() []Fate {
	const law = "named to the person with class, law and last day"
	return []Fate{
		gone("person_roles", ofPerson, sortStaff),
		gone("person_tokens", ofPerson, sortStaff),
		gone("import_rows", ofPerson, sortStaff),
		// What is sealed as one is not unpicked; the record holds what was taken of it.
		gone("import_parts", "x.kind = 'kept' AND x.import_id IN (SELECT i.id FROM imports i JOIN persons p ON p.tenant_id = @tenant AND p.id = @person WHERE i.tenant_id = @tenant AND i.finished_at >= p.created_at)", sortStaff),
		{
			Table: "employments", Does: Blanks, Where: ofPerson, Sort: sortContact, Last: Deletes,
			Stays: "id, person_id, legal_employer_id, employee_number, number_key, org_unit_id, job_title, job_title_key, start_date, end_date, created_at, updated_at",
			Set:   "manager_number = '', manager_key = '', manager_person_id = NULL, added_by = NULL, access_until = ''",
		},
		{
			Table: "persons", Does: Blanks, Where: "x.id = @person", Sort: sortContact, Stays: "id, created_at, updated_at, erased_at",
			Set:   "work_email = '', work_email_key = '', private_email = '', private_email_key = '', phone = '', language = '', national_key = NULL",
			Staff: "x.id = @person AND x.work_email_key <> ''", StaffSet: "private_email = '', private_email_key = '', phone = ''",
			Last: Blanks, LastSet: "given_name = '', family_name = ''",
		},
		{Table: "documents", Does: Keeps, Why: law + "; deleted when that is over, by package document"},
		{Table: "document_openings", Does: Keeps, Why: "goes with the document that was opened"},
		{Table: "document_holds", Does: Keeps, Why: "says why the documents of a dispute stay", Where: ofPerson, Last: Deletes},
		{Table: "audit_events", Does: Keeps, Why: "proves what was done, when and from which network (GDPR, article 5(2)), by number: no row holds a name or an address"},
		{Table: "throttles", Does: Keeps, Why: "counters under keyed hashes, which end by themselves"},
		{Table: "captcha_answers", Does: Keeps, Why: "hashes that belong to nobody"},
		{Table: "federation_answers", Does: Keeps, Why: "sealed for two minutes, and hashes for a day"},
		{Table: "document_inbox", Does: Keeps, Why: "folders that payroll left, by their names"},
		{Table: "document_inbox_looks", Does: Keeps, Why: "when payroll's inbox was looked at"},
		{Table: "outbox", Does: Keeps, Why: "work to do, by numbers; work for somebody who is gone finds nobody"},
		{Table: "imports", Does: Keeps, Why: "what was done for the employer, by number"},
		{Table: "document_deliveries", Does: Keeps, Why: "what was done for the employer, by number"},
		{Table: "document_leftovers", Does: Keeps, Why: "names of files to delete"},
		{Table: "document_problems", Does: Keeps, Why: "rows of a delivery that reached nobody"},
		{Table: "tenant_values", Does: Keeps, Why: "the employer's settings"},
		{Table: "legal_employers", Does: Keeps, Why: "the employer's"},
		{Table: "org_units", Does: Keeps, Why: "the employer's"},
	}
}

// change is one statement of an erasure.
type change struct {
	table, where, set string // set empty: the rows go
	sort              sort
}

// changes are the statements of an erasure: of somebody who has left, or what
// somebody in service may have deleted.
func changes(left bool) (list []change) {
	for _, f := range Fates() {
		switch {
		case f.Does == Keeps:
		case left:
			list = append(list, change{f.Table, f.Where, f.Set, f.Sort})
		case f.Staff != "":
			list = append(list, change{f.Table, f.Staff, f.StaffSet, f.Sort})
		}
	}
	return list
}

// lastChanges are what follows when nothing is kept by law any more.
func lastChanges() (list []change) {
	for _, f := range Fates() {
		if f.Last != "" {
			list = append(list, change{f.Table, f.Where, f.LastSet, f.Sort})
		}
	}
	return list
}

func (w who) named(ctx context.Context) []any {
	return []any{sql.Named("person", w.Person), sql.Named("account", w.Account), sql.Named("texts", factor.TextsOf(w.Account)), sql.Named("now", db.Now(ctx))}
}

// counts counts the rows that changes would touch, by their sort.
func counts(ctx context.Context, list []change, w who) (map[sort]int, error) {
	found := map[sort]int{}
	for _, c := range list {
		var n int
		if err := db.Rows(ctx, &n, "SELECT count(*) FROM "+c.table+" x WHERE x.tenant_id = @tenant AND "+c.where, w.named(ctx)...); err != nil {
			return nil, fmt.Errorf("count %s: %w", c.table, err)
		}
		found[c.sort] += n
	}
	return found, nil
}

// erase makes changes and gives how many rows went or were blanked.
func erase(ctx context.Context, list []change, w who) (rows int64, err error) {
	for _, c := range list {
		text := "DELETE FROM " + c.table + " AS x"
		if c.set != "" {
			text = "UPDATE " + c.table + " AS x SET " + c.set
		}
		n, err := db.Exec(ctx, text+" WHERE x.tenant_id = @tenant AND "+c.where, w.named(ctx)...)
		if err != nil {
			return rows, fmt.Errorf("erase %s: %w", c.table, err)
		}
		rows += n
	}
	return rows, nil
}

// lock lets whoever hires the person anew wait, or waits for them.
func lock(ctx context.Context, person uuid.UUID) error {
	n, err := db.Exec(ctx, "UPDATE persons SET updated_at = updated_at WHERE tenant_id = @tenant AND id = @person", sql.Named("person", person))
	if err == nil && n == 0 {
		return db.ErrNotFound
	}
	return err
}

// markErased notes once when a person was erased; db.ErrNotFound the second time.
func markErased(ctx context.Context, person uuid.UUID) error {
	n, err := db.Exec(ctx, "UPDATE persons SET erased_at = @now, updated_at = @now WHERE tenant_id = @tenant AND id = @person AND erased_at IS NULL",
		sql.Named("person", person), sql.Named("now", db.Now(ctx)))
	if err == nil && n == 0 {
		return db.ErrNotFound
	}
	return err
}

// papersOf are a person's documents by employer and class.
type papersOf struct {
	LegalEmployerID uuid.UUID
	Payroll         bool
	Documents       int
	Newest          string // the day of the newest
}

func papers(ctx context.Context, person uuid.UUID) (rows []papersOf, err error) {
	err = db.Rows(ctx, &rows, `SELECT d.legal_employer_id, d.kind IN ('payslip', 'annual_statement') AS payroll, count(*) AS documents, max(d.dated) AS newest
		FROM documents d WHERE d.tenant_id = @tenant AND d.person_id = @person GROUP BY 1, 2`, sql.Named("person", person))
	return rows, err
}

// held tells whether somebody keeps the person's documents from deletion.
func held(ctx context.Context, person uuid.UUID) (bool, error) {
	var n int
	err := db.Rows(ctx, &n, "SELECT count(*) FROM document_holds h WHERE h.tenant_id = @tenant AND h.person_id = @person AND h.lifted_at IS NULL", sql.Named("person", person))
	return n > 0, err
}

// unfinished are persons who were erased and are still named, after an id.
func unfinished(ctx context.Context, after uuid.UUID, limit int) (ids []uuid.UUID, err error) {
	err = db.Rows(ctx, &ids, `SELECT p.id FROM persons p WHERE p.tenant_id = @tenant AND p.erased_at IS NOT NULL AND (p.given_name <> '' OR p.family_name <> '') AND p.id > @after
		ORDER BY p.id LIMIT @limit`, sql.Named("after", after), sql.Named("limit", limit))
	return ids, err
}

// dropLastMails deletes the mails that told erased people of it, some days later.
func dropLastMails(ctx context.Context) error {
	const over = "SELECT m.id FROM messages m JOIN persons p ON p.tenant_id = @tenant AND p.id = m.person_id WHERE m.tenant_id = @tenant AND m.kind = @kind AND m.created_at <= @before AND p.erased_at IS NOT NULL"
	args := []any{sql.Named("kind", kindErased), sql.Named("before", db.Now(ctx).Add(-lastMailKept))}
	for _, text := range []string{"DELETE FROM message_events AS x WHERE x.tenant_id = @tenant AND x.message_id IN (" + over + ")", "DELETE FROM messages AS x WHERE x.tenant_id = @tenant AND x.id IN (" + over + ")"} {
		if _, err := db.Exec(ctx, text, args...); err != nil {
			return fmt.Errorf("delete last mails: %w", err)
		}
	}
	return nil
}
