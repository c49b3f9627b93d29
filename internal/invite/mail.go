package invite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// The kinds of mail: the first, and every one after a link that went out.
const (
	kindInvite = "invite"
	kindAgain  = "invite_again"
	// kindPrepare asks, while people still sign in elsewhere, to confirm the address.
	kindPrepare = "invite_prepare"
)

// pair is what opens an invitation; it is stored sealed only.
type pair struct {
	Token string `json:"t"`
	Code  string `json:"c"`
}

// prepare writes the mails of up to 100 invitations inside the claim: it mints
// links and codes that are not minted yet, and takes those that are from an
// earlier try. What is no longer pending, or goes to a former address, is not
// wanted.
func (s *Service) prepare(ctx context.Context, tasks []message.Task, t *tenant.Tenant) (map[uuid.UUID]render.Doc, error) {
	refs, persons := make([]uuid.UUID, len(tasks)), make([]uuid.UUID, len(tasks))
	for n, task := range tasks {
		refs[n], persons[n] = task.RefID, task.PersonID
	}
	rows, err := byIDs(ctx, refs)
	if err != nil {
		return nil, err
	}
	of, err := s.candidates(ctx, persons, s.today(t))
	if err != nil {
		return nil, err
	}
	var still []message.Task
	for _, task := range tasks {
		if wanted(rows[task.RefID], of[task.PersonID], task.To) {
			still = append(still, task)
		}
	}
	pairs, err := s.pairs(ctx, still, rows, t)
	if err != nil {
		return nil, err
	}
	docs := make(map[uuid.UUID]render.Doc, len(still))
	for _, task := range still {
		docs[task.ID] = s.doc(task, of[task.PersonID].GivenName, pairs[task.RefID], *rows[task.RefID].ExpiresAt, t)
	}
	return docs, nil
}

// wanted tells whether there still is a reason to send an invitation to an address.
func wanted(i Invitation, c candidate, to string) bool {
	return i.State == pending && i.LetterAt == nil && i.Address == to && c.FirstDay != "" && !c.HasAccount
}

// pairs gives link and code of each invitation, and puts the end of its life
// into rows.
func (s *Service) pairs(ctx context.Context, tasks []message.Task, rows map[uuid.UUID]Invitation, t *tenant.Tenant) (map[uuid.UUID]pair, error) {
	expires := db.Now(ctx).Add(t.Invitation.Life)
	pairs, dead, fresh := map[uuid.UUID]pair{}, []uuid.UUID{}, []minted{}
	for _, task := range tasks {
		i := rows[task.RefID]
		if _, twice := pairs[i.ID]; twice {
			continue
		}
		if i.TokenHash == nil {
			m, p, err := s.mint(t.ID, i.ID, false)
			if err != nil {
				return nil, err
			}
			fresh, pairs[i.ID], i.ExpiresAt = append(fresh, m), p, &expires
		} else {
			p, err := s.unseal(t.ID, i)
			if err != nil {
				return nil, err
			}
			if pairs[i.ID] = p; i.expired(db.Now(ctx)) {
				dead, i.ExpiresAt = append(dead, i.ID), &expires
			}
		}
		rows[i.ID] = i
	}
	return pairs, s.store(ctx, fresh, dead, expires)
}

func (s *Service) store(ctx context.Context, fresh []minted, dead []uuid.UUID, expires time.Time) error {
	if len(fresh) > 0 {
		n, err := mint(ctx, s.DB.Postgres(), fresh, expires)
		if err != nil {
			return fmt.Errorf("store links: %w", err)
		}
		if n != int64(len(fresh)) {
			return fmt.Errorf("store links: %d of %d invitations changed meanwhile", len(fresh)-int(n), len(fresh))
		}
	}
	if len(dead) > 0 {
		return wrap("prolong links", prolong(ctx, dead, expires))
	}
	return nil
}

// mint makes link and code. A code on paper is shown to its maker once and stays
// nowhere; the link, which nobody is given, opens the page once it was typed.
func (s *Service) mint(owner, id uuid.UUID, paper bool) (minted, pair, error) {
	token, hash := secret.Token()
	p := pair{Token: token, Code: secret.InviteCode()}
	kept := p
	if paper {
		kept.Code = ""
	}
	plain, err := json.Marshal(kept)
	if err != nil {
		return minted{}, p, fmt.Errorf("write link: %w", err)
	}
	sealed, err := s.Box.Seal(plain, place(owner, id)...)
	if err != nil {
		return minted{}, p, fmt.Errorf("seal link: %w", err)
	}
	return minted{id: id, token: hash, code: s.codeHash(owner, p.Code), sealed: sealed}, p, nil
}

func (s *Service) unseal(owner uuid.UUID, i Invitation) (p pair, err error) {
	plain, err := s.Box.Open(i.Sealed, place(owner, i.ID)...)
	if err != nil {
		return p, fmt.Errorf("open link: %w", err)
	}
	if err := json.Unmarshal(plain, &p); err != nil {
		return p, fmt.Errorf("read link: %w", err)
	}
	return p, nil
}

// place is where a sealed pair belongs: one row only.
func place(owner, id uuid.UUID) []string {
	return []string{owner.String(), "invitations", "sealed", id.String()}
}

func (s *Service) codeHash(owner uuid.UUID, code string) []byte {
	return s.Box.Keyed("invite.code", owner, secret.NormaliseCode(code))
}

// doc is the mail; the moment at which the link dies stands in the tenant's
// zone, since the mail may be read on any day.
func (s *Service) doc(task message.Task, name string, p pair, expires time.Time, t *tenant.Tenant) render.Doc {
	portal := s.Portal(t)
	say := func(key string) string {
		return task.Words.T(key, "Employer", t.Name, "Name", name, "When", expires, "Address", portal+"/invite/code", "Date", task.Words.Date(t.Invitation.Switch))
	}
	d := message.Letter(task.Words, t, portal)
	link, button, code := portal+"/invite/"+p.Token, say("mail.invite.button"), say("mail.invite.code")
	var text string
	switch {
	case task.Kind == kindPrepare && t.Invitation.Preparing(s.DB.Now()):
		d.Subject, d.Preheader, d.Heading = say("mail.invite_prepare.subject"), say("mail.invite_prepare.preheader"), say("mail.invite_prepare.heading")
		text, button, code = say("mail.invite_prepare.text"), say("mail.invite_prepare.button"), say("mail.invite_prepare.code")
	case task.Kind == kindAgain:
		d.Subject, d.Preheader, d.Heading = say("mail.invite_again.subject"), say("mail.invite_again.preheader"), say("mail.invite_again.heading")
		text, button, code = say("mail.invite_again.text"), say("mail.invite_again.button"), say("mail.invite_again.code")
	default:
		d.Subject, d.Preheader, d.Heading = say("mail.invite.subject"), say("mail.invite.preheader"), say("mail.invite.heading")
		text = say("mail.invite.text")
	}
	d.Blocks = []render.Block{
		render.Paragraph{Text: say("mail.greeting")},
		render.Paragraph{Text: text},
		render.Button{Label: button, URL: link},
		render.Address{Intro: say("mail.link.copy"), URL: link},
		render.Code{Label: code, Value: p.Code},
	}
	d.Expires = say("mail.expires") + " " + say("mail.expires.renew")
	d.NotYou, d.Why = say("mail.not_you.invite"), say("mail.why.employee")
	return d
}
