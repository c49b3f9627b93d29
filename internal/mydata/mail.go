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
		render.Paragraph{Text: text}, render.Button{Label: button, URL: portal + ownAddress},
	}
	return d, nil
}
