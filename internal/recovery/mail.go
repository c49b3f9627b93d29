package recovery

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// letter is a notice in the making.
type letter struct {
	message.Message
	Recovery

	words     *i18n.Localizer
	t         *tenant.Tenant
	portal    string
	code      string
	name      string
	starter   string
	approvers []string
}

// prepare writes a notice; one that the facts have overtaken is not wanted.
func (s *Service) prepare(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	r, err := byID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) || err == nil && !wanted(m, r, r.State(db.Now(ctx))) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, err
	}
	l := &letter{Message: m, Recovery: r, words: words, t: t, portal: s.Portal(t)}
	if err := s.fill(ctx, l); err != nil {
		return render.Doc{}, err
	}
	return l.doc(), nil
}

func wanted(m message.Message, r Recovery, now State) bool {
	switch m.Kind {
	case kindStarted:
		return now == Waiting || now == Cooling || now == Open
	case kindApproved:
		return now == Cooling || now == Open
	case kindOpen:
		return now == Open
	}
	if m.Args[argLapse] != "" {
		return now == Lapsed || r.Ending == Timeout
	}
	return now == Over
}

func (s *Service) fill(ctx context.Context, l *letter) error {
	code, err := s.Box.Open(l.Sealed, place(l.t.ID, l.Recovery.ID)...)
	if err != nil {
		return fmt.Errorf("open code: %w", err)
	}
	l.code = string(code)
	p, err := people.ByID(ctx, l.Recovery.PersonID)
	if err != nil {
		return err
	}
	l.name = p.GivenName
	if l.starter, err = nameOf(ctx, l.StarterID); err != nil {
		return err
	}
	l.approvers, err = approverNames(ctx, l.Recovery.ID)
	return err
}

func approverNames(ctx context.Context, id uuid.UUID) (names []string, err error) {
	list, err := approvalsOf(ctx, id)
	for _, a := range list {
		name, err := nameOf(ctx, a.ApproverID)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, err
}

// nameOf is a person's whole name; empty for whom the tenant no longer has.
func nameOf(ctx context.Context, person uuid.UUID) (string, error) {
	p, err := people.ByID(ctx, person)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return p.Name(), err
}

func (l *letter) say(key string) string {
	args := []any{"Employer", l.t.Name, "Name", l.name, "Starter", l.starter, "Closes", l.ClosesAt, "Code", l.code}
	if l.OpensAt != nil {
		args = append(args, "Opens", *l.OpensAt)
	}
	return l.words.T(key, args...)
}

func (l *letter) doc() render.Doc {
	d := message.Letter(l.words, l.t, l.portal)
	d.Why = l.say("mail.why.account")
	var text string
	switch l.Kind {
	case kindStarted:
		d.Subject, d.Preheader, d.Heading = l.say("mail.recovery_started.subject"), l.say("mail.recovery_started.preheader"), l.say("mail.recovery_started.heading")
		text = l.say("mail.recovery_started.text")
	case kindApproved:
		d.Subject, d.Preheader, d.Heading = l.say("mail.recovery_approved.subject"), l.say("mail.recovery_approved.preheader"), l.say("mail.recovery_approved.heading")
		text = l.say("mail.recovery_approved.text")
	case kindOpen:
		d.Subject, d.Preheader, d.Heading = l.say("mail.recovery_open.subject"), l.say("mail.recovery_open.preheader"), l.say("mail.recovery_open.heading")
		text = l.say("mail.recovery_open.text")
	default:
		d.Subject, d.Preheader, d.Heading = l.say("mail.recovery_ended.subject"), l.say("mail.recovery_ended.preheader"), l.say("mail.recovery_ended.heading")
		text = l.how()
	}
	d.Blocks = []render.Block{render.Paragraph{Text: l.words.T("mail.greeting", "Name", l.name)}, render.Paragraph{Text: text}, l.facts()}
	if l.Kind == kindEnded {
		d.NotYou = l.words.T("mail.not_you.act", "Address", l.portal+"/reset")
		return d
	}
	if l.Kind == kindOpen {
		d.Blocks = append(d.Blocks, render.Button{Label: l.say("mail.recovery_open.button"), URL: l.portal + "/signin"})
	}
	d.Blocks = append(d.Blocks, l.stop()...)
	return d
}

// how says how it ended.
func (l *letter) how() string {
	switch l.Ending {
	case Used:
		return l.say("mail.recovery_ended.used")
	case Removed:
		return l.say("mail.recovery_ended.removed")
	case Refused:
		return l.say("mail.recovery_ended.refused")
	case Cancelled:
		return l.say("mail.recovery_ended.cancelled")
	case Stopped:
		return l.say("mail.recovery_ended.stopped")
	case Proven:
		return l.say("mail.recovery_ended.proven")
	case Timeout:
	}
	return l.say("mail.recovery_ended.lapsed")
}

// facts are who, why and until when.
func (l *letter) facts() render.Facts {
	f := render.Facts{
		{Label: l.say("recovery.fact.starter"), Value: l.starter + " (" + part(l.words, l.StarterRole) + ")"},
		{Label: l.say("recovery.fact.reason"), Value: l.Reason},
		{Label: l.say("recovery.fact.started"), Value: l.words.DateTime(l.Recovery.CreatedAt)},
	}
	if len(l.approvers) > 0 {
		f = append(f, render.Fact{Label: l.say("recovery.fact.approvers"), Value: strings.Join(l.approvers, ", ")})
	}
	if l.OpensAt != nil {
		f = append(f, render.Fact{Label: l.say("recovery.fact.opens"), Value: l.words.DateTime(*l.OpensAt)})
	}
	if l.Kind != kindEnded {
		f = append(f, render.Fact{Label: l.say("recovery.fact.closes"), Value: l.words.DateTime(l.ClosesAt)})
	}
	return f
}

// stop is the way out for somebody who did not lose anything.
func (l *letter) stop() []render.Block {
	return []render.Block{
		render.Paragraph{Text: l.say("mail.recovery.stop")},
		render.Code{Label: l.say("recovery.fact.code"), Value: l.code},
		render.Address{Intro: l.say("mail.recovery.stop_at"), URL: l.portal + stopAddress},
	}
}

// part is a role in words.
func part(words interface {
	T(key string, kv ...any) string
}, role string,
) string {
	switch role {
	case authz.RoleAdmin:
		return words.T("recovery.part.admin")
	case authz.RoleHR:
		return words.T("recovery.part.hr")
	}
	return words.T("recovery.part.manager")
}

// text is the same for phones, in one sentence or two, by where the recovery
// stands when it is sent.
func (s *Service) text(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (string, error) {
	r, err := byID(ctx, m.RefID)
	if errors.Is(err, db.ErrNotFound) {
		return "", message.ErrNotWanted
	}
	if err != nil {
		return "", err
	}
	l := &letter{Message: m, Recovery: r, words: words, t: t}
	if err := s.fill(ctx, l); err != nil {
		return "", err
	}
	stop := " " + words.T("recovery.text.stop", "Address", s.Portal(t)+stopAddress, "Code", l.code)
	switch r.State(db.Now(ctx)) {
	case Waiting:
		return l.say("recovery.text.started") + stop, nil
	case Cooling, Open:
		return l.say("recovery.text.approved") + stop, nil
	case Lapsed, Over:
	}
	return l.say("recovery.text.ended"), nil
}
