package tenant

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Topics are what a person can be told whom to ask about; "*" is the rest.
func Topics() []string { return []string{"account", "mail", "factor", "data", "payslip", "*"} }

func (r *reader) support(a at, into *Support) {
	o := r.object(a, "channels", "hours", "holidays", "whom_to_ask", "links")
	r.channels(o["channels"], &into.Channels)
	r.hours(o["hours"], &into.Hours)
	r.holidays(o["holidays"], &into.Holidays)
	r.whomToAsk(o["whom_to_ask"], &into.WhomToAsk)
	r.links(o["links"], &into.Links)
}

func (r *reader) channels(a at, into *[]Channel) {
	if a.absent() {
		return
	}
	list := []Channel{}
	for _, e := range r.list(a) {
		o := r.object(e, "kind", "value", "note")
		r.required(e, o, "kind", "value")
		var c Channel
		choice(r, o["kind"], &c.Kind, "phone", "email", "chat", "web")
		r.text(o["value"], &c.Value, 500)
		r.reachable(o["value"], c)
		r.wording(o["note"], &c.Note)
		list = append(list, c)
	}
	*into = list
}

var phoneNumber = regexp.MustCompile(`^\+[0-9][0-9 ]{5,20}[0-9]$`)

// reachable checks a channel's value by its kind.
func (r *reader) reachable(a at, c Channel) {
	switch {
	case c.Value == "":
	case c.Kind == "phone" && !phoneNumber.MatchString(c.Value):
		r.tell(a, "format", shown(c.Value)+" is not a phone number with its country code", `write for example "+47 22 00 00 00"`)
	case c.Kind == "email":
		r.mailAddress(a, c.Value)
	case c.Kind == "chat" || c.Kind == "web":
		r.https(a, c.Value)
	}
}

func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// hours reads days and spans of days; a day that is not named is closed.
func (r *reader) hours(a at, into *[7]Hours) {
	if a.absent() {
		return
	}
	var week [7]Hours
	named := map[int]bool{}
	for _, e := range r.entries(a, 7) {
		days := spanOf(e.key)
		if days == nil {
			r.tell(at{e.keyNode, e.path}, "unknown_key", "is not a day", `write "mon", "sat" or a span such as "mon-fri"`)
			continue
		}
		h := r.opening(e.at)
		for _, d := range days {
			if named[d] {
				r.tell(at{e.keyNode, e.path}, "duplicate_key", weekdays()[d]+" is named twice", "name each day once")
			}
			named[d], week[d] = true, h
		}
	}
	*into = week
}

// spanOf turns "mon-fri" into weekdays; a span may pass over the week's end.
func spanOf(key string) []int {
	first, last, span := strings.Cut(key, "-")
	from := slices.Index(weekdays(), first)
	to := from
	if span {
		to = slices.Index(weekdays(), last)
	}
	if from < 0 || to < 0 {
		return nil
	}
	days := []int{from}
	for d := from; d != to; {
		d = (d + 1) % 7
		days = append(days, d)
	}
	return days
}

var openingTimes = regexp.MustCompile(`^([01][0-9]|2[0-3]):([0-5][0-9])-(([01][0-9]|2[0-3]):([0-5][0-9])|24:00)$`)

// opening reads "08:00-18:00" or "closed".
func (r *reader) opening(a at) Hours {
	s, ok := r.word(a, longestWord)
	if !ok || s == "closed" {
		return Hours{}
	}
	var oh, om, ch, cm int
	if openingTimes.MatchString(s) {
		// The pattern has already refused what Sscanf would let pass.
		_, _ = fmt.Sscanf(s, "%d:%d-%d:%d", &oh, &om, &ch, &cm)
	}
	h := Hours{Open: oh*60 + om, Close: ch*60 + cm}
	if h.Close <= h.Open {
		r.tell(a, "format", shown(s)+" is not an opening time", `write "08:00-18:00" or "closed"`)
		return Hours{}
	}
	return h
}

func (r *reader) holidays(a at, into *[]Holiday) {
	if a.absent() {
		return
	}
	seen, list := map[string]bool{}, []Holiday{}
	for _, e := range r.list(a) {
		o := r.object(e, "date", "name")
		r.required(e, o, "date")
		var h Holiday
		if d, ok := r.date(o["date"]); ok {
			h.Date = d.Format(time.DateOnly)
			r.once(o["date"], seen, h.Date)
		}
		r.wording(o["name"], &h.Name)
		list = append(list, h)
	}
	*into = list
}

func (r *reader) whomToAsk(a at, into *map[string]Text) {
	if a.absent() {
		return
	}
	out := map[string]Text{}
	for topic, place := range r.object(a, Topics()...) {
		var t Text
		r.wording(place, &t)
		out[topic] = t
	}
	*into = out
}

func (r *reader) links(a at, into *[]Link) {
	if a.absent() {
		return
	}
	list := []Link{}
	for _, e := range r.list(a) {
		o := r.object(e, "url", "name")
		r.required(e, o, "url", "name")
		var l Link
		if s, ok := r.word(o["url"], 500); ok {
			r.https(o["url"], s)
			l.URL = s
		}
		r.wording(o["name"], &l.Name)
		list = append(list, l)
	}
	*into = list
}

// wording reads a text in several languages, or one text for all of them.
func (r *reader) wording(a at, into *Text) {
	if a.absent() {
		return
	}
	out := Text{}
	if a.node.Kind == yaml.ScalarNode {
		if s, ok := r.word(a, maxWords); ok {
			out[everyLanguage] = s
		}
		*into = out
		return
	}
	for lang, place := range r.object(a, Languages()...) {
		if s, ok := r.word(place, maxWords); ok {
			out[lang] = s
		}
	}
	*into = out
}
