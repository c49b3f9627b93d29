package console

import (
	"slices"
	"strings"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// todo is the kind of card that draws the eye.
const todo = "todo"

// news are the cards of what is new or to be done, the pressing ones first.
func (w writer) news(s situation) (cards []httpkit.Card) {
	for _, card := range []*httpkit.Card{w.frozenCard(s.freeze), w.payslipCard(s.payslip), w.recoveriesCard(s.staff), w.factorCard(s.factor), w.codesCard(s.factor), w.handoverCard(s.leaves), w.accessCard(s.overview), w.firstDayCard(s.overview), w.missingCard(s)} {
		if card != nil {
			cards = append(cards, *card)
		}
	}
	return cards
}

// frozenCard says what is stopped, why, and what starts it again.
func (w writer) frozenCard(f account.Freeze) *httpkit.Card {
	if !f.Open() {
		return nil
	}
	return &httpkit.Card{
		Kind: todo, Icon: "shield", Title: w.c.T("account.frozen.title"), Text: w.c.T("account.frozen.what", "When", f.FrozenAt) + " " + w.c.T("account.frozen.next"),
		Links: []httpkit.Link{{Label: w.c.T("account.frozen.go"), URL: "/reset", Kind: "primary"}},
	}
}

// payslipCard leads to the newest payslip.
func (w writer) payslipCard(slip *Payslip) *httpkit.Card {
	if slip == nil {
		return nil
	}
	return &httpkit.Card{
		Icon: "doc", Title: w.c.T("console.payslip.title"), Figure: w.day(slip.Dated), Text: slip.Title + ", " + slip.Employer,
		Links: []httpkit.Link{{Label: w.c.T("console.payslip.go"), URL: slip.URL}, {Label: w.c.T("console.payslip.all"), URL: "/document"}},
	}
}

func (w writer) factorCard(s secondStep) *httpkit.Card {
	if !s.offered {
		return nil
	}
	text := w.c.T("console.factor.text", "Name", w.t.Name)
	switch {
	case s.next.Until.After(w.c.Now()):
		text = w.c.T("console.factor.until", "Name", w.t.Name, "Date", w.c.Words().Date(s.next.Until))
	case s.next.MayLater && s.next.LaterLeft != factor.NoCount:
		text += " " + w.c.N("console.factor.left", s.next.LaterLeft)
	}
	return &httpkit.Card{
		Kind: todo, Icon: "shield", Title: w.c.T("console.factor.title"), Text: text,
		Links: []httpkit.Link{{Label: w.c.T("console.factor.go"), URL: "/security", Kind: "primary"}},
	}
}

func (w writer) codesCard(s secondStep) *httpkit.Card {
	if !s.few {
		return nil
	}
	return &httpkit.Card{
		Kind: todo, Icon: "key", Title: w.c.N("console.codes.title", s.left), Text: w.c.T("console.codes.text"),
		Links: []httpkit.Link{{Label: w.c.T("console.codes.go"), URL: "/security", Kind: "primary"}},
	}
}

// accessCard tells a leaver the last day, and one who has left how long the
// door stays open.
func (w writer) accessCard(o people.Overview) *httpkit.Card {
	last, until := w.lastDays(o)
	switch {
	case o.Standing == people.Alumnus:
		return w.untilCard(w.lastAccess(o))
	case o.Standing != people.Staff || last == "":
		return nil
	}
	text := w.c.T("console.access.same_day")
	if until > last {
		text = w.c.T("console.access.after", "Name", w.t.Name, "Date", w.day(until))
	}
	return &httpkit.Card{Icon: "calendar", Title: w.c.T("console.access.last_day"), Figure: w.day(last), Text: text}
}

// ends is the last day of access to an employer's data.
type ends struct {
	employer string
	day      people.Date
}

// lastAccess are the employers that still let the person in, the first to close
// before the others.
func (w writer) lastAccess(o people.Overview) (list []ends) {
	for _, j := range o.Jobs {
		e := ends{j.Employer.Name, j.Last}
		if j.Door.Inside(people.Alumnus) && !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b ends) int { return strings.Compare(string(a.day), string(b.day)) })
	return list
}

