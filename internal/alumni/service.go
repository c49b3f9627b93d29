package alumni

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/audit"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/message"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// Config is what the service needs.
type Config struct {
	DB       *db.DB
	Messages *message.Service
	// Owes tells which page an attempt must go to; the closed page's own address
	// when all is proven and the access has ended.
	Owes         func(ctx context.Context, a attempt.Attempt, device string) (path string, err error)
	Portal       func(*tenant.Tenant) string // origin of the staff portal, for links
	AlumniPortal func(*tenant.Tenant) string // origin of the portal for former employees
}

// Service keeps wishes and days; it is safe for many goroutines.
type Service struct{ Config }

// NewService makes the service and tells the messages its kinds of mail.
func NewService(c Config) *Service {
	s := &Service{Config: c}
	for _, name := range []string{kindEnding, kindHandover, kindProlonged, kindDeclined} {
		c.Messages.Register(message.Kind{Name: name, Prepare: s.prepare})
	}
	return s
}

// Closing is what the closed page says.
type Closing struct {
	people.Overview

	Last Wish // the newest; zero: none
}

// MayAsk tells whether a wish would be taken now.
func (c Closing) MayAsk(now time.Time) bool {
	recently := c.Last.Answer == Declined && now.Sub(*c.Last.AnsweredAt) < askAgain
	return !c.Last.Open() && !recently
}

// See gives what is said to the owner of an account whose access has ended.
func (s *Service) See(ctx context.Context, accountID uuid.UUID) (c Closing, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { c, err = s.see(ctx, accountID); return })
	if err != nil {
		return Closing{}, fmt.Errorf("see what has ended: %w", err)
	}
	return c, nil
}

func (s *Service) see(ctx context.Context, accountID uuid.UUID) (c Closing, err error) {
	acc, err := account.ByID(ctx, accountID)
	if err != nil {
		return c, err
	}
	if c.Overview, err = people.View(ctx, acc.PersonID, s.DB.Now(), tenant.MustFrom(ctx)); err != nil {
		return c, err
	}
	c.Last, err = newestWish(ctx, acc.PersonID)
	return c, err
}

// Ask keeps the wish of an account's owner for more time. Of two presses one
// makes a wish; where one is open, or was declined a moment ago, nothing
// happens.
func (s *Service) Ask(ctx context.Context, accountID uuid.UUID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := s.see(ctx, accountID)
		if err != nil || !c.Closed() || !c.MayAsk(s.DB.Now()) {
			return err
		}
		w := Wish{ID: uuid.Must(uuid.NewV7()), PersonID: c.Person.ID, CreatedAt: s.DB.Now()}
		added, err := insertWish(ctx, w)
		if err != nil || !added {
			return err
		}
		who := authz.From(ctx)
		who.Kind, who.AccountID, who.PersonID = authz.Person, accountID, c.Person.ID
		return record(authz.With(ctx, who), "alumni.asked", c.Person.ID, map[string]any{"wish": w.ID.String()})
	})
	if err != nil {
		return fmt.Errorf("ask for more time: %w", err)
	}
	return nil
}

// Person is somebody's access as HR sees it.
type Person struct {
	people.Overview

	Wish Wish // the open one; zero: none
}

// Ended are the employments that have a last day, whose access can be prolonged.
func (p Person) Ended() []people.Job {
	return slices.DeleteFunc(slices.Clone(p.Jobs), func(j people.Job) bool { return j.EndDate == "" })
}

// Look gives somebody's access. The fault is NotFound.
func (s *Service) Look(ctx context.Context, person uuid.UUID) (p Person, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		if p.Overview, err = people.View(ctx, person, s.DB.Now(), tenant.MustFrom(ctx)); err != nil {
			return err
		}
		p.Wish, err = openWish(ctx, person)
		return err
	})
	return p, missing(err)
}

