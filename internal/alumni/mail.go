package alumni

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The kinds of mail.
const (
	kindEnding    = "alumni_ending"
	kindHandover  = "alumni_handover"
	kindProlonged = "alumni_prolonged"
	kindDeclined  = "alumni_declined"
)

// The arguments of the mails.
const (
	argDay      = "day"      // ISO 8601
	argEmployer = "employer" // a legal employer's key
)

// identifiers are the addresses of a person's account; none without an account.
func identifiers(ctx context.Context, person uuid.UUID) ([]account.Identifier, error) {
	acc, err := account.ByPerson(ctx, person)
	if errors.Is(err, db.ErrNotFound) || err == nil && acc.Anew() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return account.Identifiers(ctx, acc.ID)
}

// letter is a mail in the making.
type letter struct {
	message.Message
	words     *i18n.Localizer
	t         *tenant.Tenant
	name      string
	day       people.Date
	employers []string
}

// prepare writes a mail; what the facts have overtaken is not wanted.
func (s *Service) prepare(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	o, err := people.View(ctx, m.PersonID, s.DB.Now(), t)
	if errors.Is(err, db.ErrNotFound) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, err
	}
	l := letter{Message: m, words: words, t: t, name: o.Person.GivenName, day: people.Date(m.Args[argDay])}
	portal, page := s.AlumniPortal(t), "/signin"
	switch m.Kind {
	case kindEnding:
		if l.employers = endsOn(o, l.day); len(l.employers) == 0 {
			return render.Doc{}, message.ErrNotWanted
		}
	case kindHandover:
		wanted, err := s.handoverWanted(ctx, o, l.day)
		if err != nil || !wanted {
			return render.Doc{}, cmp.Or(err, message.ErrNotWanted)
		}
		portal, page = s.Portal(t), "/security/addresses/add"
	case kindProlonged:
		l.employers = []string{employerName(t, m.Args[argEmployer])}
	case kindDeclined:
		page = "/help"
	}
	return l.doc(portal, portal+page), nil
}

// endsOn are the employers whose window closes with a day, as it is now.
func endsOn(o people.Overview, day people.Date) (names []string) {
	for _, j := range o.Jobs {
		over := !j.Door.Inside(people.Alumnus) || j.Door.Inside(people.Staff, people.Joiner)
		if !over && j.Last == day && !slices.Contains(names, j.Employer.Name) {
			names = append(names, j.Employer.Name)
		}
	}
	return names
}

// handoverWanted tells whether the person still leaves on the day and has added
// no address of their own.
func (s *Service) handoverWanted(ctx context.Context, o people.Overview, day people.Date) (bool, error) {
	to, err := s.atWork(ctx, o)
	return to != "" && o.LastWork() == day, err
}

func employerName(t *tenant.Tenant, key string) string {
	for _, e := range t.LegalEmployers {
		if e.Key == key {
			return e.Name
		}
	}
	return t.Name
}

func (l letter) say(key string) string {
	return l.words.T("mail."+l.Kind+"."+key, "Employer", l.t.Name, "Name", l.name, "Employers", strings.Join(l.employers, ", "), "Day", l.dayWords())
}

func (l letter) dayWords() string {
	at := l.day.Time(l.words.Zone())
	if at.Equal(time.Time{}) {
		return ""
	}
	return l.words.Date(at)
}

func (l letter) doc(portal, page string) render.Doc {
	d := message.Letter(l.words, l.t, portal)
	d.Subject, d.Preheader, d.Heading = l.say("subject"), l.say("preheader"), l.say("heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: l.words.T("mail.greeting", "Name", l.name)},
		render.Paragraph{Text: l.say("text")},
		render.Button{Label: l.say("button"), URL: page},
		render.Address{Intro: l.words.T("mail.link.copy"), URL: page},
		render.Paragraph{Text: l.say("next")},
	}
	d.Why = l.words.T("mail.why.alumni", "Employer", l.t.Name)
	return d
}
