package mydata

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// The kinds of message.
const (
	kindReady    = "mydata_ready"
	kindAnswered = "mydata_answered"
	kindErased   = "mydata_erased"
)

// tell writes to every address that signs the person in, in the open
// transaction; somebody without one reads it on the page.
func (s *Service) tell(ctx context.Context, person uuid.UUID, kind string, ref uuid.UUID) error {
	p, err := people.ByID(ctx, person)
	if err != nil {
		return err
	}
	acc, err := account.ByPerson(ctx, person)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	addresses, err := account.Identifiers(ctx, acc.ID)
	if err != nil {
		return err
	}
	var list []message.New
	for _, i := range addresses {
		list = append(list, message.New{Kind: kind, PersonID: person, To: i.Address, Language: p.Language, RefID: &ref})
	}
	if err := s.Messages.SendAll(ctx, list); err != nil {
		return fmt.Errorf("write mails: %w", err)
	}
	return nil
}

// prepare writes a mail. It holds nothing of the data and nothing of an answer:
// both are read behind the sign-in.
func (s *Service) prepare(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	o, err := people.View(ctx, m.PersonID, db.Now(ctx), t)
	if errors.Is(err, db.ErrNotFound) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, err
	}
	if m.Kind == kindErased {
		return s.lastMail(ctx, o, words, t)
	}
	portal := s.Portal(t)
	if o.Standing == people.Alumnus {
		portal = s.AlumniPortal(t)
	}
	d := message.Letter(words, t, portal)
	d.Why = words.T("mail.mydata.why", "Employer", t.Name)
	d.NotYou = words.T("mail.not_you.act", "Address", portal+"/reset")
	say := func(key string, kv ...any) string { return words.T(key, append(kv, "Employer", t.Name)...) }
	text, button := say("mail.mydata_answered.text"), say("mail.mydata_answered.button")
	d.Subject, d.Preheader, d.Heading = say("mail.mydata_answered.subject"), say("mail.mydata_answered.preheader"), say("mail.mydata_answered.heading")
	if m.Kind == kindReady {
		row, err := copyByID(ctx, m.RefID)
		if errors.Is(err, db.ErrNotFound) || err == nil && !row.ExpiresAt.After(db.Now(ctx)) {
			return render.Doc{}, message.ErrNotWanted
		}
		if err != nil {
			return render.Doc{}, err
		}
		text, button = say("mail.mydata_ready.text", "When", row.ExpiresAt), say("mail.mydata_ready.button")
		d.Subject, d.Preheader, d.Heading = say("mail.mydata_ready.subject"), say("mail.mydata_ready.preheader"), say("mail.mydata_ready.heading")
	}
	d.Blocks = []render.Block{
		render.Paragraph{Text: words.T("mail.greeting", "Name", o.Person.GivenName)},
		render.Paragraph{Text: text},
		render.Button{Label: button, URL: portal + ownAddress},
	}
	return d, nil
}

// lastMail tells that the deletion was carried out, and what is kept by which law
// until when. It goes to addresses that are no longer on file.
func (s *Service) lastMail(ctx context.Context, o people.Overview, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	r, err := s.remains(ctx, o)
	if err != nil {
		return render.Doc{}, err
	}
	d := message.Letter(words, t, s.Portal(t))
	say := func(key string) string { return words.T(key, "Employer", t.Name) }
	d.Why, d.NotYou = say("mail.mydata.why"), say("mail.mydata_erased.not_you")
	d.Subject, d.Preheader, d.Heading = say("mail.mydata_erased.subject"), say("mail.mydata_erased.preheader"), say("mail.mydata_erased.heading")
	if o.Person.GivenName != "" {
		d.Blocks = append(d.Blocks, render.Paragraph{Text: words.T("mail.greeting", "Name", o.Person.GivenName)})
	}
	what := "mail.mydata_erased.text"
	if o.Person.ErasedAt == nil {
		what = "mail.mydata_erased.text_staff"
	}
	d.Blocks = append(d.Blocks, render.Paragraph{Text: say(what)})
	if lines := r.lines(words); len(lines) > 0 {
		d.Blocks = append(d.Blocks, render.Paragraph{Text: say("mail.mydata_erased.kept")}, render.List(lines))
	}
	if r.Held {
		d.Blocks = append(d.Blocks, render.Paragraph{Text: say("mydata.erase.held")})
	}
	d.Blocks = append(d.Blocks, render.Paragraph{Text: say("mydata.kept.audit") + ". " + say("mydata.kept.audit_text")})
	return d, nil
}

// lines say one by one what is kept, until when and by which law.
func (r Remains) lines(words *i18n.Localizer) (list []string) {
	for _, h := range r.List {
		if !h.stands() {
			continue
		}
		law := h.Rule.Law
		if law == "" {
			law = words.T("mydata.kept.no_law")
		}
		list = append(list, words.T("mail.mydata_erased.line", "What", words.T(h.what()), "Employer", h.Employer, "Until", h.lastDay(words), "Law", law))
	}
	return list
}
