package manager

import (
	"errors"
	"strings"

	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
	"tilgang/internal/tenant"
)

// NewPage takes a new colleague in.
type NewPage struct {
	httpkit.Base

	Address  string // where the form goes
	Sections []people.FormSection
	Save     httpkit.Button
	Leave    httpkit.Link
}

// Template implements httpkit.View.
func (*NewPage) Template() string { return "manager/new" }

func (p *Pages) showNew(c *httpkit.Ctx) error {
	place, err := p.svc.Place(c.Context())
	if err != nil {
		return err
	}
	n := Newcomer{Language: c.Words().Lang()}
	if len(place.Jobs) > 0 {
		n.Unit = place.Jobs[0].Unit.Path
	}
	return c.Render(newPage(c, place, n))
}

func (p *Pages) submitNew(c *httpkit.Ctx) error {
	n, err := newcomer(c)
	if err != nil {
		return err
	}
	place, err := p.svc.Place(c.Context())
	if err != nil {
		return err
	}
	id, again, err := p.svc.Create(c.Context(), n)
	if err != nil {
		return refuse(c, newPage(c, place, n), err)
	}
	key := "manager.new.done"
	switch {
	case again:
		key = "people.new.again"
	case c.Tenant().Invitation.Send == tenant.SendManual:
		key = "manager.new.done_manual"
	case c.Tenant().Invitation.Send == tenant.SendDaysBefore:
		key = "people.new.done_later"
	}
	c.Flash("ok", key)
	return c.Redirect(reportAddress(id))
}

// newcomer reads what the manager typed; no other field is looked at.
func newcomer(c *httpkit.Ctx) (n Newcomer, err error) {
	form, err := c.Form()
	if err != nil {
		return n, err
	}
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	return Newcomer{
		Employer: get(sheet.LegalEmployer), Number: get(sheet.EmployeeNumber), GivenName: get(sheet.GivenName), FamilyName: get(sheet.FamilyName),
		Address: get(address), JobTitle: get(sheet.JobTitle), Unit: get(sheet.OrgUnit), Start: get(sheet.StartDate), Language: get(sheet.Language),
	}, nil
}

// refuse shows the form once more with what was wrong at its fields.
func refuse(c *httpkit.Ctx, page *NewPage, err error) error {
	var no *people.Refused
	if !errors.As(err, &no) {
		return c.Invalid(page, err)
	}
	people.ShowProblems(c, &page.Base, no.Problems)
	for i, e := range page.Errors {
		switch e.Field {
		case sheet.WorkEmail, sheet.PrivateEmail:
			page.Errors[i].Field = address
		case "org_unit_new":
			page.Errors[i].Field = sheet.OrgUnit
		}
	}
	return c.RenderStatus(422, page)
}

func newPage(c *httpkit.Ctx, place Place, n Newcomer) *NewPage {
	p := &NewPage{Base: c.Base(), Address: teamAddress + "/new"}
	p.Layout, p.Title, p.Lead = httpkit.LayoutConsole, p.T("manager.new.title"), p.T("manager.new.lead")
	p.Back = &httpkit.Link{Label: p.T("manager.team.title"), URL: teamAddress}
	p.Sections = []people.FormSection{
		{Title: p.T("people.form.person"), Fields: personFields(c, &p.Base, n)},
		{Title: p.T("people.form.job"), Fields: jobFields(&p.Base, place, n)},
	}
	p.Save = httpkit.Button{Label: p.T("manager.new.save"), Icon: "send"}
	p.Leave = httpkit.Link{Label: p.T("people.form.leave"), URL: teamAddress, Kind: "quiet"}
	return p
}

func field(b *httpkit.Base, name, label, value string) httpkit.Field {
	return httpkit.Field{Name: name, Label: b.T(label), Value: value, Autocomplete: "off", Required: true, Max: 400}
}

func personFields(c *httpkit.Ctx, b *httpkit.Base, n Newcomer) []httpkit.Field {
	mail := field(b, address, "manager.form.email", n.Address)
	mail.Type, mail.InputMode, mail.Hint = "email", "email", b.T("manager.form.email_hint")
	language := field(b, sheet.Language, "sheet.column.language", n.Language)
	language.Type, language.Hint = "select", b.T("manager.form.language_hint")
	for _, code := range c.Tenant().Languages {
		language.Options = append(language.Options, httpkit.Option{Value: code, Label: c.Words().LanguageName(code), Selected: code == n.Language})
	}
	return []httpkit.Field{field(b, sheet.GivenName, "sheet.column.given_name", n.GivenName), field(b, sheet.FamilyName, "sheet.column.family_name", n.FamilyName), mail, language}
}

func jobFields(b *httpkit.Base, place Place, n Newcomer) (list []httpkit.Field) {
	if employers := employers(place, n.Employer); len(employers) > 1 {
		list = append(list, httpkit.Field{Name: sheet.LegalEmployer, Type: "select", Label: b.T("sheet.column.legal_employer"), Required: true, Options: employers})
	}
	title := field(b, sheet.JobTitle, "sheet.column.job_title", n.JobTitle)
	start := field(b, sheet.StartDate, "sheet.column.start_date", n.Start)
	start.Type = "date"
	list = append(list, title, start)
	if len(place.Units) > 0 {
		unit := httpkit.Field{Name: sheet.OrgUnit, Type: "select", Label: b.T("sheet.column.org_unit")}
		for _, u := range place.Units {
			unit.Options = append(unit.Options, httpkit.Option{Value: u.Path, Label: u.Path, Selected: u.Path == n.Unit})
		}
		list = append(list, unit)
	}
	number := field(b, sheet.EmployeeNumber, "sheet.column.employee_number", n.Number)
	number.Required, number.Optional, number.Hint = false, true, b.T("manager.form.number_hint")
	return append(list, number)
}

// employers are those that the manager works for, each once.
func employers(place Place, chosen string) (list []httpkit.Option) {
	seen := map[string]bool{}
	for _, j := range place.Jobs {
		if !seen[j.Employer.Key] {
			seen[j.Employer.Key] = true
			list = append(list, httpkit.Option{Value: j.Employer.Key, Label: j.Employer.Name, Selected: j.Employer.Key == chosen})
		}
	}
	return list
}
