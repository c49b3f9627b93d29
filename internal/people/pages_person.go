package people

import (
	"time"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/message"
	"tilgang/internal/phone"
)

// PersonPage is all about one person.
type PersonPage struct {
	httpkit.Base

	Address  string          // of this page
	Asked    *httpkit.Notice // HR must say who this is
	Access   []httpkit.SummaryRow
	Invite   *httpkit.Button // nil where there is nothing to send
	Nowhere  *httpkit.Notice // the invitation cannot be sent anywhere
	Ways     []httpkit.Link  // what helps then, and a letter for who has no e-mail address
	Password *httpkit.Link   // to the page that says what a new password mail does; nil for who is not in
	Lost     []httpkit.Link  // what helps who is in and has lost the second factor
	Jobs     []JobBox
	More     *httpkit.Link // to give a further job
	Personal []httpkit.SummaryRow
	Edit     *httpkit.Link
	Rights   httpkit.Link     // to what the person asked about their data
	Roles    *httpkit.Choices // nil where the reader may give none
	HasRoles []string         // granted roles above the reader, in words
	Mails    []httpkit.Event
	NoMails  httpkit.EmptyState
}

// Template implements httpkit.View.
func (*PersonPage) Template() string { return "people/person" }

// JobBox is one job of the page.
type JobBox struct {
	Title string
	State httpkit.Tag
	Rows  []httpkit.SummaryRow
	Links []httpkit.Link
}

func (p *Pages) showPerson(c *httpkit.Ctx) error {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return err
	}
	all, err := p.about(c, id)
	if err != nil {
		return err
	}
	return c.Render(personPage(c, all))
}

// gone tells whether every job has ended.
func (s sheetOf) gone() bool {
	return len(s.Jobs) > 0 && (s.Standing == Alumnus || s.Standing == NoOne)
}

func personPage(c *httpkit.Ctx, all sheetOf) *PersonPage {
	p := &PersonPage{Base: c.Base(), Address: address(all.Person.ID)}
	p.Layout, p.Title = httpkit.LayoutConsole, all.Person.Name()
	p.Back = &httpkit.Link{Label: p.T("people.list.title"), URL: listAddress}
	if len(all.Jobs) > 0 {
		p.Lead = lead(all.Jobs[0])
	}
	p.Asked = asked(c, all)
	p.Access, p.Invite = accessRows(c, &p.Base, all), inviteButton(c, &p.Base, all)
	p.Nowhere, p.Ways = nowhereToGo(c, all), ways(c, all)
	if all.access.In() {
		p.Password = &httpkit.Link{Label: p.T("people.person.password"), URL: p.Address + "/password", Kind: "secondary", Icon: "send"}
		p.Lost = lostLinks(c, p.Address)
	}
	p.Jobs, p.More = jobBoxes(c, &p.Base, all), furtherJob(&p.Base, all)
	p.Personal = personalRows(c, &p.Base, all.Person)
	p.Rights = httpkit.Link{Label: p.T("people.person.mydata"), URL: "/admin/mydata?person=per_" + all.Person.ID.String()}
	if all.Person.ErasedAt == nil {
		p.Edit = editLink(&p.Base, all)
		p.Roles, p.HasRoles = roleChoices(&p.Base, c.Actor(), all.granted)
	}
	p.Mails = mails(c, &p.Base, all.mails)
	p.NoMails = httpkit.EmptyState{Icon: "mail", Title: p.T("people.mails.none"), Text: p.T("people.mails.none_text")}
	return p
}

// lostLinks lead to what helps somebody without the second factor.
func lostLinks(c *httpkit.Ctx, address string) []httpkit.Link {
	links := []httpkit.Link{{Label: c.T("people.person.recovery"), URL: address + "/recovery", Kind: "secondary", Icon: "shield"}}
	if c.Tenant().Mfa.AccessPass.Life > 0 {
		links = append(links, httpkit.Link{Label: c.T("people.person.pass"), URL: address + "/pass", Kind: "secondary", Icon: "key"})
	}
	return links
}

