package people

import (
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/roster/sheet"
)

// chosen is the person of the address and the job that the form is about; nil
// when the person has none.
type chosen struct {
	sheetOf
	job *Job
}

// subject loads the person of the address and the job asked for, the newest
// when none is; an unknown job is an unknown address.
func (p *Pages) subject(c *httpkit.Ctx, job string) (s chosen, err error) {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return s, err
	}
	if s.sheetOf, err = p.about(c, id); err != nil {
		return s, err
	}
	if job == "" {
		if len(s.Jobs) > 0 {
			s.job = &s.Jobs[0]
		}
		return s, nil
	}
	i := slices.IndexFunc(s.Jobs, func(j Job) bool { return j.ID.String() == job })
	if i < 0 {
		return s, nowhere()
	}
	s.job = &s.Jobs[i]
	return s, nil
}

// jobID is the job's id, Nil for none.
func (s chosen) jobID() uuid.UUID {
	if s.job == nil {
		return uuid.Nil
	}
	return s.job.ID
}

// stored is what the form shows before anything is typed.
func (s chosen) stored() Typed {
	p := s.Person
	in := Typed{
		Version: s.version(), sheet.GivenName: p.GivenName, sheet.FamilyName: p.FamilyName, sheet.WorkEmail: p.WorkEmail,
		sheet.PrivateEmail: p.PrivateEmail, sheet.Phone: p.Phone, sheet.Language: p.Language,
	}
	if j := s.job; j != nil {
		in[sheet.EmployeeNumber], in[sheet.LegalEmployer] = j.EmployeeNumber, j.Employer.Key
		in[sheet.JobTitle], in[sheet.OrgUnit], in[sheet.ManagerNumber] = j.JobTitle, j.Unit.Path, j.ManagerNumber
		in[sheet.StartDate], in[sheet.EndDate] = shownDate(j.StartDate), shownDate(j.EndDate)
	}
	return in
}

// version names the state that the form is filled from.
func (s chosen) version() string {
	if s.job == nil {
		return version(s.Person, Employment{})
	}
	return version(s.Person, s.job.Employment)
}

// stale shows what was typed again, beside what somebody else has stored
// meanwhile; saving once more is then a choice.
func (p *Pages) stale(c *httpkit.Ctx, s chosen, in Typed) error {
	now := s.stored()
	in[Version] = now[Version]
	page, err := p.editPage(c, s, in)
	if err != nil {
		return err
	}
	page.Flash = append(page.Flash, httpkit.Notice{Kind: "warn", Title: c.T("people.edit.stale"), Text: c.T("people.edit.stale_text")})
	for _, section := range page.Sections {
		for i := range section.Fields {
			f := &section.Fields[i]
			stored, known := now[f.Name]
			if !known || stored == in[f.Name] || f.ReadOnly {
				continue
			}
			f.Hint = c.T("people.edit.now_empty")
			if stored != "" {
				f.Hint = c.T("people.edit.now", "Value", shownValue(c, f.Name, stored))
			}
		}
	}
	return c.RenderStatus(409, page)
}

// shownValue is a stored value as a reader knows it.
func shownValue(c *httpkit.Ctx, column, value string) string {
	switch column {
	case sheet.StartDate, sheet.EndDate:
		return DateWords(c, Date(value))
	case sheet.Language:
		return c.Words().LanguageName(value)
	}
	return value
}

// last tells whether no later job has the number of this one.
func (s chosen) last() bool {
	for _, j := range s.Jobs {
		if j.ID == s.job.ID {
			return true
		}
		if j.LegalEmployerID == s.job.LegalEmployerID && j.EmployeeNumber == s.job.EmployeeNumber {
			return false
		}
	}
	return true
}

