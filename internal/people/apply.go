package people

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/org"
	"tilgang/internal/outbox"
	"tilgang/internal/tenant"
)

// Outcome is what became of a chunk of records.
type Outcome struct {
	Verdicts []Verdict   // one a record, in order
	People   []uuid.UUID // persons created, or hired once more
	Moved    []uuid.UUID // persons whose address changed
}

// Judge says what records would do and changes nothing. most is the highest
// RoleRank that the importer may give.
func Judge(ctx context.Context, records []Record, most int) ([]Verdict, error) {
	s, err := look(ctx, records)
	if err != nil {
		return nil, err
	}
	verdicts := make([]Verdict, len(records))
	for i, r := range records {
		verdicts[i] = s.judge(r, most)
	}
	return verdicts, nil
}

// Apply does what records say, in the open transaction, all in a fixed number
// of statements a thousand records. A refused record, or a proposal without an
// answer, changes nothing and stops nothing. ResolveManagers must follow.
func Apply(ctx context.Context, records []Record, most int) (Outcome, error) {
	s, err := look(ctx, records)
	if err != nil {
		return Outcome{}, err
	}
	units, err := org.Ensure(ctx, unitsNamed(records))
	if err != nil {
		return Outcome{}, err
	}
	w := &writer{snapshot: s, units: units, now: db.Now(ctx), touched: map[uuid.UUID]*Person{}, roles: map[uuid.UUID][]string{}, numbers: map[uuid.UUID][]string{}}
	var out Outcome
	for _, r := range records {
		v := s.judge(r, most)
		w.do(r, v, &out)
		out.Verdicts = append(out.Verdicts, v)
	}
	if err := startAnew(ctx, w.hired); err != nil {
		return out, err
	}
	if err := w.flush(ctx); err != nil {
		return out, fmt.Errorf("write people: %w", err)
	}
	return out, announceMoves(ctx, out.Moved)
}

// AddressChanged is the event that a person's address changed, or the phone of
// who has none: an open
// invitation moves to the new one, the old address is told.
const AddressChanged = "people.address_changed"

// Moved are the arguments of AddressChanged.
type Moved struct {
	Person uuid.UUID `json:"person"`
}

func announceMoves(ctx context.Context, moved []uuid.UUID) error {
	events := make([]outbox.Event, len(moved))
	for i, id := range moved {
		events[i] = outbox.Event{Kind: AddressChanged, Args: Moved{Person: id}}
	}
	return outbox.Put(ctx, events...)
}

