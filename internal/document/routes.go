package document

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// Pages are the pages of documents: everybody's own, and HR's.
type Pages struct {
	svc *Service
	// proven tells whether the asker's session proved password and factor within
	// the last minutes, as taking everything asks.
	proven func(c *httpkit.Ctx) (bool, error)
}

// NewPages makes the pages.
func NewPages(svc *Service, proven func(c *httpkit.Ctx) (bool, error)) *Pages {
	return &Pages{svc: svc, proven: proven}
}

// Routes are the pages' routes.
func (p *Pages) Routes() []httpkit.Route {
	// What is taken along changes nothing, so whoever may only read may take it.
	kept := slices.DeleteFunc(tenant.DataClasses(), func(class string) bool { return class == tenant.ClassProfile || class == tenant.ClassEmployment })
	own, deliver, read, hold := httpkit.SignedIn(), httpkit.May("document", "deliver"), httpkit.May("document", "read"), httpkit.May("document", "hold")
	return []httpkit.Route{
		httpkit.Get("/document", own, p.list).ShowsData(kept...),
		httpkit.Get("/.well-known/document-key.pem", httpkit.Public(), p.signingKey),
		httpkit.Get("/document/take", own, p.showTake).ShowsData(kept...),
		httpkit.Post("/document/take", own, httpkit.Proven(p.proven, "", p.submitTake)).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/document/pay/:year", own, p.showPay).ShowsData(kept...),
		httpkit.Get("/document/file/:ticket", own, p.file).ShowsData(kept...),
		httpkit.Get("/document/:id", own, p.showOne).ShowsData(kept...),
		httpkit.Get("/admin/document", deliver, p.showStart).ShowsData(),
		httpkit.Post("/admin/document", deliver, p.submitArchive).Uploads(MaxArchive),
		httpkit.Get("/admin/document/manifest.csv", deliver, p.example),
		httpkit.Get("/admin/document/person", read, p.findPerson).ShowsData(),
		httpkit.Get("/admin/document/person/:id", read, p.showPerson).ShowsData(),
		httpkit.Post("/admin/document/person/:id/hold", hold, p.submitHold),
		httpkit.Post("/admin/document/person/:id/release", hold, p.submitRelease),
		httpkit.Get("/admin/document/open/:id", read, p.showOpen).ShowsData(),
		httpkit.Post("/admin/document/open/:id", read, p.submitOpen),
		httpkit.Get("/admin/document/:id", deliver, p.showDelivery).ShowsData(),
		httpkit.Post("/admin/document/:id/confirm", deliver, p.submitConfirm),
		httpkit.Post("/admin/document/:id/drop", deliver, p.submitDrop),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&ListPage{}, &OnePage{}, &PayPage{}, &TakePage{}, &StartPage{}, &DeliveryPage{}, &PersonPage{}, &OpenPage{}}
}

// idOf is the id in the address; what is none is an unknown address.
func idOf(c *httpkit.Ctx) (uuid.UUID, error) {
	text := c.Param("id")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, nowhere()
	}
	return id, nil
}

func nowhere() error { return fault.New(fault.NotFound, "http.not_found") }

func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nowhere()
	}
	return err
}

// kindWord names a kind.
func kindWord(b *httpkit.Base, k Kind) string { return b.T("document.kind." + string(k)) }

// day writes a date that has no time of day: the same day in every zone.
func day(c *httpkit.Ctx, d Document) string { return c.Words().Date(d.Dated.Time(c.Words().Zone())) }

// yearAt reads a year of four digits.
func yearAt(text string) (string, error) {
	t, err := time.Parse("2006", text)
	if err != nil || t.Year() < 1950 || strings.TrimSpace(text) != text {
		return "", nowhere()
	}
	return text, nil
}
