package mydata

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// Part is what a copy has of one table of the database.
type Part struct {
	File    string // its file in the copy
	Table   string
	Columns string // that go into the copy, by commas
	Without string // those that do not: keys, secrets, hashes, and what is about others
	Where   string // whose rows, of x, by @person and @account
	More    []Extra
}

// Extra is a value made of columns that do not go out as they are.
type Extra struct{ Name, SQL string }

// employer is the name of the legal employer of a row x.
const employer = "(SELECT e.name FROM legal_employers e WHERE e.tenant_id = @tenant AND e.id = x.legal_employer_id)"

// own are the conditions that most tables share.
const (
	ofPerson  = "x.person_id = @person"
	ofAccount = "x.account_id = @account"
	// A registration sends its codes before there is an account, and text messages
	// that bring no code are counted apart.
	ofAccountOrRegistration = "(x.account_id IN (@account, @texts) OR x.account_id IN (SELECT r.id FROM registrations r WHERE r.tenant_id = @tenant AND r.person_id = @person))"
)

// Parts are all parts of a copy.
func Parts() []Part {
	return slices.Concat(recordParts(), signinParts(), identityParts(), eventParts())
}

func recordParts() []Part {
	return []Part{
		{
			File: "person.json", Table: "persons", Where: "x.id = @person",
			Columns: "given_name, family_name, work_email, private_email, phone, language, created_at, updated_at, erased_at",
			Without: "id, work_email_key, private_email_key, national_key",
			More:    []Extra{{"national_number", "CASE WHEN x.national_key IS NULL THEN 'not kept' ELSE 'kept as a keyed hash only' END"}},
		},
		{
			File: "employments.json", Table: "employments", Where: ofPerson,
			Columns: "employee_number, job_title, manager_number, start_date, end_date, access_until, created_at, updated_at",
			Without: "id, person_id, legal_employer_id, number_key, org_unit_id, job_title_key, manager_key, manager_person_id, added_by",
			More: []Extra{
				{"legal_employer", employer},
				{"unit", "(SELECT u.path FROM org_units u WHERE u.tenant_id = @tenant AND u.id = x.org_unit_id)"},
			},
		},
		{File: "roles.json", Table: "person_roles", Where: ofPerson, Columns: "role, granted_at", Without: "person_id"},
		{
			File: "documents.json", Table: "documents", Where: ofPerson,
			Columns: "kind, dated, period, language, title, media, bytes, corrects, delivered_at, superseded_at",
			Without: "id, person_id, legal_employer_id, content_key, natural_key, place, lines, delivery_id",
			More:    []Extra{{"legal_employer", employer}},
		},
		{
			File: "documents-opened.json", Table: "document_openings", Columns: "reason, opened_at", Without: "id, document_id, reader_id",
			Where: "x.document_id IN (SELECT d.id FROM documents d WHERE d.tenant_id = @tenant AND d.person_id = @person)",
		},
		// The reason of a hold may be a dispute that is not the person's to read.
		{File: "documents-held.json", Table: "document_holds", Where: ofPerson, Columns: "set_at, lifted_at", Without: "id, person_id, reason, set_by, lifted_by"},
		{
			File: "invitations.json", Table: "invitations", Where: ofPerson,
			Columns: "state, name, address, address_kind, due_at, sent_at, letter_at, letters, expires_at, fetched_at, opened_at, accepted_at, created_at, updated_at",
			Without: "id, person_id, name_key, address_key, token_hash, code_hash, code_tries, sealed",
		},
		{File: "access-wishes.json", Table: "alumni_wishes", Where: ofPerson, Columns: "created_at, answer, answered_at", Without: "id, person_id, answered_by"},
		{File: "reminders.json", Table: "alumni_notices", Where: ofPerson, Columns: "kind, day, mark, created_at", Without: "person_id"},
		{
			File: "registrations.json", Table: "registrations", Where: ofPerson,
			Columns: "sent_at, code_tries, code_expires_at, code_used_at, phone_channel, phone_proven_at, outcome, outcome_on, settled_at, created_at",
			Without: "id, person_id, attempt_id, address_hash, known, code_hash, code_sealed, password_hash, phone_id, phone_sealed, touched_at",
		},
		{File: "copies.json", Table: "mydata_copies", Where: ofPerson, Columns: "asked_at, ready_at, fetched_at, expires_at", Without: "id, person_id, done, total"},
		// The words are opened apart (gather.go).
		{File: requestsFile, Table: "mydata_requests", Where: ofPerson, Columns: "id, kind, field, state, asked_at, answered_at", Without: "person_id, words, answer, answered_by"},
	}
}