func (p *Pages) showEdit(c *httpkit.Ctx) error {
	s, err := p.subject(c, c.Query("job"))
	if err != nil {
		return err
	}
	page, err := p.editPage(c, s, s.stored())
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) editPage(c *httpkit.Ctx, s chosen, in Typed) (*FormPage, error) {
	units, err := p.units(c)
	if err != nil {
		return nil, err
	}
	page := &FormPage{Base: c.Base(), Address: address(s.Person.ID) + "/edit", Draft: "person-" + s.Person.ID.String()}
	page.Layout, page.Title = httpkit.LayoutConsole, page.T("people.edit.title", "Name", s.Person.Name())
	page.Back = &httpkit.Link{Label: s.Person.Name(), URL: address(s.Person.ID)}
	f := fields{c: c, b: &page.Base, in: in, units: units}
	person := f.names()
	if len(s.Person.NationalKey) == 0 {
		person = append(person, f.national())
	}
	page.Sections = []FormSection{
		{Title: page.T("people.form.person"), Fields: person},
		{Title: page.T("people.form.reach"), Hint: page.T(reachHint(s)), Fields: f.reach()},
	}
	page.Hidden = []httpkit.Hidden{{Name: Version, Value: in[Version]}}
	if s.job != nil {
		page.Hidden = append(page.Hidden, httpkit.Hidden{Name: "job", Value: s.job.ID.String()})
		page.Sections = append(page.Sections, FormSection{Title: page.T("people.form.job"), Hint: s.job.Employer.Name, Fields: jobFields(f, s)})
	}
	page.Save = httpkit.Button{Label: page.T("people.edit.save")}
	page.Leave = httpkit.Link{Label: page.T("people.form.leave"), URL: address(s.Person.ID), Kind: "quiet"}
	return page, nil
}

// reachHint says what a new address does.
func reachHint(s chosen) string {
	switch {
	case s.access.account != "":
		return "people.edit.reach_account"
	case s.access.pending():
		return "people.edit.reach_pending"
	}
	return "people.form.reach_hint"
}

func jobFields(f fields, s chosen) []httpkit.Field {
	number := f.fixed(sheet.EmployeeNumber, "people.edit.number_hint")
	number.Value = s.job.EmployeeNumber
	if s.job.Provisional() {
		number = f.spare(sheet.EmployeeNumber, "people.edit.number_missing")
		if number.Value == s.job.EmployeeNumber {
			number.Value = ""
		}
	}
	start := f.needed(sheet.StartDate)
	if !s.last() {
		start = f.fixed(sheet.StartDate, "people.edit.start_hint")
		start.Value = shownDate(s.job.StartDate)
	}
	return append(append([]httpkit.Field{number}, f.dates(start)...), f.place()...)
}

func (p *Pages) submitEdit(c *httpkit.Ctx) error {
	in, form, err := typed(c)
	if err != nil {
		return err
	}
	s, err := p.subject(c, form.Get("job"))
	if err != nil {
		return err
	}
	res, err := p.svc.Correct(c.Context(), s.Person.ID, s.jobID(), in.taken())
	if f, known := fault.As(err); known && f.Code == "people.edit.stale" {
		if s, err = p.subject(c, form.Get("job")); err != nil {
			return err
		}
		return p.stale(c, s, in)
	}
	if err != nil {
		page, broken := p.editPage(c, s, in)
		if broken != nil {
			return broken
		}
		return again(c, page, err)
	}
	c.Flash(changedText(res, s.access))
	return c.Redirect(address(s.Person.ID))
}

// changedText says what a correction did, above all where mail goes now.
func changedText(res Result, a Access) (kind, key string) {
	switch {
	case res.Action == Same:
		return "info", "people.edit.same"
	case res.Moved && a.account != "":
		return "ok", "people.edit.moved_account"
	case res.Moved && a.pending():
		return "ok", "people.edit.moved_pending"
	}
	return "ok", "people.edit.done"
}

func (p *Pages) submitRoles(c *httpkit.Ctx) error {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	err = p.svc.SetRoles(c.Context(), id, form.All("role"))
	if err != nil {
		all, broken := p.about(c, id)
		if broken != nil {
			return broken
		}
		return c.Invalid(personPage(c, all), missing(err))
	}
	c.Flash("ok", "people.roles.done")
	return c.Redirect(address(id))
}
