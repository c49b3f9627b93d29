package profile

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// EmploymentPage is /employment.
type EmploymentPage struct {
	httpkit.Base

	Jobs []Job
	None *httpkit.EmptyState
	Told httpkit.Notice
}

// Job is one employment as its owner sees it.
type Job struct {
	Title string // the legal employer
	Tag   httpkit.Tag
	Rows  []httpkit.SummaryRow
}

// Template implements httpkit.View.
func (*EmploymentPage) Template() string { return "profile/employment" }

func (p *Pages) showEmployment(c *httpkit.Ctx) error {
	o, err := p.service.Read(c.Context(), c.Actor(), c.Now())
	if err != nil {
		return err
	}
	t := c.Tenant()
	page := &EmploymentPage{Base: c.Base()}
	page.Layout, page.Title, page.Lead = httpkit.LayoutPage, c.T("profile.employment.title"), c.T("profile.employment.lead", "Name", t.Name)
	for _, j := range o.Jobs {
		page.Jobs = append(page.Jobs, job(c, j))
	}
	if len(page.Jobs) == 0 {
		page.None = &httpkit.EmptyState{Icon: "work", Title: c.T("profile.employment.none"), Text: c.T("profile.employment.none_text", "Name", t.Name)}
	}
	page.Told = httpkit.Notice{Kind: "info", Title: c.T("profile.told", "Name", t.Name), Text: c.T("profile.told_text") + " " + whom(c, "data")}
	return c.Render(page)
}

func job(c *httpkit.Ctx, j people.Job) Job {
	view := Job{Title: j.Employer.Name, Tag: standing(c, j)}
	add := func(label, text string) {
		if text != "" {
			view.Rows = append(view.Rows, httpkit.SummaryRow{Label: label, Text: text})
		}
	}
	add(c.T("profile.job.title"), j.JobTitle)
	add(c.T("profile.job.number"), j.EmployeeNumber)
	add(c.T("profile.job.unit"), j.Unit.Path)
	if j.Door.Inside(people.Staff, people.Joiner) {
		add(c.T("profile.job.manager"), j.Manager)
	}
	add(c.T("profile.job.start"), day(c, j.StartDate))
	end := day(c, j.EndDate)
	if end == "" {
		end = c.T("profile.job.open")
	}
	add(c.T("profile.job.end"), end)
	if j.EndDate != "" && j.Last > j.EndDate {
		add(c.T("profile.job.access"), day(c, j.Last))
	}
	return view
}

// standing is what the person is to that employer today, in words.
func standing(c *httpkit.Ctx, j people.Job) httpkit.Tag {
	switch j.Standing {
	case people.Staff:
		return httpkit.Tag{Kind: "ok", Text: c.T("profile.standing.staff")}
	case people.Joiner:
		return httpkit.Tag{Kind: "info", Text: c.T("profile.standing.joiner")}
	case people.Alumnus, people.NoOne:
	}
	return httpkit.Tag{Kind: "plain", Text: c.T("profile.standing.alumnus")}
}
