package magiclink

import (
	"context"
	"fmt"
	"time"

	"tilgang/internal/i18n"
	"tilgang/internal/message"
	"tilgang/internal/message/render"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// The kinds of mail: the link, and where a leaver asks for one.
const (
	kindLink  = "magiclink"
	kindMoved = "magiclink_moved"
)

// letter is a mail in the making.
type letter struct {
	message.Message
	words   *i18n.Localizer
	t       *tenant.Tenant
	name    string
	expires time.Time
	used    time.Time // the account, last; zero: never
}

// prepare writes the mail with the link inside the claim: it mints the link, or
// takes the one of an earlier try. What stands no longer, or what no browser
// waits for any more, is not wanted.
func (s *Service) prepare(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	f, l, err := s.begin(ctx, m, words, t)
	if err != nil {
		return render.Doc{}, err
	}
	a, err := s.Attempts.ByID(ctx, f.AttemptID)
	if missing(err) || (err == nil && !s.DB.Now().Before(a.ExpiresAt)) {
		return render.Doc{}, message.ErrNotWanted
	}
	if err != nil {
		return render.Doc{}, err
	}
	host := s.Portal(t)
	if s.onAlumni(t, a.Host) {
		host = s.AlumniPortal(t)
	}
	l.expires = s.DB.Now().Add(life)
	if a.ExpiresAt.Before(l.expires) {
		l.expires = a.ExpiresAt
	}
	token, err := s.token(ctx, f, &l.expires)
	if err != nil {
		return render.Doc{}, err
	}
	return l.doc(host, host+"/magiclink/"+token), nil
}

// begin reads what both kinds of mail are about.
func (s *Service) begin(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (f found, l letter, err error) {
	f, err = byID(ctx, m.RefID)
	if missing(err) || (err == nil && !f.stands()) {
		return f, l, message.ErrNotWanted
	}
	if err != nil {
		return f, l, err
	}
	p, err := people.ByID(ctx, f.PersonID)
	if err != nil {
		return f, l, err
	}
	l = letter{Message: m, words: words, t: t, name: p.GivenName}
	l.used, err = session.LastUsed(ctx, f.AccountID)
	return f, l, err
}

// token gives the link's token and corrects when it ends: what was minted
// before keeps its end.
func (s *Service) token(ctx context.Context, f found, expires *time.Time) (string, error) {
	if f.TokenHash == nil {
		token, hash := secret.Token()
		code := secret.LinkCode()
		sealed, err := s.Box.Seal([]byte(token+" "+code), place(f.TenantID, f.ID)...)
		if err != nil {
			return "", fmt.Errorf("seal link: %w", err)
		}
		typed := s.codeHash(f.TenantID, f.AttemptID, secret.NormaliseCode(code))
		return token, wrap("store link", mint(ctx, f.ID, hash, typed, sealed, *expires))
	}
	token, _, err := s.open(f.Link)
	if err != nil {
		return "", err
	}
	if f.expired(s.DB.Now()) {
		return token, wrap("prolong link", prolong(ctx, f.ID, *expires))
	}
	*expires = *f.ExpiresAt
	return token, nil
}

func (l letter) say(key string) string {
	return l.words.T(key, "Employer", l.t.Name, "Name", l.name, "Account", l.To, "When", l.expires)
}

func (l letter) doc(portal, link string) render.Doc {
	d := message.Letter(l.words, l.t, portal)
	d.Subject, d.Preheader, d.Heading = l.say("mail.magiclink.subject"), l.say("mail.magiclink.preheader"), l.say("mail.magiclink.heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: l.say("mail.greeting")},
		render.Paragraph{Text: l.say("mail.magiclink.text")},
		render.Button{Label: l.say("mail.magiclink.button"), URL: link},
		render.Address{Intro: l.say("mail.link.copy"), URL: link},
		l.facts(),
	}
	d.Expires = l.say("mail.magiclink.expires")
	d.NotYou, d.Why = l.say("mail.magiclink.not_you"), l.say("mail.why.magiclink")
	return d
}

// facts name the account, who asked from where, and when the account was last
// used.
func (l letter) facts() render.Facts {
	facts := append(render.Facts{{Label: l.words.T("mail.fact.account"), Value: l.To}}, l.Origin(l.words)...)
	if !l.used.IsZero() {
		facts = append(facts, render.Fact{Label: l.words.T("mail.fact.used"), Value: message.When(l.words, l.used)})
	}
	return facts
}

// prepareMoved writes where a leaver asks; it holds no secret.
func (s *Service) prepareMoved(ctx context.Context, m message.Message, words *i18n.Localizer, t *tenant.Tenant) (render.Doc, error) {
	_, l, err := s.begin(ctx, m, words, t)
	if err != nil {
		return render.Doc{}, err
	}
	page := s.AlumniPortal(t) + "/reset"
	d := message.Letter(words, t, s.AlumniPortal(t))
	d.Subject, d.Preheader, d.Heading = l.say("mail.magiclink_moved.subject"), l.say("mail.magiclink_moved.preheader"), l.say("mail.magiclink_moved.heading")
	d.Blocks = []render.Block{
		render.Paragraph{Text: l.say("mail.greeting")},
		render.Paragraph{Text: l.say("mail.magiclink_moved.text")},
		render.Button{Label: l.say("mail.magiclink_moved.button"), URL: page},
		render.Address{Intro: l.say("mail.link.copy"), URL: page},
		l.facts(),
	}
	d.NotYou, d.Why = l.say("mail.magiclink_moved.not_you"), l.say("mail.why.magiclink")
	return d, nil
}
