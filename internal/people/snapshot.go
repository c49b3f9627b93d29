package people

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/org"
	"tilgang/internal/tenant"
)

// snapshot is what the database knows about a chunk of records; it is kept
// current while the chunk is applied, so that two records of one person in one
// chunk meet.
type snapshot struct {
	employers  map[string]org.LegalEmployer
	units      map[uuid.UUID]org.Unit
	byNumber   map[string][]Employment // natural key -> newest first
	persons    map[uuid.UUID]*Person
	byNational map[string]uuid.UUID
	byAddress  map[string][]uuid.UUID
	roles      map[uuid.UUID][]string
	waiting    map[uuid.UUID][]Employment // by person: those that wait for their real number
}

func natural(employer, number string) string { return employer + "\x1f" + FoldNumber(number) }

// look loads what is known about records.
func look(ctx context.Context, records []Record) (*snapshot, error) {
	s := &snapshot{
		units: map[uuid.UUID]org.Unit{}, byNumber: map[string][]Employment{}, persons: map[uuid.UUID]*Person{},
		byNational: map[string]uuid.UUID{}, byAddress: map[string][]uuid.UUID{}, roles: map[uuid.UUID][]string{},
	}
	var err error
	if s.employers, err = org.Employers(ctx); err != nil {
		return nil, err
	}
	list, err := org.Units(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range list {
		s.units[u.ID] = u
	}
	if err := s.lookPeople(ctx, records); err != nil {
		return nil, fmt.Errorf("look people up: %w", err)
	}
	return s, nil
}

func (s *snapshot) lookPeople(ctx context.Context, records []Record) error {
	var numbers, addresses []string
	var nationals [][]byte
	for _, r := range records {
		numbers = append(numbers, FoldNumber(r.EmployeeNumber))
		for _, key := range []string{r.WorkEmailKey, r.PrivateKey} {
			if key != "" {
				addresses = append(addresses, key)
			}
		}
		if len(r.NationalKey) > 0 {
			nationals = append(nationals, r.NationalKey)
		}
	}
	slices.Sort(numbers)
	employments, err := employmentsByNumber(ctx, slices.Compact(numbers))
	if err != nil {
		return err
	}
	names := map[uuid.UUID]string{}
	for _, e := range s.employers {
		names[e.ID] = e.Key
	}
	ids := spokenOf(records)
	for _, e := range employments {
		key := natural(names[e.LegalEmployerID], e.EmployeeNumber)
		s.byNumber[key] = append(s.byNumber[key], e)
		ids = append(ids, e.PersonID)
	}
	found, err := personsBy(ctx, ids, addresses, nationals)
	if err != nil {
		return err
	}
	known := make([]uuid.UUID, len(found))
	for i := range found {
		s.know(&found[i])
		known[i] = found[i].ID
	}
	if s.waiting, err = provisionalOf(ctx, known); err != nil {
		return err
	}
	s.roles, err = rolesOf(ctx, known)
	return err
}

// spokenOf are the persons that records are about by form.
func spokenOf(records []Record) (ids []uuid.UUID) {
	for _, r := range records {
		if r.Person != uuid.Nil {
			ids = append(ids, r.Person)
		}
	}
	return ids
}

// know enters a person under everything that finds it.
func (s *snapshot) know(p *Person) {
	s.persons[p.ID] = p
	if len(p.NationalKey) > 0 {
		s.byNational[string(p.NationalKey)] = p.ID
	}
	for _, key := range []string{p.WorkEmailKey, p.PrivateEmailKey} {
		if key != "" && !slices.Contains(s.byAddress[key], p.ID) {
			s.byAddress[key] = append(s.byAddress[key], p.ID)
		}
	}
}

// judge says what a record does. most is the highest role that the importer may
// give.
func (s *snapshot) judge(r Record, most int) Verdict {
	if _, known := s.employers[r.LegalEmployer]; !known {
		return refuse("legal_employer", "people.employer_unknown", "Value", r.LegalEmployer)
	}
	if v, bad := judgeRoles(r, most); bad {
		return v
	}
	rows := s.byNumber[natural(r.LegalEmployer, r.EmployeeNumber)]
	if len(rows) == 0 {
		return s.guard(r, s.judgeNew(r), most)
	}
	person := s.persons[rows[0].PersonID]
	if person == nil || (r.Person != uuid.Nil && r.Person != person.ID) {
		return refuse("employee_number", "people.number_taken", "Number", r.EmployeeNumber)
	}
	if len(r.NationalKey) > 0 && len(person.NationalKey) > 0 && !bytes.Equal(r.NationalKey, person.NationalKey) {
		return refuse("employee_number", "people.number_of_another", "Number", r.EmployeeNumber, "Name", person.Name())
	}
	if v, bad := s.judgeAddress(r, person.ID); bad {
		return v
	}
	return s.guard(r, s.judgeKnown(r, rows, person), most)
}

// guard brings nothing back of whose data was deleted, unless they are hired
// anew, and keeps the address of whoever has a higher role out of the reach of
// those below, and the phone of who has none: the invitation goes there, and with
// it the role.
func (s *snapshot) guard(r Record, v Verdict, most int) Verdict {
	p := s.persons[v.PersonID]
	if p != nil && p.ErasedAt != nil && v.Action == Change {
		return refuse("employee_number", "people.erased", "Name", p.Name())
	}
	if p == nil || v.Action == Propose || v.Action == Refuse || !s.outranks(p.ID, most) {
		return v
	}
	for _, column := range s.personChanges(r, p) {
		_, _, kind := p.Address()
		if column == "work_email" || column == "private_email" || column == "phone" && kind == "" {
			return refuse(column, "people.outranked", "Name", p.Name())
		}
	}
	return v
}

// outranks tells whether a person has a role above most.
func (s *snapshot) outranks(id uuid.UUID, most int) bool {
	return slices.ContainsFunc(s.roles[id], func(role string) bool { return RoleRank(role) > most })
}

// judgeRoles: nobody gives more than they have, and an administrator is never
// made by file.
func judgeRoles(r Record, most int) (Verdict, bool) {
	for _, role := range r.Roles {
		if role == authz.RoleAdmin {
			return refuse("roles", "people.admin_by_file"), true
		}
		if RoleRank(role) > most {
			return refuse("roles", "people.role_too_high", "Role", role), true
		}
	}
	return Verdict{}, false
}

// RoleRank orders roles by what they may do.
func RoleRank(role string) int {
	switch role {
	case authz.RoleAdmin:
		return 3
	case authz.RoleHR, authz.RoleAuditor:
		return 2
	case authz.RoleManager:
		return 1
	}
	return 0
}

// judgeNew judges an employee number that nobody has yet.
func (s *snapshot) judgeNew(r Record) Verdict {
	if r.Person != uuid.Nil {
		return s.judgeNamed(r)
	}
	if id, known := s.byNational[string(r.NationalKey)]; known && len(r.NationalKey) > 0 {
		if v, bad := s.judgeAddress(r, id); bad {
			return v
		}
		return s.adopt(r, id)
	}
	twin := s.twin(r)
	switch {
	case twin != nil && r.Same:
		return s.adopt(r, twin.ID)
	case twin != nil && !r.Other:
		return Verdict{Action: Propose, PersonID: twin.ID}
	}
	if v, bad := s.judgeAddress(r, uuid.Nil); bad {
		return v
	}
	return Verdict{Action: Create}
}

// judgeNamed judges a further employment of a person named by form.
func (s *snapshot) judgeNamed(r Record) Verdict {
	if s.persons[r.Person] == nil {
		return refuse("employee_number", "people.number_taken", "Number", r.EmployeeNumber)
	}
	if v, bad := s.judgeAddress(r, r.Person); bad {
		return v
	}
	return Verdict{Action: Create, PersonID: r.Person}
}

// twin is a person with the same address and name, and no other national
// identity.
func (s *snapshot) twin(r Record) *Person {
	for _, key := range []string{r.WorkEmailKey, r.PrivateKey} {
		for _, id := range s.byAddress[key] {
			p := s.persons[id]
			other := len(r.NationalKey) > 0 && len(p.NationalKey) > 0
			if key != "" && !other && tenant.FoldTitle(p.Name()) == tenant.FoldTitle(r.Name()) {
				return p
			}
		}
	}
	return nil
}

// judgeAddress refuses a work address that is somebody else's. A private one
// may be shared in a household until one of them signs in with it.
func (s *snapshot) judgeAddress(r Record, self uuid.UUID) (Verdict, bool) {
	if r.WorkEmailKey == "" || !r.says("work_email") {
		return Verdict{}, false
	}
	for _, id := range s.byAddress[r.WorkEmailKey] {
		if id != self && s.persons[id].WorkEmailKey == r.WorkEmailKey {
			return refuse("work_email", "people.address_taken", "Name", s.persons[id].Name()), true
		}
	}
	return Verdict{}, false
}

// judgeKnown judges a record of a known number: the employment that it means is
// the one of the same start, else the newest; a start after the newest's end is
// a rehire.
func (s *snapshot) judgeKnown(r Record, rows []Employment, person *Person) Verdict {
	meant := rows[0]
	for _, e := range rows {
		if e.StartDate == r.Start {
			meant = e
		}
	}
	if meant.StartDate != r.Start && meant.EndDate != "" && r.Start > meant.EndDate {
		return Verdict{Action: Rehire, PersonID: person.ID}
	}
	changed := append(s.personChanges(r, person), s.employmentChanges(r, meant)...)
	if len(changed) == 0 {
		return Verdict{Action: Same, PersonID: person.ID, EmploymentID: meant.ID}
	}
	return Verdict{Action: Change, PersonID: person.ID, EmploymentID: meant.ID, Changed: changed}
}

// personChanges lists the columns in which the record differs from the person.
// An empty cell takes nothing away from a person: HR clears by form.
func (s *snapshot) personChanges(r Record, p *Person) (columns []string) {
	for _, f := range []struct{ column, said, stored string }{
		{"given_name", r.GivenName, p.GivenName},
		{"family_name", r.FamilyName, p.FamilyName},
		{"work_email", r.WorkEmailKey, p.WorkEmailKey},
		{"private_email", r.PrivateKey, p.PrivateEmailKey},
		{"phone", r.Phone, p.Phone},
	} {
		if r.says(f.column) && f.said != "" && f.said != f.stored {
			columns = append(columns, f.column)
		}
	}
	if r.says("language") && r.Language != "" && p.Language == "" { // what the person chose stays
		columns = append(columns, "language")
	}
	if len(r.NationalKey) > 0 && len(p.NationalKey) == 0 {
		columns = append(columns, "national_id")
	}
	if want := newRoles(s.roles[p.ID], r); want != nil {
		columns = append(columns, "roles")
	}
	return columns
}

// newRoles is what the person's roles become, nil when they stay: a filled cell
// is the whole list, but never takes an administrator's role away.
func newRoles(have []string, r Record) []string {
	if !r.says("roles") || len(r.Roles) == 0 {
		return nil
	}
	var want []string
	for _, role := range r.Roles {
		if granted(role) {
			want = append(want, role)
		}
	}
	if slices.Contains(have, authz.RoleAdmin) {
		want = append(want, authz.RoleAdmin)
	}
	slices.Sort(want)
	want = slices.Compact(want)
	sorted := slices.Sorted(slices.Values(have))
	if slices.Equal(want, sorted) {
		return nil
	}
	if want == nil {
		want = []string{}
	}
	return want
}

// granted tells whether a role is stored: employee and manager are derived.
func granted(role string) bool { return role != authz.RoleEmployee && role != authz.RoleManager }

// employmentChanges lists the columns in which the record differs from the
// employment; here an empty cell does take away, but for columns the file lacks.
func (s *snapshot) employmentChanges(r Record, e Employment) (columns []string) {
	unit := ""
	if e.OrgUnitID != nil {
		unit = s.units[*e.OrgUnitID].PathKey
	}
	for _, f := range []struct{ column, said, stored string }{
		{"job_title", r.JobTitle, e.JobTitle},
		{"org_unit", org.Key(r.OrgUnit), unit},
		{"manager_employee_number", r.Manager, e.ManagerNumber},
		{"start_date", string(r.Start), string(e.StartDate)},
		{"end_date", string(r.End), string(e.EndDate)},
	} {
		if r.says(f.column) && f.said != f.stored {
			columns = append(columns, f.column)
		}
	}
	return columns
}
