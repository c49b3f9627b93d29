package tenant

import (
	"testing"
	"time"
)

func TestSupportIsOpenByTheWallClockOfItsZone(t *testing.T) {
	shop := mustParse(t, head+`
support:
  hours: {mon-fri: 08:00-18:00, sat: 09:00-16:00}
  holidays: [{date: 2026-12-25, name: Juledag}, {date: 2026-12-26, name: 2. juledag}]
`).Tenant
	nights := mustParse(t, head+"support: {hours: {sat: 20:00-24:00, sun: 00:00-04:00}}\n").Tenant
	cases := []struct {
		name   string
		tenant *Tenant
		now    string
		open   bool
		change string
	}{
		{"on a weekday", shop, "2026-11-23T09:00:00+01:00", true, "2026-11-23T18:00:00+01:00"},
		{"at the minute it opens", shop, "2026-11-23T08:00:00+01:00", true, "2026-11-23T18:00:00+01:00"},
		{"at the minute it closes", shop, "2026-11-23T18:00:00+01:00", false, "2026-11-24T08:00:00+01:00"},
		{"asked from another zone", shop, "2026-11-23T06:59:59Z", false, "2026-11-23T08:00:00+01:00"},
		{"over the weekend", shop, "2026-11-28T16:30:00+01:00", false, "2026-11-30T08:00:00+01:00"},
		{"over the holidays", shop, "2026-12-24T19:00:00+01:00", false, "2026-12-28T08:00:00+01:00"},
		{"over the night that summer begins", shop, "2027-03-27T17:00:00+01:00", false, "2027-03-29T08:00:00+02:00"},
		{"over the night that summer ends", shop, "2026-10-24T17:00:00+02:00", false, "2026-10-26T08:00:00+01:00"},
		{"through midnight", nights, "2026-11-28T21:00:00+01:00", true, "2026-11-29T04:00:00+01:00"},
		{"through the short night", nights, "2027-03-28T01:59:00+01:00", true, "2027-03-28T04:00:00+02:00"},
		{"in the hour that comes twice", nights, "2026-10-25T02:30:00+02:00", true, "2026-10-25T04:00:00+01:00"},
		{"in its second coming", nights, "2026-10-25T02:30:00+01:00", true, "2026-10-25T04:00:00+01:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			now, _ := time.Parse(time.RFC3339, c.now)
			open, change := c.tenant.SupportAt(now)
			if open != c.open || change.Format(time.RFC3339) != c.change {
				t.Errorf("open %v until %s, want %v until %s", open, change.Format(time.RFC3339), c.open, c.change)
			}
		})
	}
}

func TestSupportThatNeverChangesHasNoNextTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	if open, change := (Support{}).OpenAt(now, time.UTC); open || !change.IsZero() {
		t.Errorf("closed for good: got %v, %v", open, change)
	}
	var always Support
	for d := range always.Hours {
		always.Hours[d] = Hours{0, 24 * 60}
	}
	if open, change := always.OpenAt(now, time.UTC); !open || !change.IsZero() {
		t.Errorf("open for good: got %v, %v", open, change)
	}
}
