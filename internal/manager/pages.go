package manager

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"tilgang/internal/httpkit"
	"tilgang/internal/org"
	"tilgang/internal/people"
)

// TeamPage is a manager's team.
type TeamPage struct {
	httpkit.Base

	Filter *httpkit.Toolbar // nil where the team is short
	Team   httpkit.Table
}

// Template implements httpkit.View.
func (*TeamPage) Template() string { return "manager/team" }

func (p *Pages) showTeam(c *httpkit.Ctx) error {
	text := []rune(c.Query("q"))
	q, after := string(text[:min(len(text), 200)]), c.Query("after")
	team, err := p.svc.Team(c.Context(), q, after)
	if err != nil {
		return err
	}
	if len(team.Reports) == 0 && after != "" {
		return c.Redirect(listed(q, ""))
	}
	access, err := p.access(c, team.Reports)
	if err != nil {
		return err
	}
	return c.Render(teamPage(c, q, team, access))
}

// listed is the team's address with a search and a cursor.
func listed(q, after string) string {
	values := url.Values{}
	for name, value := range map[string]string{"q": q, "after": after} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return teamAddress
	}
	return teamAddress + "?" + values.Encode()
}

func (p *Pages) access(c *httpkit.Ctx, reports []people.Report) (found map[uuid.UUID]people.Access, err error) {
	ids := make([]uuid.UUID, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	err = p.svc.DB.Read(c.Context(), func(ctx context.Context) (err error) {
		found, err = people.AccessOf(ctx, p.invitations, ids)
		return err
	})
	return found, err
}

func teamPage(c *httpkit.Ctx, q string, team people.Team, access map[uuid.UUID]people.Access) *TeamPage {
	p := &TeamPage{Base: c.Base()}
	p.Layout, p.Title, p.Lead = httpkit.LayoutConsole, p.T("manager.team.title"), p.T("manager.team.lead")
	t := c.Tenant()
	if t.Manager.MayCreate {
		p.Action = &httpkit.Link{Label: p.T("manager.team.add"), URL: teamAddress + "/new", Kind: "primary", Icon: "add"}
	}
	if q != "" || team.Total > searchAbove {
		p.Filter = &httpkit.Toolbar{Action: teamAddress, Search: &httpkit.Field{Name: "q", Label: p.T("manager.team.search"), Value: q, Placeholder: p.T("manager.team.search")}}
		if q != "" {
			p.Filter.ClearURL = teamAddress
		}
	}
	p.Team = httpkit.Table{
		Caption: p.Title, Empty: emptyTeam(&p.Base, q),
		Columns: []httpkit.Column{{Label: p.T("people.list.name")}, {Label: p.T("sheet.column.job_title")}, {Label: p.T("sheet.column.org_unit")}, {Label: p.T("people.list.access")}},
		Pager:   httpkit.Pager{Text: p.N("manager.team.count", team.Total)},
	}
	if team.Next != "" {
		p.Team.Pager.NextURL = listed(q, team.Next)
	}
	for _, r := range team.Reports {
		p.Team.Rows = append(p.Team.Rows, teamRow(&p.Base, r, access[r.ID]))
	}
	return p
}

func teamRow(b *httpkit.Base, r people.Report, a people.Access) httpkit.Row {
	tag := a.Tag(b, false)
	name := httpkit.Cell{Text: r.Name(), URL: reportAddress(r.ID)}
	if r.Level > 1 {
		name.Sub = b.T("manager.team.below", "Name", r.Boss())
	}
	return httpkit.Row{ID: r.ID.String(), Cells: []httpkit.Cell{name, {Text: r.JobTitle}, {Text: unitName(r.Unit)}, {Tag: &tag, Sub: a.Since(b, false)}}}
}

// unitName is a unit's own name, without those above it.
func unitName(path string) string {
	names := org.Names(path)
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

func emptyTeam(b *httpkit.Base, q string) httpkit.EmptyState {
	if q != "" {
		return httpkit.EmptyState{
			Icon: "search", Title: b.T("people.list.nobody"), Text: b.T("manager.team.nobody_text"),
			Action: &httpkit.Link{Label: b.T("people.list.everybody"), URL: teamAddress, Kind: "secondary"},
		}
	}
	return httpkit.EmptyState{Icon: "people", Title: b.T("manager.team.empty"), Text: b.T("manager.team.empty_text")}
}