// lead says who it is in one line: title, unit and employer.
func lead(j Job) (line string) {
	unit, _ := unitWords(j.Unit.Path)
	for _, part := range []string{j.JobTitle, unit, j.Employer.Name} {
		if part != "" && line != "" {
			line += " · "
		}
		line += part
	}
	return line
}

func accessRows(c *httpkit.Ctx, b *httpkit.Base, all sheetOf) []httpkit.SummaryRow {
	state := all.access.Tag(b, all.gone() && all.Standing == NoOne)
	row := httpkit.SummaryRow{Label: b.T("people.list.state"), Tag: &state}
	if at := all.access.at(); all.access.account == "" && !at.IsZero() {
		row.Sub = b.Moment(at)
	}
	rows := []httpkit.SummaryRow{row}
	if at := all.Person.ErasedAt; at != nil {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("people.person.erased"), Text: b.Date(*at), Sub: b.T("people.person.erased_sub")})
	}
	if all.freeze.Open() {
		rows = append(rows, frozenRow(b, all))
	}
	if all.came != nil {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("people.person.registered"), Text: b.Moment(*all.came), Sub: b.T("people.person.registered_sub")})
	}
	if row, there := textsRow(c, all); there {
		rows = append(rows, row)
	}
	if to := invitedAt(c, all.Person); all.access.account == "" && to != "" {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("people.person.invited_at"), Text: to})
	}
	return rows
}

// frozenRow says that the owner, or somebody with the owner's mail, said "this
// was not me".
func frozenRow(b *httpkit.Base, all sheetOf) httpkit.SummaryRow {
	return httpkit.SummaryRow{
		Label: b.T("people.person.frozen"), Tag: &httpkit.Tag{Kind: "bad", Text: b.T("people.access.frozen")}, Sub: b.Moment(all.freeze.FrozenAt),
		Action: &httpkit.Link{Label: b.T("people.person.frozen_go"), URL: address(all.Person.ID) + "/freeze"},
	}
}

// textsRow says where text messages about the password of somebody without an
// address go, where that is not simply the number on file; masked, since the
// person need not have told HR of it.
func textsRow(c *httpkit.Ctx, all sheetOf) (row httpkit.SummaryRow, there bool) {
	for _, i := range all.names {
		reached := Texted(all.Person, i, c.Tenant())
		switch {
		case i.Kind != account.Number:
			return row, false
		case i.Phone == "" || !c.Tenant().Invitation.Texts() || reached && i.PhoneAt == nil:
			continue
		case !reached:
			return httpkit.SummaryRow{Label: c.T("people.person.texts"), Text: phone.Mask(i.Phone), Sub: c.T("people.person.texts_stopped")}, true
		}
		return httpkit.SummaryRow{Label: c.T("people.person.texts"), Text: phone.Mask(i.Phone), Sub: c.T("people.person.texts_own")}, true
	}
	return row, false
}

// inviteButton sends an invitation, again or first: to those without an account
// who have an address, or a phone where that will do, and a job that has not ended.
func inviteButton(c *httpkit.Ctx, b *httpkit.Base, all sheetOf) *httpkit.Button {
	if all.access.account != "" || invitedAt(c, all.Person) == "" || all.gone() || len(all.Jobs) == 0 {
		return nil
	}
	key := "people.person.invite"
	switch all.access.invite.State {
	case "sent", "opened", "expired", "bounced", "failed":
		key = "people.person.invite_again"
	}
	return &httpkit.Button{Label: b.T(key), Kind: "secondary", Icon: "send"}
}

