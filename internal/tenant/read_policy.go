package tenant

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Bounds that tenants can move within.
const (
	minLink    = time.Minute         // so that expiry can be tried out
	maxLink    = 24 * time.Hour      // NIST SP 800-63B-4 4.2.1.2: codes by mail live 24 h at most
	maxLetter  = 21 * 24 * time.Hour // the same section: 21 days on paper
	maxCode    = time.Hour           // a six-digit code, throttled (ASVS 5.0 6.5.4)
	minIdle    = 5 * time.Minute     // below it, typing a form ends the session
	maxIdle    = time.Hour           // NIST SP 800-63B-4 2.2.3, AAL2
	minSession = time.Hour           //
	maxSession = 24 * time.Hour      // NIST SP 800-63B-4 2.2.3, AAL2
	minLength  = 8                   // NIST SP 800-63B-4 3.1.1.2, beside a second factor
	maxLength  = 64                  // a longer demand would refuse what the same section says to accept
	maxMonths  = 50 * 12             // a working life
)

func presets() []string { return []string{"lower_and_symbol_or_digit", "four_classes"} }

func (r *reader) password(a at, into *PasswordPolicy) {
	o := r.object(a, "preset", "min", "classes", "words", "accepted_by", "reason")
	preset := into.Preset
	choice(r, o["preset"], &preset, append(presets(), "none")...)
	if into.Preset = preset; preset == "none" {
		into.Preset = ""
	}
	r.integer(o["min"], &into.Min, minLength, maxLength, ", or 0 for: as the second factor allows")
	choices(r, o["classes"], &into.Classes, Lower, Upper, Digit, Symbol, SymbolOrDigit)
	r.words(o["words"], &into.Words, maxName)
	r.text(o["accepted_by"], &into.AcceptedBy, maxName)
	r.text(o["reason"], &into.Reason, maxWords)
}

func (r *reader) invitation(a at, into *InvitationPolicy) {
	o := r.object(a, "life", "send", "days_before_start", "switch", "without_email", "letter_life")
	r.duration(o["life"], &into.Life, minLink, maxLink)
	choice(r, o["send"], &into.Send, SendOnImport, SendDaysBefore, SendManual)
	r.integer(o["days_before_start"], &into.DaysBeforeStart, 1, 90, "")
	choice(r, o["without_email"], &into.WithoutEmail, ByNobody, ByLetter, ByText)
	r.duration(o["letter_life"], &into.LetterLife, time.Hour, maxLetter)
	if day, ok := r.date(o["switch"]); ok {
		into.Switch = day
	}
}

func (r *reader) reset(a at, into *ResetPolicy) {
	o := r.object(a, "mode", "life", "magiclink")
	choice(r, o["mode"], &into.Mode, "link", "code")
	r.duration(o["life"], &into.Life, minLink, maxLink)
	r.flag(o["magiclink"], &into.Magiclink)
}

func (r *reader) session(a at, into *SessionPolicy) {
	o := r.object(a, "idle", "absolute")
	r.duration(o["idle"], &into.Idle, minIdle, maxIdle)
	r.duration(o["absolute"], &into.Absolute, minSession, maxSession)
}

func (r *reader) manager(a at, into *ManagerPolicy) {
	o := r.object(a, "depth", "may_create")
	r.integer(o["depth"], &into.Depth, 1, 10, "")
	r.flag(o["may_create"], &into.MayCreate)
}

// DataClasses are what a leaver can be left with.
func DataClasses() []string {
	return []string{ClassProfile, ClassEmployment, "payslip", "annual_statement", "contract", "document"}
}

func (r *reader) alumni(a at, into *AlumniPolicy) {
	o := r.object(a, "windows", "classes", "read_only", "proofing", "notices", "handover")
	r.windows(o["windows"], &into.Months)
	choices(r, o["classes"], &into.Classes, DataClasses()...)
	r.flag(o["read_only"], &into.ReadOnly)
	r.integer(o["handover"], &into.Handover, 1, 365, "")
	choice(r, o["proofing"], &into.Proofing, "always", "unmatched_address")
	notices, ok := each(r, o["notices"], func(a at) (int, bool) {
		days := 0
		r.integer(a, &days, 1, 365, "")
		return days, days > 0
	})
	if ok {
		into.Notices = notices
	}
}

func (r *reader) windows(a at, into *map[string]int) {
	if a.absent() {
		return
	}
	out := map[string]int{}
	for _, e := range r.entries(a, maxEntries) {
		out[e.key] = r.months(e.at)
	}
	*into = out
}

var window = regexp.MustCompile(`^([0-9]{1,3}) (month|year)s?$`)

// months reads a window of access in calendar months; "none" gives no access.
func (r *reader) months(a at) int {
	s, ok := r.word(a, longestWord)
	if !ok || s == "none" {
		return 0
	}
	m := window.FindStringSubmatch(s)
	if m == nil {
		r.tell(a, "format", shown(s)+" is not a window", `write "24 months", "5 years" or "none"`)
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	if m[2] == "year" {
		n *= 12
	}
	if n < 1 || n > maxMonths {
		r.tell(a, "range", s+" is out of range", fmt.Sprintf("write 1 month to %d years, or none", maxMonths/12))
	}
	return n
}
