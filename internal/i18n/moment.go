package i18n

import (
	"fmt"
	"time"
)

// Date is the day in the reader's zone, such as "22 November 2026".
func (l *Localizer) Date(t time.Time) string {
	t = t.In(l.zone)
	return fmt.Sprintf("%d%s %s %d", t.Day(), l.grammar.dayDot, l.grammar.months[t.Month()-1], t.Year())
}

// Month is a month of a year by itself, such as "November 2026"; t is taken as it
// is, in no zone.
func (l *Localizer) Month(t time.Time) string {
	name := l.grammar.alone[t.Month()-1]
	if name == "" {
		name = l.grammar.months[t.Month()-1]
	}
	return fmt.Sprintf("%s %d", name, t.Year())
}

// Time is the clock in the reader's zone, such as "16:20".
func (l *Localizer) Time(t time.Time) string {
	t = t.In(l.zone)
	return fmt.Sprintf("%02d%s%02d", t.Hour(), l.grammar.clock, t.Minute())
}

// DateTime is day and clock, such as "22 November 2026 at 16:20".
func (l *Localizer) DateTime(t time.Time) string { return l.at(l.Date(t), t) }

// Moment is DateTime with the words people use near today: "today at 16:20, in 3 hours",
// "tomorrow at 09:00", "yesterday at 14:02".
func (l *Localizer) Moment(t time.Time) string {
	now := l.now()
	switch l.daysFrom(now, t) {
	case 0:
		return l.at(l.grammar.today, t) + l.until(t.Sub(now))
	case 1:
		return l.at(l.grammar.tomorrow, t)
	case -1:
		return l.at(l.grammar.yesterday, t)
	}
	return l.DateTime(t)
}

// Weekday is the day's name as it stands inside a sentence.
func (l *Localizer) Weekday(d time.Weekday) string { return l.grammar.weekdays[d] }

func (l *Localizer) at(day string, t time.Time) string {
	return day + l.grammar.at + l.Time(t) + l.grammar.oclock
}

// daysFrom counts midnights in the reader's zone; days there may have 23 or 25 hours.
func (l *Localizer) daysFrom(now, t time.Time) int {
	return int(noon(t.In(l.zone)).Sub(noon(now.In(l.zone))) / (24 * time.Hour))
}

func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
}

// until is ", in 3 hours", rounded; under two hours in minutes, nothing for the past.
func (l *Localizer) until(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch {
	case d <= 0:
		return ""
	case minutes == 0:
		return ", " + l.grammar.soon
	case minutes < 120 && minutes != 60:
		return ", " + l.counted(l.grammar.inMinutes, minutes)
	}
	return ", " + l.counted(l.grammar.inHours, int(d.Round(time.Hour)/time.Hour))
}