// Prolong gives a person access to what one employment left until a day, that
// day included, and tells them; an open wish is answered by it. The same day
// again changes nothing, and changed is false. Faults: NotFound; Invalid at
// until; Forbidden "alumni.self"; Conflict "alumni.not_ended", "people.raced".
func (s *Service) Prolong(ctx context.Context, person, job uuid.UUID, until string) (changed bool, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		o, j, err := s.target(ctx, person, job)
		if err != nil {
			return err
		}
		day, err := s.judge(ctx, j, until)
		if err != nil || day == j.Until {
			return err
		}
		if err := prolong(ctx, j, day); err != nil {
			return err
		}
		changed = true
		wished, err := answer(ctx, person, Granted)
		if err != nil {
			return err
		}
		detail := map[string]any{"employment": job.String(), "from": string(j.Until), "to": string(day), "wished": wished}
		if err := record(ctx, "alumni.prolonged", person, detail); err != nil {
			return err
		}
		return s.tell(ctx, o, message.New{Kind: kindProlonged, Args: map[string]string{argDay: string(day), argEmployer: j.Employer.Key}})
	})
	return changed && err == nil, missing(err)
}

// target is the employment that somebody else than its person prolongs.
func (s *Service) target(ctx context.Context, person, job uuid.UUID) (o people.Overview, j people.Job, err error) {
	if o, err = people.View(ctx, person, s.DB.Now(), tenant.MustFrom(ctx)); err != nil {
		return o, j, err
	}
	i := slices.IndexFunc(o.Jobs, func(j people.Job) bool { return j.ID == job })
	switch {
	case i < 0:
		return o, j, errNowhere()
	case authz.From(ctx).PersonID == person:
		return o, j, errSelf()
	case o.Jobs[i].EndDate == "":
		return o, j, errOpen()
	}
	return o, o.Jobs[i], nil
}

// judge reads a typed day.
func (s *Service) judge(ctx context.Context, j people.Job, typed string) (people.Date, error) {
	t, now := tenant.MustFrom(ctx), s.DB.Now()
	at, err := time.Parse(time.DateOnly, typed)
	if err != nil {
		return "", errBad()
	}
	day := people.DateOf(at, time.UTC)
	switch {
	case day < people.DateOf(now, t.Zone):
		return "", errPast()
	case day > people.DateOf(now.AddDate(mostYears, 0, 0), t.Zone):
		return "", errFar()
	case day < j.Until:
		return "", errShorter()
	}
	return day, nil
}

// Decline answers a person's open wish with no, and tells them. Faults: NotFound;
// Forbidden "alumni.self"; Conflict "alumni.no_wish".
func (s *Service) Decline(ctx context.Context, person uuid.UUID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		o, err := people.View(ctx, person, s.DB.Now(), tenant.MustFrom(ctx))
		switch {
		case err != nil:
			return err
		case authz.From(ctx).PersonID == person:
			return errSelf()
		}
		wished, err := answer(ctx, person, Declined)
		switch {
		case err != nil:
			return err
		case !wished:
			return errNoWish()
		}
		if err := record(ctx, "alumni.declined", person, nil); err != nil {
			return err
		}
		return s.tell(ctx, o, message.New{Kind: kindDeclined})
	})
	return missing(err)
}

// Open counts the wishes that wait for an answer.
func (s *Service) Open(ctx context.Context) (n int64, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) (err error) { n, err = countOpen(ctx); return })
	return n, err
}

// Board is what HR's page lists.
type Board struct {
	Wishes    []asking
	Answered  []asking
	Prolonged []prolonged
}

// List gives the wishes and those who have been given more time.
func (s *Service) List(ctx context.Context) (b Board, err error) {
	t := tenant.MustFrom(ctx)
	today := people.DateOf(s.DB.Now(), t.Zone)
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		wishes, err := listWishes(ctx, s.DB.Now().Add(-shownFor))
		if err != nil {
			return err
		}
		for _, w := range wishes {
			if w.Open() {
				b.Wishes = append(b.Wishes, w)
			} else {
				b.Answered = append(b.Answered, w)
			}
		}
		list, err := listProlonged(ctx, today)
		b.Prolonged = slices.DeleteFunc(list, func(p prolonged) bool { return !p.term().Prolonged(t.Alumni) })
		return err
	})
	if err != nil {
		return Board{}, fmt.Errorf("list who asks for more time: %w", err)
	}
	return b, nil
}

func record(ctx context.Context, action string, person uuid.UUID, detail map[string]any) error {
	return audit.Record(ctx, audit.Event{Action: action, Subject: audit.Subject{Kind: "person", ID: person}, Detail: detail})
}

// missing turns what this tenant does not have into the answer to any unknown
// address.
func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return errNowhere()
	}
	return err
}
