package console

import (
	"context"
	"fmt"

	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
)

// staff is what those see who look after it.
type staff struct {
	people      int64
	invitations Invitations
	imports     Imports
	recoveries  int
	wishes      int64
}

// countStaff counts for those who may read about everybody; nil for the rest.
func (p *Pages) countStaff(ctx context.Context, a authz.Actor) (*staff, error) {
	if p.Policy.May(a, "people", "read") != authz.Any {
		return nil, nil
	}
	s := &staff{}
	var err error
	if s.people, err = p.Staff.People(ctx); err != nil {
		return nil, fmt.Errorf("count people: %w", err)
	}
	if s.invitations, err = p.Staff.Invitations(ctx); err != nil {
		return nil, fmt.Errorf("count invitations: %w", err)
	}
	if s.imports, err = p.Staff.Imports(ctx); err != nil {
		return nil, fmt.Errorf("look at imports: %w", err)
	}
	if s.recoveries, err = p.Staff.Recoveries(ctx); err != nil {
		return nil, fmt.Errorf("count recoveries: %w", err)
	}
	if s.wishes, err = p.Staff.Wishes(ctx); err != nil {
		return nil, fmt.Errorf("count wishes: %w", err)
	}
	return s, nil
}

func (w writer) staffCards(s staff) []httpkit.Card {
	cards := []httpkit.Card{w.peopleCard(s), w.invitationsCard(s.invitations), w.importsCard(s.imports)}
	if s.wishes > 0 {
		cards = append(cards, w.wishesCard(s.wishes))
	}
	return cards
}

// wishesCard says that somebody who has left waits for an answer.
func (w writer) wishesCard(n int64) httpkit.Card {
	return httpkit.Card{
		Kind: todo, Icon: "calendar", Title: w.c.T("console.wishes.title"), Figure: w.c.Words().Number(int(n)), Text: w.c.N("console.wishes.text", int(n)),
		Links: []httpkit.Link{{Label: w.c.T("console.wishes.go"), URL: "/admin/alumni", Kind: "primary"}},
	}
}

// recoveriesCard calls for who waits: somebody who cannot get in.
func (w writer) recoveriesCard(s *staff) *httpkit.Card {
	if s == nil || s.recoveries == 0 {
		return nil
	}
	return &httpkit.Card{
		Kind: todo, Icon: "shield", Title: w.c.N("console.recoveries.title", s.recoveries), Text: w.c.T("console.recoveries.text"),
		Links: []httpkit.Link{{Label: w.c.T("console.recoveries.go"), URL: "/admin/recovery", Kind: "primary"}},
	}
}

func (w writer) peopleCard(s staff) httpkit.Card {
	card := httpkit.Card{
		Icon: "people", Title: w.c.T("console.people.title"), Figure: w.c.Words().Number(int(s.people)), Text: w.c.N("console.people.text", int(s.people), "Name", w.t.Name),
		Links: []httpkit.Link{{Label: w.c.T("console.people.go"), URL: "/admin/people"}},
	}
	if s.people == 0 {
		card.Figure, card.Text = "", w.c.T("console.people.none")
	}
	return card
}

func (w writer) invitationsCard(i Invitations) httpkit.Card {
	card := httpkit.Card{
		Icon: "mail", Title: w.c.T("console.invitations.title"), Text: w.c.T("console.invitations.none"),
		Links: []httpkit.Link{{Label: w.c.T("console.invitations.go"), URL: "/admin/people"}},
	}
	if i.Waiting > 0 {
		card.Figure, card.Text = w.c.Words().Number(int(i.Waiting)), w.c.N("console.invitations.text", int(i.Waiting))
	}
	if i.Expired > 0 {
		card.Rows = append(card.Rows, httpkit.SummaryRow{Label: w.c.T("console.invitations.expired"), Text: w.c.Words().Number(int(i.Expired))})
	}
	if i.NoAddress > 0 {
		card.Rows = append(card.Rows, httpkit.SummaryRow{Label: w.c.T("console.invitations.no_address"), Text: w.c.Words().Number(int(i.NoAddress))})
	}
	return card
}

func (w writer) importsCard(i Imports) httpkit.Card {
	card := httpkit.Card{
		Icon: "upload", Title: w.c.T("console.imports.title"), Text: w.c.T("console.imports.none"),
		Links: []httpkit.Link{{Label: w.c.T("console.imports.go"), URL: "/admin/roster"}},
	}
	switch {
	case i.Open > 0:
		card.Kind, card.Text = todo, w.c.N("console.imports.open", int(i.Open))
		card.Links[0] = httpkit.Link{Label: w.c.T("console.imports.look"), URL: "/admin/roster", Kind: "primary"}
	case !i.Last.IsZero():
		card.Text = w.c.T("console.imports.last", "Moment", w.c.Words().Moment(i.Last))
	}
	return card
}
