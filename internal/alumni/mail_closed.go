package alumni

import (
	"context"
	"errors"
	"slices"
	"time"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The bounds of telling that the access is over: those of the mails that were
// asked for (OWASP Forgot Password: one a minute and address, five an hour).
const (
	closedGap  = time.Minute
	closedHour = 5
)

// TellClosed answers somebody who asked for a new password, or a sign-in link,
// and whose access has ended: until when it was, and how HR opens it again. There
// is no link to a password in it. It joins the open transaction, in which the
// person is locked; the message has its reader and where it goes, which must be
// proven to be theirs. Whoever still has access is told nothing.
func (s *Service) TellClosed(ctx context.Context, o people.Overview, m message.New, byText bool) error {
	if !o.Closed() {
		return nil
	}
	now, person := s.DB.Now(), o.Person.ID
	for span, most := range map[time.Duration]int{closedGap: 1, time.Hour: closedHour} {
		if n, err := message.SentSince(ctx, person, now.Add(-span)); err != nil || n >= most {
			return err
		}
	}
	m.Kind, m.RefID = kindClosed, &person
	if byText {
		m.Kind = kindByText
	}
	if err := s.Messages.Send(ctx, m); err != nil {
		return err
	}
	return record(ctx, "alumni.closed_told", person, map[string]any{"by_text": byText})
}

// ended reads when the access ended, employer by employer, and with the last of all.
func (l *letter) ended(o people.Overview) (rows render.Facts) {
	for _, j := range o.Jobs {
		row := render.Fact{Label: j.Employer.Name, Value: letter{words: l.words, day: j.Last}.dayWords()}
		if l.day = max(l.day, j.Last); !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// closed is the mail to whoever comes too late.
func (l letter) closed(o people.Overview, portal string) render.Doc {
	rows := l.ended(o)
	d := l.doc(portal, portal+"/help")
	if len(rows) > 1 {
		d.Blocks = append(d.Blocks, rows)
	}
	d.Blocks = append(d.Blocks, l.Origin(l.words))
	d.NotYou = l.say("not_you")
	return d
}

// text is the same as a text message.
func (s *Service) text(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	o, err := people.View(ctx, m.PersonID, s.DB.Now(), t)
	if errors.Is(err, db.ErrNotFound) || err == nil && !o.Closed() {
		return "", message.ErrNotWanted
	}
	if err != nil {
		return "", err
	}
	l := letter{Message: m, words: words, t: t}
	l.ended(o)
	return l.say("text"), nil
}
