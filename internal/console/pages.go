package console

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/people"
)

// Staff counts what HR looks after; the answers are the tenant's of the context.
type Staff interface {
	People(ctx context.Context) (int64, error)
	Invitations(ctx context.Context) (Invitations, error)
	Imports(ctx context.Context) (Imports, error)
	// Recoveries is how many lost extra steps wait for the actor's own approval.
	Recoveries(ctx context.Context) (int, error)
	Wishes(ctx context.Context) (int64, error) // of those whose access has ended
}

// Payslips tells the asker's newest payslip by their employments, ok false where
// there is none.
type Payslips interface {
	Newest(c *httpkit.Ctx, jobs []people.Job) (slip Payslip, ok bool, err error)
}

// Payslip is what home says of one.
type Payslip struct {
	Title, Employer, URL string
	Dated                people.Date
}

// Invitations says how many people are in which state.
type Invitations struct {
	Waiting   int64 // sent or on the way, no password yet
	Expired   int64 // the link's life has passed
	NoAddress int64 // nobody can be written to
}

// Imports says what became of the staff files.
type Imports struct {
	Open int64     // previews that wait for a person to confirm them
	Last time.Time // when the newest finished; zero: none yet
}

// Deps are what the pages stand on.
type Deps struct {
	DB      *db.DB
	Factors *factor.Service
	Policy  *authz.Policy
	Catalog *i18n.Catalog
	Staff   Staff
	// Payslips tells the newest payslip; nil: there are none.
	Payslips Payslips
	// SetLanguage keeps a person's choice of language, in the open transaction.
	SetLanguage func(ctx context.Context, personID uuid.UUID, language string) error
}

// Pages are the package's pages.
type Pages struct{ Deps }

// NewPages makes them.
func NewPages(d Deps) *Pages { return &Pages{d} }

// LandingPage greets whoever is not signed in.
type LandingPage struct {
	httpkit.Base

	Ways  []httpkit.Link // sign in, help
	First *httpkit.Link  // for who comes for the first time
}

// Template implements httpkit.View.
func (*LandingPage) Template() string { return "console/landing" }

// HomePage is what is new for a person, what there is to do, and their
// employment; for HR also the staff in figures.
type HomePage struct {
	httpkit.Base

	News  []httpkit.Card
	Jobs  []httpkit.Card
	None  *httpkit.EmptyState // when there is no employment to show
	Staff []httpkit.Card
}

// Template implements httpkit.View.
func (*HomePage) Template() string { return "console/home" }

// Views are the pages, for the type check of their templates.
func Views() []httpkit.View { return []httpkit.View{&LandingPage{}, &HomePage{}} }
