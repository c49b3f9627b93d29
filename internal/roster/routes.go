package roster

import (
	"errors"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// Pages are HR's pages about staff files.
type Pages struct{ svc *Service }

// NewPages makes the pages.
func NewPages(svc *Service) *Pages { return &Pages{svc: svc} }

// Routes are the pages' routes.
func (p *Pages) Routes() []httpkit.Route {
	read, take := httpkit.May("roster", "read"), httpkit.May("roster", "import")
	return []httpkit.Route{
		httpkit.Get("/admin/roster", read, p.showStart).ShowsData(),
		httpkit.Post("/admin/roster", take, p.submitFile).Uploads(MaxFile),
		httpkit.Get("/admin/roster/template.csv", read, p.fileTemplate),
		httpkit.Get("/admin/roster/template.xlsx", read, p.bookTemplate),
		httpkit.Get("/admin/roster/:id", read, p.showImport).ShowsData(),
		httpkit.Get("/admin/roster/:id/problems.csv", read, p.fileProblems).ShowsData(),
		httpkit.Post("/admin/roster/:id/confirm", take, p.submitConfirm),
		httpkit.Post("/admin/roster/:id/drop", take, p.submitDrop),
	}
}

// Views are the pages, for the checks of their templates.
func Views() []httpkit.View { return []httpkit.View{&StartPage{}, &ImportPage{}} }

const startAddress = "/admin/roster"

// address is an import's page.
func address(id uuid.UUID) string { return startAddress + "/" + id.String() }

// find gives the import of the address; what this tenant does not have is an
// unknown address.
func (p *Pages) find(c *httpkit.Ctx) (Import, error) {
	text := c.Param("id")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return Import{}, nowhere()
	}
	row, err := p.svc.Find(c.Context(), id)
	return row, missing(err)
}

func nowhere() error { return fault.New(fault.NotFound, "http.not_found") }

func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nowhere()
	}
	return err
}
