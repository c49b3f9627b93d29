package walk_test

import (
	"os"
	"path/filepath"

	"tilgang/internal/roster/workbook"
)

// book takes the list in as an Excel workbook, one column of which we do
// not know.
func (w *walker) book(p page) {
	path := filepath.Join(w.t.TempDir(), "staff.xlsx")
	f, err := os.Create(path) //nolint:gosec // a file of the test's own
	if err != nil {
		w.t.Fatal(err)
	}
	err = workbook.Write(f, "Personale", [][]string{
		{"Medarbejdernummer", "Fornavn", "Efternavn", "Privat e-mail", "Startdato", "Skostørrelse"},
		{"0042", "Nora", "Sletten", "nora.sletten@post.example", "2026-12-01", "38"},
		{"0043", "Emil", "", "emil@post.example", "2026-12-01", "43"},
		{"0044", "Uden", "Adresse", "", "2026-12-01", ""},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		w.t.Fatal(err)
	}
	p.Goto(w.at("havn", "/admin/roster"))
	w.settle(p)
	p.Upload("file", path)
	p.Press("#shell-main form .button")
	w.Work()
	p.Goto(p.URL())
	w.look(p, "roster-workbook")
	p.Press("[name=confirm]")
	w.Work()
}

// board looks at who has been invited and is not in.
func (w *walker) board(p page) {
	p.Goto(w.at("havn", "/admin/invite"))
	w.look(p, "invite-board")
	p.Goto(w.at("havn", "/admin/invite?reason=no_address"))
	w.look(p, "invite-board-address")
	p.Goto(w.at("havn", "/admin/invite?title=nobody"))
	w.look(p)
}
