package tenant

import (
	"slices"
	"time"
)

// SupportAt is Support.OpenAt in the tenant's zone.
func (t *Tenant) SupportAt(now time.Time) (open bool, change time.Time) {
	return t.Support.OpenAt(now, t.Zone)
}

// horizon is how far ahead an opening is looked for, in days: over a year, so
// that a yearly closing passes.
const horizon = 400

// OpenAt says whether support is open and when that changes: the closing when
// open, the next opening when closed. Hours are wall-clock hours of the zone, so
// a night of daylight saving has one hour more or less. change is zero when
// nothing changes within 400 days.
func (s Support) OpenAt(now time.Time, zone *time.Location) (open bool, change time.Time) {
	local := now.In(zone)
	for day := 0; day <= horizon; day++ {
		from, to := s.span(local, day, zone)
		switch {
		case !to.After(now):
		case now.Before(from):
			return false, from.In(zone)
		default:
			return true, s.closing(local, day, to, zone)
		}
	}
	return false, time.Time{}
}

// closing follows days that open at the midnight where the one before closed.
func (s Support) closing(local time.Time, day int, to time.Time, zone *time.Location) time.Time {
	for ; day <= horizon; day++ {
		from, next := s.span(local, day+1, zone)
		if !from.Equal(to) {
			return to.In(zone)
		}
		to = next
	}
	return time.Time{}
}

// span is the opening of the day so many days after local; zero when closed.
func (s Support) span(local time.Time, days int, zone *time.Location) (from, to time.Time) {
	y, m, d := local.Date()
	at := func(minute int) time.Time { return time.Date(y, m, d+days, 0, minute, 0, 0, zone) }
	// Noon exists on every day of every zone; midnight does not.
	noon := at(12 * 60)
	h := s.Hours[noon.Weekday()]
	if h.Open >= h.Close || s.closedOn(noon.Format(time.DateOnly)) {
		return time.Time{}, time.Time{}
	}
	return at(h.Open), at(h.Close)
}

// HolidayOn is the holiday of a date, for a page that says why support is closed.
func (s Support) HolidayOn(date string) (Holiday, bool) {
	i := slices.IndexFunc(s.Holidays, func(h Holiday) bool { return h.Date == date })
	if i < 0 {
		return Holiday{}, false
	}
	return s.Holidays[i], true
}

func (s Support) closedOn(date string) bool {
	_, ok := s.HolidayOn(date)
	return ok
}