func unitsNamed(records []Record) (paths []string) {
	for _, r := range records {
		if p := r.Unit(); p != "" && r.says("org_unit") {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// writer gathers what a chunk writes, to write it set by set.
type writer struct {
	*snapshot
	units       map[string]org.Unit
	now         time.Time
	newPersons  []*Person
	newJobs     []Employment
	changedJobs []Employment
	touched     map[uuid.UUID]*Person // existing persons that change
	roles       map[uuid.UUID][]string
	numbers     map[uuid.UUID][]string
	hired       []uuid.UUID // existing persons that get a further employment
}

func (w *writer) do(r Record, v Verdict, out *Outcome) {
	switch v.Action {
	case Create, Rehire:
		p := w.person(r, v, out)
		w.hire(r, p)
		out.People = append(out.People, p.ID)
	case Change:
		w.correct(r, v, out)
	case Propose, Same, Refuse:
	}
}

// person is the person that a new employment belongs to.
func (w *writer) person(r Record, v Verdict, out *Outcome) *Person {
	if v.PersonID != uuid.Nil {
		p := w.persons[v.PersonID]
		w.hired = append(w.hired, p.ID)
		if columns := w.personChanges(r, p); len(columns) > 0 {
			w.update(r, p, columns, out)
		}
		return p
	}
	p := &Person{
		ID: uuid.Must(uuid.NewV7()), GivenName: r.GivenName, FamilyName: r.FamilyName, WorkEmail: r.WorkEmail, WorkEmailKey: r.WorkEmailKey,
		PrivateEmail: r.PrivateEmail, PrivateEmailKey: r.PrivateKey, Phone: r.Phone, Language: r.Language, NationalKey: r.NationalKey, CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.newPersons = append(w.newPersons, p)
	w.know(p)
	if roles := newRoles(nil, r); len(roles) > 0 {
		w.roles[p.ID], w.snapshot.roles[p.ID] = roles, roles
	}
	return p
}

func (w *writer) hire(r Record, p *Person) {
	e := Employment{ID: uuid.Must(uuid.NewV7()), PersonID: p.ID, LegalEmployerID: w.employers[r.LegalEmployer].ID, EmployeeNumber: r.EmployeeNumber, NumberKey: FoldNumber(r.EmployeeNumber), CreatedAt: w.now}
	w.fill(&e, r)
	w.newJobs = append(w.newJobs, e)
	w.numbers[p.ID] = append(w.numbers[p.ID], r.EmployeeNumber)
	key := natural(r.LegalEmployer, r.EmployeeNumber)
	w.byNumber[key] = append([]Employment{e}, w.byNumber[key]...)
}

// fill puts what the record says into an employment.
func (w *writer) fill(e *Employment, r Record) {
	if r.says("job_title") {
		e.JobTitle, e.JobTitleKey = r.JobTitle, tenant.FoldTitle(r.JobTitle)
	}
	if r.says("org_unit") {
		e.OrgUnitID = nil
		if u, ok := w.units[org.Key(r.OrgUnit)]; ok && r.Unit() != "" {
			e.OrgUnitID = &u.ID
			w.snapshot.units[u.ID] = u
		}
	}
	if r.says("manager_employee_number") && e.ManagerNumber != r.Manager {
		e.ManagerNumber, e.ManagerKey, e.ManagerPersonID = r.Manager, FoldNumber(r.Manager), nil
	}
	if r.says("start_date") {
		e.StartDate = r.Start
	}
	if r.says("end_date") {
		e.EndDate = r.End
	}
	e.UpdatedAt = w.now
}

func (w *writer) correct(r Record, v Verdict, out *Outcome) {
	p := w.persons[v.PersonID]
	if columns := w.personChanges(r, p); len(columns) > 0 {
		w.update(r, p, columns, out)
	}
	if v.Adopts {
		w.number(r, v)
		return
	}
	key := natural(r.LegalEmployer, r.EmployeeNumber)
	for i, e := range w.byNumber[key] {
		if e.ID != v.EmploymentID || len(w.employmentChanges(r, e)) == 0 {
			continue
		}
		w.fill(&e, r)
		w.byNumber[key][i] = e
		w.changedJobs = append(w.changedJobs, e)
	}
}

// update puts what the record says into a person.
func (w *writer) update(r Record, p *Person, columns []string, out *Outcome) {
	before := p.reach()
	for _, column := range columns {
		switch column {
		case "given_name":
			p.GivenName = r.GivenName
		case "family_name":
			p.FamilyName = r.FamilyName
		case "work_email":
			p.WorkEmail, p.WorkEmailKey = r.WorkEmail, r.WorkEmailKey
		case "private_email":
			p.PrivateEmail, p.PrivateEmailKey = r.PrivateEmail, r.PrivateKey
		case "phone":
			p.Phone = r.Phone
		case "language":
			p.Language = r.Language
		case "national_id":
			p.NationalKey = r.NationalKey
		case "roles":
			want := newRoles(w.snapshot.roles[p.ID], r)
			w.roles[p.ID], w.snapshot.roles[p.ID] = want, want
		}
	}
	p.UpdatedAt = w.now
	w.touched[p.ID] = p
	w.know(p)
	if p.reach() != before {
		out.Moved = append(out.Moved, p.ID)
	}
}

func (w *writer) flush(ctx context.Context) error {
	if err := db.InsertAll(ctx, w.newPersons, db.Clash{}); err != nil {
		return err
	}
	if err := db.InsertAll(ctx, w.newJobs, db.Clash{}); err != nil {
		return err
	}
	if err := updatePersons(ctx, slices.Collect(maps.Values(w.touched))); err != nil {
		return err
	}
	if err := updateEmployments(ctx, w.changedJobs); err != nil {
		return err
	}
	if err := w.flushRoles(ctx); err != nil {
		return err
	}
	return w.flushTokens(ctx)
}

func (w *writer) flushRoles(ctx context.Context) error {
	var rows []Role
	var stale []uuid.UUID
	for id, roles := range w.roles {
		if _, existing := w.touched[id]; existing {
			stale = append(stale, id)
		}
		for _, role := range roles {
			rows = append(rows, Role{PersonID: id, Role: role, GrantedAt: w.now})
		}
	}
	if err := dropRoles(ctx, stale); err != nil {
		return err
	}
	return db.InsertAll(ctx, rows, db.Clash{})
}

func (w *writer) flushTokens(ctx context.Context) error {
	var rows []Token
	var stale []uuid.UUID
	for _, p := range w.newPersons {
		rows = append(rows, tokensOf(p, w.numbers[p.ID]...)...)
	}
	for id := range w.touched {
		stale = append(stale, id)
	}
	numbers, err := numbersOf(ctx, stale)
	if err != nil {
		return err
	}
	for id, p := range w.touched {
		rows = append(rows, tokensOf(p, numbers[id]...)...)
	}
	for id, numbers := range w.numbers { // a further employment of a known person
		if p := w.persons[id]; p != nil && w.touched[id] == nil {
			rows = append(rows, tokensOf(p, numbers...)...)
		}
	}
	if err := dropTokens(ctx, stale); err != nil {
		return err
	}
	return db.InsertAll(ctx, rows, db.Skip()) // a token may be there
}
