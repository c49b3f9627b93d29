package recovery

import (
	"context"
	"errors"

	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// preparePass tells a person that a pass was made, never the code.
func (s *Service) preparePass(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	row, maker, err := passOf(ctx, m)
	if err != nil {
		return render.Doc{}, err
	}
	p, err := people.ByID(ctx, row.PersonID)
	if err != nil {
		return render.Doc{}, err
	}
	say := func(key string) string {
		return words.T(key, "Employer", t.Name, "Name", p.GivenName, "Maker", maker, "Until", row.ExpiresAt, "Account", m.To)
	}
	d := message.Letter(words, t, s.Portal(t))
	d.Subject, d.Preheader, d.Heading = say("mail.access_pass.subject"), say("mail.access_pass.preheader"), say("mail.access_pass.heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: words.T("mail.greeting", "Name", p.GivenName)},
		render.Paragraph{Text: say("mail.access_pass.text")},
		render.Facts{{Label: words.T("recovery.fact.maker"), Value: maker}, {Label: words.T("recovery.fact.made"), Value: words.DateTime(row.CreatedAt)}},
	}
	d.NotYou, d.Why = words.T("mail.access_pass.not_you", "Address", s.Portal(t)+"/reset"), say("mail.why.account")
	return d, nil
}

func (s *Service) passText(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	_, maker, err := passOf(ctx, m)
	if err != nil {
		return "", err
	}
	return words.T("recovery.text.pass", "Employer", t.Name, "Maker", maker), nil
}

func passOf(ctx context.Context, m message.Message) (row pass, maker string, err error) {
	row, err = passByID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) {
		return row, "", message.ErrNotWanted
	}
	if err == nil {
		maker, err = nameOf(ctx, row.MakerID)
	}
	return row, maker, err
}
