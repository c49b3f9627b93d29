package tenant

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"tilgang/internal/phone"
)

// Methods are the second factors that a policy can name, strongest first.
func Methods() []string { return []string{"passkey", "push", "totp", "phone"} }

// Roles are the roles that a requirement can name.
func Roles() []string { return []string{"admin", "hr", "auditor", "manager", "employee", "alumnus"} }

// Standings are what a person can be to a legal employer, best first.
func Standings() []string { return []string{"staff", "joiner", "alumnus", "none"} }

func (r *reader) mfa(a at, into *MfaPolicy) {
	o := r.object(a, "methods", "offer", "postponements", "requirements", "sms", "trusted_device", "recovery", "access_pass")
	m := r.object(o["methods"], "totp", "phone", "push", "passkey")
	for name, use := range map[string]*MethodUse{"totp": &into.Totp, "phone": &into.Phone, "push": &into.Push, "passkey": &into.Passkey} {
		choice(r, m[name], use, Off, Primary, Backup)
	}
	choice(r, o["offer"], &into.Offer, OfferSkip, OfferLater, OfferMandatory)
	r.integer(o["postponements"], &into.Postponements, 0, 30, "")
	r.requirements(o["requirements"], &into.Requirements)
	r.sms(o["sms"], &into.SMS)
	back := r.object(o["recovery"], "cooling_off", "open")
	r.duration(back["cooling_off"], &into.Recovery.CoolingOff, time.Hour, 14*24*time.Hour)
	r.duration(back["open"], &into.Recovery.Open, 24*time.Hour, 30*24*time.Hour)
	pass := r.object(o["access_pass"], "life")
	r.required(o["access_pass"], pass, "life")
	r.duration(pass["life"], &into.AccessPass.Life, 5*time.Minute, 8*time.Hour)
	r.trusted(o["trusted_device"], &into.TrustedDays)
}

// mostTrusted is the longest that a device goes unasked, in days (NIST SP
// 800-63B-4 2.2.3: a subscriber proves both factors at least that often).
const mostTrusted = 30

var days = regexp.MustCompile(`^([0-9]{1,3}) days?$`)

// trusted reads how long a device may be trusted; "off" asks at each sign-in.
func (r *reader) trusted(a at, into *int) {
	s, ok := r.word(a, longestWord)
	if !ok {
		return
	}
	if *into = 0; s == string(Off) {
		return
	}
	m := days.FindStringSubmatch(s)
	if m == nil {
		r.tell(a, "format", shown(s)+" is not a number of days", `write "30 days" or "off"`)
		return
	}
	if *into, _ = strconv.Atoi(m[1]); *into < 1 || *into > mostTrusted {
		r.tell(a, "range", s+" is out of range", fmt.Sprintf("write 1 to %d days, or off", mostTrusted))
	}
}

// mostTexts a day is far above what any employer of ours needs.
const mostTexts = 100_000

func (r *reader) sms(a at, into *SMSPolicy) {
	o := r.object(a, "countries", "per_day", "calls_per_day")
	r.integer(o["per_day"], &into.PerDay, 1, mostTexts, "")
	r.integer(o["calls_per_day"], &into.Calls, 1, mostTexts, "")
	var list []string
	r.words(o["countries"], &list, longestWord)
	for _, c := range list {
		if !country.MatchString(c) || phone.CallingCode(c) == 0 {
			r.tell(o["countries"], "format", shown(c)+" is not a country code", `write two capital letters: "NO", "DK"`)
		}
	}
	if list != nil {
		into.Countries = list
	}
}

func (r *reader) requirements(a at, into *[]MfaRequirement) {
	if a.absent() {
		return
	}
	list := []MfaRequirement{}
	for _, e := range r.list(a) {
		list = append(list, r.requirement(e))
	}
	*into = list
}

func (r *reader) requirement(a at) MfaRequirement {
	o := r.object(a, "roles", "job_titles", "org_units", "standings", "from", "postponements", "methods")
	var q MfaRequirement
	choices(r, o["roles"], &q.Roles, Roles()...)
	r.words(o["job_titles"], &q.JobTitles, maxName)
	r.words(o["org_units"], &q.OrgUnits, maxName)
	choices(r, o["standings"], &q.Standings, Standings()...)
	choices(r, o["methods"], &q.Methods, Methods()...)
	q.From, _ = r.date(o["from"])
	r.integer(o["postponements"], &q.Postponements, 0, 30, "")
	return q
}

// dateIn moves a date read at midnight UTC to midnight of the tenant's zone.
func dateIn(d time.Time, zone *time.Location) time.Time {
	if d.IsZero() || d.Location() != time.UTC {
		return d
	}
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
}
