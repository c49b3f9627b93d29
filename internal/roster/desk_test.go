package roster_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/roster"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
)

// desk is the desk of havn's HR, and fjord's tenant on the same database.
type desk struct {
	*sitetest.Host
	*bench

	t     *testing.T
	now   *clock.Fake
	ctx   context.Context // of the operator of havn
	fjord *tenant.Tenant
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d, now := dbtest.New(t)
	b := &bench{d: d, dir: tenancy.New(d, "localhost")}
	k := &desk{bench: b, t: t, now: now, ctx: b.enter(t, "havn")}
	k.fjord = tenant.MustFrom(b.enter(t, "fjord"))
	box := sitetest.Box(t)
	b.s = roster.New(d, box, nil)
	k.Host = sitetest.New(t, tenant.MustFrom(k.ctx), roster.NewPages(b.s).Routes()...)
	k.Clock, k.Kit.Clock, k.Kit.Box = now, now, box
	k.as(authz.RoleHR)
	return k
}

func (k *desk) as(role string) {
	k.Actor = authz.Actor{Kind: authz.Person, AccountID: uuid.New(), PersonID: uuid.New(), SessionID: uuid.New(), Language: "en", Roles: []string{role}}
}

// upload sends a file as the page's form does.
func (k *desk) upload(name string, body []byte) sitetest.Answer {
	k.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		k.t.Fatal(err)
	}
	_, _ = part.Write(body)
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/admin/roster", &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", sitetest.Origin)
	r.Host = strings.TrimPrefix(sitetest.Origin, "http://")
	app := k.Kit.NewApp(func(f *fiber.Ctx) error { return f.SendString("ok") })
	k.Kit.Mount(app, k.Routes)
	res, err := app.Test(r, -1)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return sitetest.Answer{Status: res.StatusCode, Header: res.Header, Body: string(text)}
}

// take uploads a file and reads it; it gives the address of its page.
func (k *desk) take(body string) (address string, id uuid.UUID) {
	k.t.Helper()
	a := k.upload("staff.csv", []byte(body))
	address = a.Header.Get("Location")
	if a.Status != 303 || !strings.HasPrefix(address, "/admin/roster/") {
		k.t.Fatalf("status %d\n%s", a.Status, a.Main())
	}
	id = uuid.MustParse(strings.TrimPrefix(address, "/admin/roster/"))
	if err := k.s.Read(k.ctx, id, func(roster.Import) {}); err != nil {
		k.t.Fatal(err)
	}
	return address, id
}

func (k *desk) apply(id uuid.UUID) {
	k.t.Helper()
	if err := k.s.Apply(k.ctx, id, func(roster.Import) {}); err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) people() (n int) {
	k.t.Helper()
	err := k.d.Read(k.ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT count(*) FROM persons WHERE tenant_id = @tenant")
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return n
}

// says checks a page's words.
func says(t *testing.T, a sitetest.Answer, words ...string) {
	t.Helper()
	text := a.Main()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("the page (%d) lacks %q:\n%s", a.Status, w, text)
		}
	}
}
