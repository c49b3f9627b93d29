package people

import (
	"slices"
	"strings"
	"time"

	"tilgang/internal/httpkit"
	"tilgang/internal/org"
	"tilgang/internal/roster/sheet"
)

// newUnit names a department that is not in the list yet.
const newUnit = "org_unit_new"

// typed reads what HR typed; fields that no form of ours has are not looked at.
func typed(c *httpkit.Ctx) (Typed, *httpkit.Form, error) {
	form, err := c.Form()
	if err != nil {
		return nil, nil, err
	}
	in := Typed{SealedNational: form.Get(SealedNational), Version: form.Get(Version), newUnit: strings.TrimSpace(form.Get(newUnit))}
	for _, column := range sheet.Columns() {
		if column != sheet.Roles {
			in[column] = strings.TrimSpace(form.Get(column))
		}
	}
	return in, form, nil
}

// taken is what is typed as the rules read it: a new department comes before a
// chosen one.
func (in Typed) taken() Typed {
	all := Typed{}
	for name, value := range in {
		all[name] = value
	}
	if all[newUnit] != "" {
		all[sheet.OrgUnit] = all[newUnit]
	}
	return all
}

// FormPage is a form about a person: new, corrected or hired once more.
type FormPage struct {
	httpkit.Base

	Address  string // where the form goes
	Draft    string // keeps typed text over a sign-out
	Hidden   []httpkit.Hidden
	Sections []FormSection
	Save     httpkit.Button
	Leave    httpkit.Link
}

// FormSection is a group of fields.
type FormSection struct {
	Title, Hint string
	Fields      []httpkit.Field
}

// Template implements httpkit.View.
func (*FormPage) Template() string { return "people/form" }

// fields makes the fields of a form about what was typed so far.
type fields struct {
	c     *httpkit.Ctx
	b     *httpkit.Base
	in    Typed
	units []org.Unit
}

func (f fields) text(column string) httpkit.Field {
	return httpkit.Field{Name: column, Label: f.b.T("sheet.column." + column), Value: f.in[column], Autocomplete: "off", Max: 400}
}

func (f fields) needed(column string) httpkit.Field {
	field := f.text(column)
	field.Required = true
	return field
}

func (f fields) spare(column, hint string) httpkit.Field {
	field := f.text(column)
	field.Optional = true
	if hint != "" {
		field.Hint = f.b.T(hint)
	}
	return field
}

func (f fields) fixed(column, hint string) httpkit.Field {
	field := f.text(column)
	field.ReadOnly, field.Hint = true, f.b.T(hint)
	return field
}

// names, reach and national are about the person.
func (f fields) names() []httpkit.Field {
	return []httpkit.Field{f.needed(sheet.GivenName), f.needed(sheet.FamilyName)}
}

func (f fields) reach() []httpkit.Field {
	work, private, phone := f.spare(sheet.WorkEmail, "people.form.work_hint"), f.spare(sheet.PrivateEmail, "people.form.private_hint"), f.spare(sheet.Phone, "people.form.phone_hint")
	work.Type, private.Type, phone.Type = "email", "email", "tel"
	work.InputMode, private.InputMode, phone.InputMode = "email", "email", "tel"
	language := f.spare(sheet.Language, "")
	language.Type, language.Optional = "select", false
	language.Options = []httpkit.Option{{Label: f.b.T("people.person.default_language"), Selected: f.in[sheet.Language] == ""}}
	for _, code := range f.languages() {
		language.Options = append(language.Options, httpkit.Option{Value: code, Label: f.c.Words().LanguageName(code), Selected: f.in[sheet.Language] == code})
	}
	return []httpkit.Field{work, private, phone, language}
}

// languages are those to choose from, and the one on file even if nothing is written in it yet.
func (f fields) languages() []string {
	codes := f.c.Words().Spoken(f.c.Tenant().Languages)
	if kept := f.in[sheet.Language]; kept != "" && !slices.Contains(codes, kept) {
		codes = append(codes, kept)
	}
	return codes
}