func signinParts() []Part {
	return []Part{
		{
			File: "account.json", Table: "accounts", Where: "x.id = @account",
			Columns: "status, password_changed_at, mfa_postponed, mfa_offered_on, registered_at, anew_at, created_at, updated_at, last_signin_at",
			Without: "id, person_id, password_hash, factor_generation, session_epoch, mfa_skipped",
		},
		{File: "addresses.json", Table: "identifiers", Where: ofAccount, Columns: "kind, address, phone, phone_at, phone_file, verified_at", Without: "id, account_id, address_key"},
		{
			File: "factors.json", Table: "authenticators", Where: ofAccount,
			Columns: "kind, name, channel, created_at, confirmed_at, last_used_at, touched_at", Without: "id, account_id, sealed, last_step",
		},
		{File: "recovery-codes.json", Table: "recovery_codes", Where: ofAccount, Columns: "saved_at, used_at, created_at", Without: "id, account_id, code_hash"},
		{
			File: "sessions.json", Table: "sessions", Where: ofAccount,
			Columns: "kind, client, aal, amr, auth_time, stepups, host, network, user_agent, created_at, last_seen_at, expires_at, ended_at, ended_why",
			Without: "id, token_hash, account_id, epoch, security_epoch, factor_generation, device_id",
		},
		{
			File: "browsers.json", Table: "devices", Columns: "user_agent, first_seen_at, last_seen_at", Without: "id, cookie_hash",
			Where: "x.id IN (SELECT s.device_id FROM sessions s WHERE s.tenant_id = @tenant AND s.account_id = @account)",
		},
		{
			File: "trusted-browsers.json", Table: "trusted_devices", Where: ofAccount,
			Columns: "user_agent, created_at, expires_at, used_at", Without: "id, account_id, cookie_hash, factor_generation, session_epoch, security_epoch",
		},
		{
			File: "attempts.json", Table: "attempts", Where: ofAccount, Columns: "purpose, amr, host, tries, settled, trusts, created_at, expires_at, finished_at",
			Without: "id, cookie_hash, address_hash, sealed, account_id, device_id",
		},
		{
			File: "resets.json", Table: "resets", Where: ofPerson, Columns: "cause, channel, address, code_tries, sent_at, expires_at, used_at, code_used_at, created_at",
			Without: "id, person_id, account_id, asker_id, address_key, epoch, security_epoch, token_hash, sealed, attempt_id, code_hash",
		},
		{
			File: "sign-in-links.json", Table: "magiclinks", Where: ofPerson, Columns: "address, sent_at, expires_at, used_at, created_at",
			Without: "id, person_id, account_id, attempt_id, address_key, epoch, security_epoch, token_hash, code_hash, sealed",
		},
		{
			File: "phone-codes.json", Table: "phone_codes", Where: ofAccountOrRegistration, Columns: "channel, tries, created_at, expires_at, used_at",
			Without: "id, account_id, factor_id, flow, slot, number_key, block_key, network_key, code_hash, sealed",
		},
		{
			File: "address-proofs.json", Table: "address_proofs", Where: ofAccount, Columns: "address, created_at, expires_at, used_at",
			Without: "id, account_id, session_id, address_key, code_hash, sealed",
		},
		{File: "phone-proofs.json", Table: "phone_proofs", Where: ofAccount, Columns: "created_at, expires_at, used_at", Without: "id, account_id, session_id, sealed, touched_at"},
		{
			File: "lost-factors.json", Table: "recoveries", Where: ofPerson, Columns: "reason, starter_role, approved_at, opens_at, closes_at, ended_at, ending, created_at",
			Without: "id, person_id, account_id, starter_id, code_hash, sealed, turn, security_epoch, ended_by",
		},
		{File: "lost-factors-approved.json", Table: "recovery_approvals", Where: "x.approver_id = @person", Columns: "role, created_at", Without: "recovery_id, approver_id"},
		{
			File: "access-passes.json", Table: "access_passes", Where: ofPerson, Columns: "created_at, expires_at, used_at",
			Without: "id, person_id, account_id, maker_id, code_hash, security_epoch",
		},
	}
}

func identityParts() []Part {
	return []Part{
		{
			File: "electronic-identities.json", Table: "linked_identities", Where: ofAccount,
			Columns: "connector, level, proven, linked_at, last_used_at", Without: "id, account_id, subject_hash, national_key",
		},
		{
			File: "identity-proofs.json", Table: "identity_proofs", Columns: "connector, purpose, level, created_at, expires_at, proven_at, taken_at",
			Without: "id, attempt_id, state_hash, subject_hash, national_key",
			Where:   "x.attempt_id IN (SELECT a.id FROM attempts a WHERE a.tenant_id = @tenant AND a.account_id = @account)",
		},
		{
			File: "identity-reviews.json", Table: "identity_reviews", Where: ofPerson, Columns: "connector, level, created_at, decided_at, confirmed",
			Without: "id, person_id, account_id, subject_hash, national_key, decided_by",
		},
		// The other account of a move may be somebody else's.
		{
			File: "identity-moves.json", Table: "identity_moves", Where: "(x.from_account = @account OR x.to_account = @account)", Columns: "connector, moved_at, undone_at",
			Without: "id, subject_hash, from_account, to_account, was_proven",
			More:    []Extra{{"direction", "CASE WHEN x.to_account = @account THEN 'to you' ELSE 'away from you' END"}},
		},
		{
			File: "lost-factors-by-identity.json", Table: "eid_recoveries", Where: ofAccount, Columns: "created_at, closes_at, ended_at, ending",
			Without: "id, account_id, attempt_id, link_id, security_epoch",
		},
	}
}

