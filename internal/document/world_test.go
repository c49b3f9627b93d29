package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/document"
	"tilgang/internal/document/files"
	"tilgang/internal/document/parcel"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/people"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

// world is two employers with some people, and a folder of documents.
type world struct {
	t     testing.TB
	db    *db.DB
	now   *clock.Fake
	box   *secret.Box
	dir   string
	store *moody
	svc   *document.Service
	ctx   context.Context // havn's, as the operator
	other context.Context // fjord's
	ids   map[string]uuid.UUID
}

// moody is a store that can be told not to answer.
type moody struct {
	files.Store
	down error
}

func (m *moody) Put(ctx context.Context, name string, body []byte) error {
	if m.down != nil {
		return m.down
	}
	return m.Store.Put(ctx, name, body)
}

func (m *moody) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if m.down != nil {
		return nil, m.down
	}
	return m.Store.Get(ctx, name)
}

// Anna works at havn, Bo has left it, Cecilie begins next month; Bo began at the
// warehouse after he left.
func people4() []people.Record {
	rec := func(number, name, employer string, start, end people.Date) people.Record {
		mail := strings.ToLower(name) + "@havn.example"
		return people.Record{LegalEmployer: employer, EmployeeNumber: number, GivenName: name, FamilyName: "Ås", WorkEmail: mail, WorkEmailKey: mail, Start: start, End: end, Language: "da"}
	}
	return []people.Record{
		rec("1", "Anna", "havn-retail", "2020-01-01", ""),
		rec("2", "Bo", "havn-retail", "2015-01-01", "2026-03-31"),
		rec("3", "Cecilie", "havn-retail", "2026-12-15", ""),
	}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, box: sitetest.Box(t), dir: t.TempDir(), ids: map[string]uuid.UUID{}}
	w.db, w.now = dbtest.New(t)
	folder := files.NewFolder(w.dir, false)
	t.Cleanup(func() { _ = folder.Close() })
	w.store = &moody{Store: folder}
	w.svc = document.New(w.db, w.box, files.NewVault(w.store, w.box), sitetest.Policy(t), slog.New(slog.DiscardHandler))
	w.ctx, w.other = w.employer("havn"), w.employer("fjord")
	w.hire(w.ctx, people4()...)
	mine := people4()[0]
	mine.LegalEmployer = tenant.MustFrom(w.other).LegalEmployers[0].Key
	w.hire(w.other, mine)
	return w
}

func (w *world) employer(slug string) context.Context {
	w.t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, id := dbtest.Tenant(w.t, w.db, slug)
	spec.Tenant.ID = id
	ctx = authz.With(tenant.With(ctx, spec.Tenant), authz.Actor{Kind: authz.Command})
	w.tx(ctx, func(ctx context.Context) error {
		for _, e := range spec.Tenant.LegalEmployers {
			if _, err := db.Exec(ctx, "INSERT INTO legal_employers (tenant_id, id, key, name, country) VALUES (@tenant, @id, @key, @name, @country)",
				sql.Named("id", uuid.Must(uuid.NewV7())), sql.Named("key", e.Key), sql.Named("name", e.Name), sql.Named("country", e.Country)); err != nil {
				return err
			}
		}
		return nil
	})
	return ctx
}

func (w *world) hire(ctx context.Context, records ...people.Record) {
	w.t.Helper()
	w.tx(ctx, func(ctx context.Context) error {
		for _, r := range records {
			out, err := people.Apply(ctx, []people.Record{r}, 2)
			if err != nil {
				return err
			}
			w.ids[tenant.MustFrom(ctx).Slug+r.EmployeeNumber] = out.People[0]
		}
		return nil
	})
}

func (w *world) tx(ctx context.Context, fn func(ctx context.Context) error) {
	w.t.Helper()
	if err := w.db.Tx(ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

// as is an asker by employee number of havn's.
func (w *world) as(number string) authz.Actor {
	return authz.Actor{Kind: authz.Person, PersonID: w.ids["havn"+number], AccountID: uuid.New(), SessionID: uuid.New(), Roles: []string{"employee"}}
}

func (w *world) list(number string) []document.Held {
	w.t.Helper()
	own, err := w.svc.List(w.ctx, w.as(number), w.now.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return own.List
}

// paper is a PDF in a few bytes.
func paper(words string) []byte { return []byte("%PDF-1.4\n% " + words + "\n%%EOF\n") }

const head = "file,employee_number,kind,date,title,legal_employer,currency,gross,tax,net\n"

// slip is the row of a payslip.
func slip(file, number, date string) string {
	return fmt.Sprintf("%s,%s,payslip,%s,Lønseddel %s,havn-retail,DKK,100.00,30.00,70.00\n", file, number, date, date)
}

// pack makes an archive; names and bodies in pairs.
func pack(t testing.TB, list string, entries ...any) parcel.Source {
	t.Helper()
	var body bytes.Buffer
	z := zip.NewWriter(&body)
	put := func(name string, content []byte) {
		out, err := z.Create(name)
		if err == nil {
			_, err = out.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put(parcel.Manifest, []byte(list))
	for i := 0; i+1 < len(entries); i += 2 {
		put(entries[i].(string), entries[i+1].([]byte))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return archive(t, body.Bytes())
}

func archive(t testing.TB, body []byte) parcel.Source {
	t.Helper()
	src, err := parcel.OpenArchive(bytes.NewReader(body), int64(len(body)), io.NopCloser(nil))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func (w *world) deliver(src parcel.Source) document.Delivery {
	w.t.Helper()
	row, err := w.svc.Run(w.ctx, "march.zip", src, false, func(document.Delivery) {})
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// problems are what is wrong, by row.
func (w *world) problems(row document.Delivery) map[int64]string {
	w.t.Helper()
	list, err := w.svc.Troubles(w.ctx, row.ID, 0, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[int64]string{}
	for _, t := range list {
		for _, p := range t.Problems {
			found[t.Line] += p.Code + " "
		}
		found[t.Line] = strings.TrimSpace(found[t.Line])
	}
	return found
}

func (w *world) read(d document.Document) string {
	w.t.Helper()
	in, err := w.svc.Content(w.ctx, d)
	if err != nil {
		w.t.Fatal(err)
	}
	body, err := io.ReadAll(in)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(body)
}