// national is typed unseen and never given back: no page shows the number.
func (f fields) national() httpkit.Field {
	field := f.spare(sheet.NationalNumber, "people.form.national_hint")
	field.Type, field.Reveal, field.Value, field.Max = "password", true, "", 40
	if f.in[SealedNational] != "" {
		field.Hint = f.b.T("people.form.national_kept")
	}
	return field
}

// employer is a choice where the tenant has several.
func (f fields) employer() []httpkit.Field {
	list := f.c.Tenant().LegalEmployers
	if len(list) < 2 {
		return nil
	}
	field := f.needed(sheet.LegalEmployer)
	field.Type = "select"
	for _, e := range list {
		field.Options = append(field.Options, httpkit.Option{Value: e.Key, Label: e.Name, Selected: e.Key == f.in[sheet.LegalEmployer]})
	}
	return []httpkit.Field{field}
}

// place is what the job is: title, department, line manager.
func (f fields) place() []httpkit.Field {
	list := []httpkit.Field{f.spare(sheet.JobTitle, "")}
	fresh := f.spare(sheet.OrgUnit, "people.form.unit_hint")
	fresh.Name, fresh.Label, fresh.Value = newUnit, f.b.T("people.form.unit_new"), f.in[newUnit]
	if len(f.units) > 0 {
		unit := f.spare(sheet.OrgUnit, "")
		unit.Type, unit.Optional = "select", false
		unit.Options = []httpkit.Option{{Label: f.b.T("people.form.no_unit"), Selected: f.in[sheet.OrgUnit] == ""}}
		for _, u := range f.units {
			unit.Options = append(unit.Options, httpkit.Option{Value: u.Path, Label: u.Path, Selected: u.PathKey == org.Key(f.in[sheet.OrgUnit])})
		}
		list = append(list, unit)
	}
	return append(list, fresh, f.spare(sheet.ManagerNumber, "people.form.manager_hint"))
}

func (f fields) dates(start httpkit.Field) []httpkit.Field {
	end := f.spare(sheet.EndDate, "people.form.end_hint")
	end.Type = "date"
	start.Type = "date"
	return []httpkit.Field{start, end}
}

// ShowProblems puts what was wrong at its fields, in words.
func ShowProblems(c *httpkit.Ctx, b *httpkit.Base, list []Problem) {
	for _, p := range list {
		field := p.Column
		if field == sheet.OrgUnit {
			field = newUnit
		}
		b.Errors = append(b.Errors, httpkit.FieldError{Field: field, Text: problemWords(c, p)})
	}
}

// problemWords says a problem of a form in words.
func problemWords(c *httpkit.Ctx, p Problem) string {
	args := map[string]any{}
	for name, value := range p.Args {
		args[name] = value
	}
	if p.Column != "" {
		args["Field"] = c.T("sheet.column." + p.Column)
	}
	return c.Words().TMap(formCode(p.Code), args)
}

// formCode is the text of a problem where a form says it in another way than a
// file: there the value is left out, here it is asked for.
func formCode(code string) string {
	switch code {
	case "sheet.cell.missing":
		return "people.form.missing"
	case "sheet.phone.invalid", "sheet.phone.country":
		return "people.form.phone"
	case "sheet.manager.self":
		return "people.form.manager_self"
	case "sheet.national_id.invalid", "sheet.national_id.country", "sheet.national_id.rounded":
		return "people.form.national"
	case "sheet.language.unknown", "sheet.language.off":
		return "people.form.language"
	case "sheet.file.binary", "sheet.file.header_only", "sheet.file.encoding":
		return "people.form.unreadable"
	}
	return code
}

// shownDate is a day as a date field wants it.
func shownDate(d Date) string {
	if d.Time(time.UTC).IsZero() {
		return ""
	}
	return string(d)
}
