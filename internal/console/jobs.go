package console

import (
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// jobs are the person's employments in a card each. What an employer no longer
// opens is left out: each answers for its own.
func (w writer) jobs(o people.Overview) (cards []httpkit.Card) {
	for _, j := range o.Jobs {
		if !w.shows(j) {
			continue
		}
		card := httpkit.Card{Icon: "work", Title: j.Employer.Name, Tag: w.standing(j)}
		if j.JobTitle != "" {
			card.Rows = append(card.Rows, httpkit.SummaryRow{Label: w.c.T("console.job.title"), Text: j.JobTitle})
		}
		if j.Unit.Path != "" {
			card.Rows = append(card.Rows, httpkit.SummaryRow{Label: w.c.T("console.job.unit"), Text: j.Unit.Path})
		}
		if j.EndDate != "" && j.Last > j.EndDate {
			card.Rows = append(card.Rows, httpkit.SummaryRow{Label: w.c.T("console.job.access"), Text: w.day(j.Last)})
		}
		cards = append(cards, card)
	}
	if len(cards) > 0 {
		cards[len(cards)-1].Links = []httpkit.Link{{Label: w.c.T("console.home.more"), URL: "/employment"}}
	}
	return cards
}

func (w writer) shows(j people.Job) bool { return j.Door.Opens(tenant.ClassEmployment, w.t.Alumni) }

func (w writer) standing(j people.Job) *httpkit.Tag {
	switch j.Standing {
	case people.Staff:
		return &httpkit.Tag{Kind: "ok", Text: w.c.T("console.standing.staff")}
	case people.Joiner:
		return &httpkit.Tag{Kind: "info", Text: w.c.T("console.standing.joiner", "Date", w.day(j.StartDate))}
	case people.Alumnus, people.NoOne:
	}
	return &httpkit.Tag{Kind: "plain", Text: w.c.T("console.standing.alumnus", "Date", w.day(j.EndDate))}
}

// noJobs says why there is no employment to show.
func (w writer) noJobs(o people.Overview) *httpkit.EmptyState {
	if len(o.Jobs) > 0 {
		return &httpkit.EmptyState{Icon: "work", Title: w.c.T("console.jobs.closed"), Text: w.c.T("console.jobs.closed_text", "Name", w.t.Name)}
	}
	return &httpkit.EmptyState{Icon: "work", Title: w.c.T("console.jobs.none"), Text: w.c.T("console.jobs.none_text", "Name", w.t.Name)}
}