// untilCard tells one who has left how long each employer's door stays open.
func (w writer) untilCard(list []ends) *httpkit.Card {
	if len(list) == 0 {
		return nil
	}
	card := &httpkit.Card{Icon: "calendar", Title: w.c.T("console.access.open"), Text: w.c.T("console.access.open_text", "Name", w.t.Name)}
	if len(list) == 1 {
		card.Figure = w.day(list[0].day)
	} else {
		for _, e := range list {
			card.Rows = append(card.Rows, httpkit.SummaryRow{Label: e.employer, Text: w.day(e.day)})
		}
	}
	if w.soon(list[0].day) {
		card.Kind, card.Text = todo, w.c.T("console.access.soon_text", "Name", w.t.Name)
	}
	return card
}

// handoverCard asks a leaver for a private address while the work address still
// signs them in.
func (w writer) handoverCard(last people.Date) *httpkit.Card {
	if last == "" {
		return nil
	}
	return &httpkit.Card{
		Kind: todo, Icon: "mail", Title: w.c.T("console.handover.title"), Text: w.c.T("console.handover.text", "Name", w.t.Name, "Date", w.day(last)),
		Links: []httpkit.Link{{Label: w.c.T("console.handover.go"), URL: "/security/addresses/add", Kind: "primary"}},
	}
}

// lastDays are the last day at work, once every employment has one, and the last
// day of access.
func (w writer) lastDays(o people.Overview) (last, until people.Date) {
	for _, j := range o.Jobs {
		if j.Standing == people.NoOne {
			continue
		}
		if j.EndDate == "" {
			return "", ""
		}
		last, until = max(last, j.EndDate), max(until, j.Until)
	}
	return last, until
}

// soon tells whether a day is within the longest of the employer's notices.
func (w writer) soon(d people.Date) bool {
	if len(w.t.Alumni.Notices) == 0 {
		return false
	}
	notice := time.Duration(slices.Max(w.t.Alumni.Notices)) * 24 * time.Hour
	return d.Time(time.UTC).Sub(w.today.Time(time.UTC)) <= notice
}

// firstDayCard greets somebody who has not begun yet.
func (w writer) firstDayCard(o people.Overview) *httpkit.Card {
	if o.Standing != people.Joiner {
		return nil
	}
	var first people.Date
	for _, j := range o.Jobs {
		if j.Standing == people.Joiner && (first == "" || j.StartDate < first) {
			first = j.StartDate
		}
	}
	return &httpkit.Card{Icon: "calendar", Title: w.c.T("console.first.title"), Figure: w.day(first), Text: w.c.T("console.first.text", "Name", w.t.Name)}
}

// missingCard names what the employer does not know and the person could want
// it to. Only those who work here can still have it added.
func (w writer) missingCard(s situation) *httpkit.Card {
	o := s.overview
	if s.leaves != "" || o.Standing != people.Staff && o.Standing != people.Joiner || strings.TrimSpace(o.Person.PrivateEmail) != "" {
		return nil
	}
	return &httpkit.Card{
		Icon: "mail", Title: w.c.T("console.missing.title"), Text: w.c.T("console.missing.text", "Name", w.t.Name) + " " + w.whom("data"),
		Links: []httpkit.Link{{Label: w.c.T("console.missing.go"), URL: "/profile"}},
	}
}

// whom is the employer's own word on whom to ask about a topic, else ours.
func (w writer) whom(topic string) string {
	languages := append([]string{w.c.Words().Lang()}, w.t.Languages...)
	for _, key := range []string{topic, "*"} {
		if text := w.t.Support.WhomToAsk[key].In(languages...); text != "" {
			return text
		}
	}
	return w.c.T("console.whom")
}