func jobBoxes(c *httpkit.Ctx, b *httpkit.Base, all sheetOf) (boxes []JobBox) {
	for _, j := range all.Jobs {
		title := j.JobTitle
		if title == "" {
			title = j.Employer.Name
		}
		box := JobBox{Title: title, State: standingTag(b, j.Standing), Rows: jobRows(c, b, j)}
		if all.Person.ErasedAt != nil { // what is kept is kept as it is
			boxes = append(boxes, box)
			continue
		}
		box.Links = []httpkit.Link{{Label: b.T("people.person.edit_job"), URL: address(all.Person.ID) + "/edit?job=" + j.ID.String(), Kind: "secondary", Icon: "edit"}}
		if j.Standing == Staff || j.Standing == Joiner {
			box.Links = append(box.Links, httpkit.Link{Label: b.T("people.person.end_job"), URL: address(all.Person.ID) + "/end?job=" + j.ID.String(), Kind: "quiet"})
		}
		if j.EndDate != "" {
			box.Links = append(box.Links, httpkit.Link{Label: b.T("people.person.prolong"), URL: address(all.Person.ID) + "/access?job=" + j.ID.String(), Kind: "quiet"})
		}
		boxes = append(boxes, box)
	}
	return boxes
}

func standingTag(b *httpkit.Base, s Standing) httpkit.Tag {
	switch s {
	case Staff:
		return httpkit.Tag{Kind: "ok", Text: b.T("people.standing.staff")}
	case Joiner:
		return httpkit.Tag{Kind: "wait", Text: b.T("people.standing.joiner")}
	case Alumnus:
		return httpkit.Tag{Kind: "info", Text: b.T("people.standing.alumnus")}
	case NoOne:
	}
	return httpkit.Tag{Kind: "plain", Text: b.T("people.standing.none")}
}

func jobRows(c *httpkit.Ctx, b *httpkit.Base, j Job) []httpkit.SummaryRow {
	rows := []httpkit.SummaryRow{
		{Label: b.T("sheet.column.legal_employer"), Text: j.Employer.Name}, numberRow(b, j),
	}
	if j.AddedBy != nil {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("people.person.added"), Text: b.T("people.person.added_by", "Name", j.Added), Sub: b.Date(j.CreatedAt)})
	}
	if j.Unit.Path != "" {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("sheet.column.org_unit"), Text: j.Unit.Path})
	}
	if j.ManagerNumber != "" {
		rows = append(rows, managerRow(b, j))
	}
	rows = append(rows, httpkit.SummaryRow{Label: b.T("sheet.column.start_date"), Text: DateWords(c, j.StartDate)})
	if j.EndDate == "" {
		return rows
	}
	end := httpkit.SummaryRow{Label: b.T("sheet.column.end_date"), Text: DateWords(c, j.EndDate), Sub: b.T("people.person.no_window")}
	if j.Until > j.EndDate {
		end.Sub = b.T("people.person.window", "Date", DateWords(c, j.Until))
	}
	return append(rows, end)
}

// numberRow says of a provisional number that the real one is missing.
func numberRow(b *httpkit.Base, j Job) httpkit.SummaryRow {
	row := httpkit.SummaryRow{Label: b.T("sheet.column.employee_number"), Text: j.EmployeeNumber}
	if j.Provisional() {
		row.Tag, row.Text, row.Sub = &httpkit.Tag{Kind: "warn", Text: b.T("people.person.number_missing")}, "", b.T("people.person.number_missing_text")
	}
	return row
}

func managerRow(b *httpkit.Base, j Job) httpkit.SummaryRow {
	row := httpkit.SummaryRow{Label: b.T("people.person.manager"), Text: j.Manager}
	if j.ManagerPersonID == nil {
		row.Text, row.Sub = j.ManagerNumber, b.T("people.person.manager_unknown")
		return row
	}
	row.Action = &httpkit.Link{Label: b.T("people.person.open"), URL: address(*j.ManagerPersonID)}
	return row
}

// furtherJob leads to the form for one more job.
func furtherJob(b *httpkit.Base, all sheetOf) *httpkit.Link {
	key := "people.person.add_job"
	if all.gone() {
		key = "people.person.rehire"
	}
	return &httpkit.Link{Label: b.T(key), URL: address(all.Person.ID) + "/rehire", Kind: "secondary", Icon: "add"}
}