func eventParts() []Part {
	return []Part{
		{
			File: "messages.json", Table: "messages", Where: ofPerson, Columns: "kind, channel, language, args, state, tries, error, created_at, updated_at",
			Without: "id, person_id, lane, ref_id, sealed_to, provider_id",
		},
		{
			File: "message-reports.json", Table: "message_events", Columns: "type, at", Without: "id, message_id, provider_event_id",
			Where: "x.message_id IN (SELECT m.id FROM messages m WHERE m.tenant_id = @tenant AND m.person_id = @person)",
		},
		{
			File: "security-mails.json", Table: "notices", Where: ofAccount, Columns: "kind, args, happened_at, expires_at, reported_at, created_at",
			Without: "id, account_id, token_hash, code_hash, sealed",
		},
		{File: "stopped-changes.json", Table: "freezes", Where: ofAccount, Columns: "frozen_at, password_at, lifted_at, lifted_why", Without: "id, account_id, notice_id, lifted_by"},
		{File: "seen-from.json", Table: "sightings", Where: ofAccount, Columns: "sort, value, seen_at", Without: "account_id"},
		{
			File: "staff-files.json", Table: "imports", Where: "x.importer_id = @person", Columns: "file_name, source, state, lines, created_at, confirmed_at, finished_at",
			Without: "id, bytes, digest, lines_read, applied, created, changed, same, proposed, problems, error, error_args, notes, roles_up_to, importer_id, updated_at",
		},
		{
			File: "deliveries.json", Table: "document_deliveries", Where: "x.by_id = @person", Columns: "name, source, state, created_at, confirmed_at, finished_at",
			Without: "id, bytes, digest, total, rows_read, fresh, replaced, same, problems, error, error_args, by_id, inbox_name, updated_at",
		},
		{
			File: "events.json", Table: "audit_events", Where: "(x.subject_id IN (@person, @account) OR x.actor_id = @person)", Columns: "at, action, actor_kind, subject_kind",
			Without: "id, actor_id, subject_id, detail, request_id, network",
			// What the person did to somebody else is their act, and the other's
			// details; from where somebody else did something is that one's.
			More: []Extra{
				{"by", "CASE WHEN x.actor_id IS NULL THEN '' WHEN x.actor_id = @person THEN 'you' ELSE 'somebody else' END"},
				{"about", "CASE WHEN x.subject_id IN (@person, @account) THEN 'you' ELSE 'something else' END"},
				{"detail", "CASE WHEN x.subject_id IN (@person, @account) THEN x.detail ELSE '' END"},
				{"network", "CASE WHEN x.actor_id IS NULL OR x.actor_id = @person THEN x.network ELSE '' END"},
			},
		},
	}
}

// LeftOut are the tables that no copy reads, and why.
func LeftOut() map[string]string {
	return map[string]string{
		"tenant_values":        "the employer's settings",
		"legal_employers":      "the employer's; a person's are named in employments.json",
		"org_units":            "the employer's; a person's are named in employments.json",
		"person_tokens":        "words of the name, number and address, for HR's search; person.json and employments.json have them",
		"throttles":            "counters under keyed hashes, which nobody can turn back into a person",
		"captcha_answers":      "hashes that belong to nobody",
		"outbox":               "work to do, by ids",
		"import_parts":         "a staff file while it is read, sealed as one; what was taken of it is in the record",
		"import_rows":          "a row of a staff file while it is judged, sealed; what was taken of it is in the record",
		"document_leftovers":   "names of files to delete",
		"document_problems":    "rows of a delivery that reached nobody",
		"document_inbox":       "folders that payroll left, by their names",
		"document_inbox_looks": "when payroll's inbox was looked at",
		"federation_answers":   "what a provider said, sealed for two minutes under a name of the browser's",
		"mydata_files":         "the copy itself",
	}
}

// Names are the names of a part's values, in order.
func (p Part) Names() []string {
	names := split(p.Columns)
	for _, e := range p.More {
		names = append(names, e.Name)
	}
	return names
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func (p Part) query() string {
	var values []string
	for _, c := range split(p.Columns) {
		values = append(values, "x."+c)
	}
	for _, e := range p.More {
		values = append(values, e.SQL)
	}
	return "SELECT " + strings.Join(values, ", ") + " FROM " + p.Table + " x WHERE x.tenant_id = @tenant AND " + p.Where
}

// who is whose rows a part reads; Account is zero for somebody without one.
type who struct{ Person, Account uuid.UUID }

// each reads a part row by row; a value that is not there is nil.
func (p Part) each(ctx context.Context, w who, row func(values []*string) error) error {
	n := len(p.Names())
	return db.Each(ctx, p.query(), func(scan func(into ...any) error) error {
		found, into := make([]sql.NullString, n), make([]any, n)
		for i := range found {
			into[i] = &found[i]
		}
		if err := scan(into...); err != nil {
			return err
		}
		values := make([]*string, n)
		for i, v := range found {
			if v.Valid {
				values[i] = &v.String
			}
		}
		return row(values)
	}, w.named(ctx)...)
}
