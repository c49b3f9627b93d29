package help

import (
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// Channel is one way to reach support.
type Channel struct {
	Icon, Label, Text, Note string
	URL                     template.URL
}

// holidaysShown is how many closing days ahead are listed: what fits a glance.
const holidaysShown = 6

// whomToAsk lists the employer's word on each topic.
func (w writer) whomToAsk() (rows []httpkit.SummaryRow) {
	labels := map[string]string{
		"account": w.T("help.topic.account"), "mail": w.T("help.topic.mail"), "factor": w.T("help.topic.factor"),
		"data": w.T("help.topic.data"), "payslip": w.T("help.topic.payslip"), "*": w.T("help.topic.rest"),
	}
	for _, topic := range tenant.Topics() {
		if text := w.own(w.t.Support.WhomToAsk[topic]); text != "" {
			rows = append(rows, httpkit.SummaryRow{Label: labels[topic], Text: text})
		}
	}
	return rows
}

func (w writer) links() (list []httpkit.Link) {
	for _, l := range w.t.Support.Links {
		list = append(list, httpkit.Link{Label: w.own(l.Name), URL: l.URL})
	}
	return list
}

func (w writer) contact() Contact {
	contact := Contact{Channels: w.channels(), Hours: w.hours()}
	if len(contact.Hours) == 0 {
		return contact
	}
	contact.Holidays = w.holidays()
	contact.Now, contact.Until = w.openNow()
	if w.c.Words().Zone().String() != w.t.Zone.String() {
		contact.Zone = w.T("help.hours.zone", "Zone", place(w.t.Zone))
	}
	return contact
}

// place is the city of a zone's name: "Europe/Copenhagen" is Copenhagen's time.
func place(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

func (w writer) openNow() (*httpkit.Tag, string) {
	open, change := w.t.SupportAt(w.c.Now())
	switch {
	case open && change.IsZero():
		return &httpkit.Tag{Kind: "ok", Text: w.T("help.now.open")}, w.T("help.now.always")
	case open:
		return &httpkit.Tag{Kind: "ok", Text: w.T("help.now.open")}, w.T("help.now.closes", "When", w.local.Moment(change))
	case change.IsZero():
		return &httpkit.Tag{Kind: "plain", Text: w.T("help.now.closed")}, ""
	}
	return &httpkit.Tag{Kind: "plain", Text: w.T("help.now.closed")}, w.T("help.now.opens", "When", w.opening(change))
}

// opening names the weekday too, when it is not today or tomorrow.
func (w writer) opening(at time.Time) string {
	moment := w.local.Moment(at)
	if moment == w.local.DateTime(at) {
		return w.local.Weekday(at.In(w.t.Zone).Weekday()) + " " + moment
	}
	return moment
}

func (w writer) channels() (list []Channel) {
	for _, ch := range w.t.Support.Channels {
		view := Channel{Text: ch.Value, Note: w.own(ch.Note)}
		address := ch.Value
		switch ch.Kind {
		case "phone":
			view.Icon, view.Label, address = "phone", w.T("help.channel.phone"), "tel:"+strings.ReplaceAll(ch.Value, " ", "")
		case "email":
			view.Icon, view.Label, address = "mail", w.T("help.channel.email"), "mailto:"+ch.Value
		case "chat":
			view.Icon, view.Label, view.Text = "chat", w.T("help.channel.chat"), w.T("help.channel.chat_go")
		default:
			view.Icon, view.Label, view.Text = "globe", w.T("help.channel.web"), strings.TrimPrefix(ch.Value, "https://")
		}
		view.URL = template.URL(address) //nolint:gosec // the tenant's file is checked: +digits, an e-mail address or https
		list = append(list, view)
	}
	return list
}

// hours are the opening hours, days alike in one line, Monday first; none when
// there are none at all.
func (w writer) hours() (rows []httpkit.SummaryRow) {
	if w.t.Support.Hours == [7]tenant.Hours{} {
		return nil
	}
	week := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
	for from := 0; from < len(week); {
		to := from
		for to+1 < len(week) && w.t.Support.Hours[week[to+1]] == w.t.Support.Hours[week[from]] {
			to++
		}
		rows = append(rows, httpkit.SummaryRow{Label: w.days(week[from], week[to]), Text: w.span(w.t.Support.Hours[week[from]])})
		from = to + 1
	}
	return rows
}

func (w writer) days(from, to time.Weekday) string {
	name := w.local.Weekday(from)
	if from != to {
		name = w.T("help.hours.days", "From", name, "To", w.local.Weekday(to))
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func (w writer) span(h tenant.Hours) string {
	const day = 24 * 60
	switch {
	case h.Open >= h.Close:
		return w.T("help.hours.closed")
	case h.Open == 0 && h.Close == day:
		return w.T("help.hours.all_day")
	}
	return w.T("help.hours.span", "From", w.clock(h.Open), "To", w.clock(h.Close))
}

// clock writes minutes after midnight, on a day that has all its hours.
func (w writer) clock(minute int) string {
	return w.local.Time(time.Date(2001, time.January, 1, 0, minute, 0, 0, w.t.Zone))
}

// holidays are the next days on which support is closed.
func (w writer) holidays() (rows []httpkit.SummaryRow) {
	today := w.c.Now().In(w.t.Zone).Format(time.DateOnly)
	for _, h := range w.t.Support.Holidays {
		day, err := time.ParseInLocation(time.DateOnly, h.Date, w.t.Zone)
		if err != nil || h.Date < today || len(rows) == holidaysShown {
			continue
		}
		rows = append(rows, httpkit.SummaryRow{Label: w.local.Date(day), Text: w.own(h.Name)})
	}
	return rows
}