func editLink(b *httpkit.Base, all sheetOf) *httpkit.Link {
	return &httpkit.Link{Label: b.T("people.person.edit"), URL: editAddress(all), Kind: "secondary", Icon: "edit"}
}

func editAddress(all sheetOf) string {
	if len(all.Jobs) == 0 {
		return address(all.Person.ID) + "/edit"
	}
	return address(all.Person.ID) + "/edit?job=" + all.Jobs[0].ID.String()
}

// personalRows never hold the national number, only whether there is one.
func personalRows(c *httpkit.Ctx, b *httpkit.Base, p Person) []httpkit.SummaryRow {
	language := b.T("people.person.default_language")
	if p.Language != "" {
		language = c.Words().LanguageName(p.Language)
	}
	national := b.T("people.person.national_no")
	if len(p.NationalKey) > 0 {
		national = b.T("people.person.national_yes")
	}
	row := func(key, text string) httpkit.SummaryRow {
		if text == "" {
			return httpkit.SummaryRow{Label: b.T(key), Sub: b.T("people.person.nothing")}
		}
		return httpkit.SummaryRow{Label: b.T(key), Text: text}
	}
	return []httpkit.SummaryRow{
		row("sheet.column.given_name", p.GivenName), row("sheet.column.family_name", p.FamilyName),
		row("sheet.column.work_email", p.WorkEmail), row("sheet.column.private_email", p.PrivateEmail), row("sheet.column.phone", p.Phone),
		row("sheet.column.language", language), row("sheet.column.national_id", national),
	}
}

// roleChoices are the roles that the reader may give; the others a person has
// are named only.
func roleChoices(b *httpkit.Base, a authz.Actor, granted []string) (*httpkit.Choices, []string) {
	has := map[string]bool{}
	for _, role := range granted {
		has[role] = true
	}
	var above []string
	choices := &httpkit.Choices{Name: "role", Legend: b.T("people.roles.legend"), HideLegend: true, Many: true}
	for _, role := range Grantable() {
		switch {
		case MayGrant(a, role):
			choices.Options = append(choices.Options, httpkit.Option{Value: role, Label: roleName(b, role), Hint: roleHint(b, role), Selected: has[role]})
		case has[role]:
			above = append(above, roleName(b, role))
		}
	}
	if len(choices.Options) == 0 {
		return nil, above
	}
	return choices, above
}

func roleName(b *httpkit.Base, role string) string {
	switch role {
	case authz.RoleAdmin:
		return b.T("people.role.admin")
	case authz.RoleHR:
		return b.T("people.role.hr")
	case authz.RoleAuditor:
		return b.T("people.role.auditor")
	case authz.RoleManager:
		return b.T("people.role.manager")
	case authz.RoleEmployee:
		return b.T("people.role.employee")
	}
	return role
}

func roleHint(b *httpkit.Base, role string) string {
	switch role {
	case authz.RoleAdmin:
		return b.T("people.role.admin_hint")
	case authz.RoleHR:
		return b.T("people.role.hr_hint")
	}
	return b.T("people.role.auditor_hint")
}

func mails(c *httpkit.Ctx, b *httpkit.Base, list []message.Sent) (events []httpkit.Event) {
	for _, m := range list {
		text := m.StateText(c.Words())
		if why := m.Why(c.Words()); why != "" {
			text += ". " + why
		}
		events = append(events, httpkit.Event{When: moment(b, m.At), Title: m.KindText(c.Words()), Text: text, Kind: mailKind(m.State)})
	}
	return events
}

func moment(b *httpkit.Base, t time.Time) httpkit.When {
	when := b.When(t)
	when.Text = b.Moment(t)
	return when
}

func mailKind(s message.State) string {
	switch s {
	case message.HandedOver, message.Delivered:
		return "ok"
	case message.Bounced, message.Complained, message.Failed:
		return "bad"
	case message.Delayed:
		return "warn"
	case message.Queued, message.Sending, message.Suppressed:
	}
	return ""
}
