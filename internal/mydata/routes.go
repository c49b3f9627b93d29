package mydata

import (
	"errors"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// Pages are the pages of a person's rights, and HR's board.
type Pages struct {
	svc *Service
	// proven tells whether the asker's session proved password and factor within
	// the last minutes, as making and taking a copy and a deletion ask.
	proven func(c *httpkit.Ctx) (bool, error)
}

// NewPages makes the pages.
func NewPages(s *Service, proven func(c *httpkit.Ctx) (bool, error)) *Pages {
	return &Pages{svc: s, proven: proven}
}

const (
	ownAddress   = "/mydata"
	boardAddress = "/admin/mydata"
)

// Routes are the pages' routes.
func (p *Pages) Routes() []httpkit.Route {
	own, read, answer := httpkit.SignedIn(), httpkit.May("mydata", "read"), httpkit.May("mydata", "answer")
	return []httpkit.Route{
		httpkit.Get("/mydata", own, p.showOwn).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/mydata/copy", own, httpkit.Proven(p.proven, ownAddress, p.submitCopy)).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/mydata/copy/fetch", own, httpkit.Proven(p.proven, ownAddress, p.fetchCopy)).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/mydata/copy/drop", own, p.dropCopy).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/mydata/correction", own, p.showCorrection).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/mydata/correction", own, p.submitCorrection).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/mydata/erasure", own, p.showErasure).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/mydata/erasure", own, p.submitErasure).ShowsData(httpkit.ClassAccount),
		httpkit.Get("/admin/mydata", read, p.showBoard).ShowsData(),
		httpkit.Get("/admin/mydata/:id", read, p.showCase).ShowsData(),
		httpkit.Post("/admin/mydata/:id", answer, p.submitCase).ShowsData(),
		httpkit.Get("/admin/mydata/:id/erase", answer, httpkit.Proven(p.proven, "", p.showErase)).ShowsData(),
		httpkit.Post("/admin/mydata/:id/erase", answer, httpkit.Proven(p.proven, "", p.submitErase)).ShowsData(),
		httpkit.Post("/admin/people/:id/mydata", answer, p.submitNote).ShowsData(),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View {
	return []httpkit.View{&OwnPage{}, &CorrectionPage{}, &ErasurePage{}, &BoardPage{}, &CasePage{}, &ErasePage{}}
}

// idOf reads an id as addresses write it, with or without "per_".
func idOf(text string) (uuid.UUID, error) {
	text = strings.TrimPrefix(text, "per_")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, fault.New(fault.NotFound, "http.not_found")
	}
	return id, nil
}

func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return fault.New(fault.NotFound, "http.not_found")
	}
	return err
}
