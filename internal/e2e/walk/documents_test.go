package walk_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tilgang/internal/httpkit"
)

// documents are an employee's own, and HR's delivery and look into them.
func (w *walker) documents() {
	w.t.Helper()
	p := w.tab()
	who := w.Who("havn", "employee")
	w.signIn(p, who, "/document")
	p.Goto(w.at("havn", "/document?year=all"))
	w.look(p)
	p.Goto(w.at("havn", "/document?q=nothing-like-this"))
	w.look(p)
	p.Goto(w.at("havn", "/document"))
	w.look(p, "documents")
	p.Click("[href^='/document/0']")
	w.look(p, "document")
	p.Goto(w.at("havn", "/document/pay/2026"))
	w.look(p, "document-pay")
	w.Pass(11 * time.Minute)
	p.Goto(w.at("havn", "/document/take"))
	w.look(p, "document-take-first")
	p.Goto(w.at("havn", httpkit.ProveAt("/document/take")))
	w.look(p, "document-prove")
	p.Fill("current_password", "wrong")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Fill("current_password", who.Password)
	p.Press("#shell-main form .actions .button")
	w.look(p, "document-take")
	w.delivers()
}

// delivers is HR's part.
func (w *walker) delivers() {
	w.t.Helper()
	p := w.tab()
	w.signIn(p, w.Who("havn", "hr"), "/")
	p.Goto(w.at("havn", "/admin/document"))
	w.look(p, "delivery-start")
	w.send(p, "#shell-main form .button")
	w.wrong(p)
	w.uploads(p)
	w.Work()
	p.Goto(p.URL())
	w.look(p, "delivery-preview")
	p.Press("[name=confirm]")
	w.Work()
	p.Goto(p.URL())
	w.look(p, "delivery-done")
	p.Goto(w.at("havn", "/admin/document/person?number=1012"))
	w.look(p, "delivery-person")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	p.Fill("reason", "A dispute about overtime")
	p.Press("#shell-main form .actions .button")
	w.look(p, "delivery-held")
	p.Click("[href^='/admin/document/open/']")
	w.look(p, "delivery-open")
	w.send(p, "#shell-main form .actions .button")
	w.wrong(p)
	w.inbox(p)
}

// inbox is what HR sees of an inbox that nobody can reach.
func (w *walker) inbox(p page) {
	w.t.Helper()
	w.changes("havn", func(yaml string) string {
		return strings.Replace(yaml, "senders", "documents: {inbox: \"file:"+filepath.Join(w.t.TempDir(), "gone")+"\"}\n\nsenders", 1)
	})
	w.App.LookIntoInboxes(w.t.Context())
	p.Goto(w.at("havn", "/admin/document"))
	w.look(p, "delivery-inbox")
}

// uploads sends an archive with one good row and one that is not.
func (w *walker) uploads(p page) {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "march.zip")
	f, err := os.Create(path) //nolint:gosec // a file of the test's own
	if err != nil {
		w.t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, body := range map[string]string{
		"manifest.csv": "file,employee_number,kind,date,title,legal_employer\na.pdf,1012,letter,2026-11-01,Løfte,havn-retail\nb.pdf,9999,letter,2026-11-01,Nobody,havn-retail\n",
		"a.pdf":        "%PDF-1.4\n%%EOF\n",
	} {
		out, err := z.Create(name)
		if err == nil {
			_, err = out.Write([]byte(body))
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.settle(p)
	p.Upload("file", path)
	p.Press("#shell-main form .button")
}
