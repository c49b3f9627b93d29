package people

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/httpkit"
)

// Question is one that waits for HR about who somebody is; zero where there is
// none. URL is where it is decided.
type Question struct {
	URL   string
	Since time.Time
}

// Questions tells of the question that waits about a person, within the
// transaction of the context.
type Questions interface {
	QuestionOf(ctx context.Context, person uuid.UUID) (Question, error)
}

// questionOf is none where nobody answers.
func (p *Pages) questionOf(ctx context.Context, person uuid.UUID) (Question, error) {
	if p.Questions == nil {
		return Question{}, nil
	}
	return p.Questions.QuestionOf(ctx, person)
}

// asked says that HR must say who this is, and leads to where it does; nobody
// decides about themselves.
func asked(c *httpkit.Ctx, all sheetOf) *httpkit.Notice {
	if all.question.URL == "" {
		return nil
	}
	n := &httpkit.Notice{Kind: "warn", Title: c.T("people.person.asked"), Text: c.T("people.person.asked_text", "When", all.question.Since)}
	if c.Actor().PersonID == all.Person.ID {
		n.Text += " " + c.T("identity.review.self")
		return n
	}
	n.Action = &httpkit.Link{Label: c.T("people.person.asked_go"), URL: all.question.URL, Kind: "secondary", Icon: "shield"}
	return n
}
