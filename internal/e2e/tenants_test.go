package e2e_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// oneOf is an id of a table's rows of a tenant.
func oneOf(t *testing.T, s *e2e.Stage, ctx context.Context, table string) string {
	t.Helper()
	var ids []string
	err := s.DB.Read(ctx, func(ctx context.Context) error {
		return db.Rows(ctx, &ids, "SELECT CAST(id AS text) FROM "+table+" WHERE tenant_id = @tenant ORDER BY id LIMIT 1")
	})
	if err != nil || len(ids) != 1 {
		t.Fatalf("%s: %v %v", table, ids, err)
	}
	return ids[0]
}

// loseFactor lets HR of an employer begin the recovery of a manager.
func loseFactor(t *testing.T, s *e2e.Stage, slug string) {
	t.Helper()
	ctx := s.Operator(slug)
	var hr, lost account.Account
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) {
		if hr, err = account.ByAddress(ctx, s.Who(slug, "hr").Email); err != nil {
			return err
		}
		lost, err = account.ByAddress(ctx, s.Who(slug, "manager").Email)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	actor := authz.Actor{Kind: authz.Person, AccountID: hr.ID, PersonID: hr.PersonID, Roles: []string{authz.RoleHR}, Language: "en"}
	if _, err := s.App.Services.Recovery.Start(authz.With(ctx, actor), lost.PersonID, "The phone fell into the harbour."); err != nil {
		t.Fatal(err)
	}
	s.Work()
}

// trustBrowser makes a browser of somebody's a trusted one.
func trustBrowser(t *testing.T, s *e2e.Stage, slug string) {
	t.Helper()
	ctx := s.Operator(slug)
	lenient := *tenant.MustFrom(ctx)
	lenient.Mfa.TrustedDays = 30
	cookie, _ := secret.Token()
	err := s.DB.Tx(tenant.With(ctx, &lenient), func(ctx context.Context) error {
		who, err := account.ByAddress(ctx, s.Who(slug, "employee").Email)
		if err != nil {
			return err
		}
		return s.App.Services.Factors.Trust(ctx, who.ID, cookie, "Firefox")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ids names, for each route that takes one, whose id it is. A route that is not
// here fails the test below.
func ids(path string) (table, prefix string) {
	switch {
	case strings.HasPrefix(path, "/admin/people/:id"), strings.HasPrefix(path, "/manager/:id"):
		return "persons", "per_"
	case strings.HasPrefix(path, "/admin/document/person/:id"):
		return "persons", ""
	case strings.HasPrefix(path, "/admin/document/open/:id"), path == "/document/:id":
		return "documents", ""
	case strings.HasPrefix(path, "/admin/document/:id"):
		return "document_deliveries", ""
	case strings.HasPrefix(path, "/admin/mydata/:id"):
		return "mydata_requests", ""
	case strings.HasPrefix(path, "/admin/roster/:id"):
		return "imports", ""
	case strings.HasPrefix(path, "/admin/recovery/:id"):
		return "recoveries", ""
	case strings.HasPrefix(path, "/security/factors/:id"):
		return "authenticators", ""
	case strings.HasPrefix(path, "/security/addresses/:id"):
		return "identifiers", ""
	case strings.HasPrefix(path, "/security/identities/moves/:id"):
		return "identity_moves", ""
	case strings.HasPrefix(path, "/security/identities/:id"):
		return "linked_identities", ""
	case strings.HasPrefix(path, "/admin/proofing/:id"):
		return "identity_reviews", ""
	case strings.HasPrefix(path, "/security/sessions/:id"):
		return "sessions", ""
	case strings.HasPrefix(path, "/security/devices/:id"):
		return "trusted_devices", ""
	}
	return "", ""
}

func TestAnothersIdIsAnsweredLikeARandomOne(t *testing.T) {
	s := e2e.New(t)
	other := s.Operator("fjord")
	s.As("fjord", "admin") // has a session
	loseFactor(t, s, "fjord")
	trustBrowser(t, s, "fjord")
	identify(t, s, "fjord")
	s.As("fjord", "employee").Post("/mydata/erasure", url.Values{"words": {"All of it."}})
	b, lead, hr := s.As("havn", "admin"), s.As("havn", "manager"), s.As("havn", "hr")
	before := contents(t, s, other)
	for _, r := range app.AllRoutes() {
		if !strings.Contains(r.Path, ":id") || r.Side == httpkit.BaseSide {
			continue
		}
		table, prefix := ids(r.Path)
		if table == "" {
			t.Errorf("whose id does %s take? Add it to ids", r.Path)
			continue
		}
		theirs, random := oneOf(t, s, other, table), uuid.Must(uuid.NewV7()).String()
		b := b
		switch {
		case strings.HasPrefix(r.Path, "/manager/"):
			b = lead
		case strings.HasPrefix(r.Path, "/admin/document/"):
			b = hr
		}
		var answers []string
		for _, id := range []string{theirs, random} {
			address := strings.Replace(r.Path, ":id", prefix+id, 1)
			b.Get("/help") // takes the notice of a former answer away
			var p *apptest.Page
			if r.Method == http.MethodGet {
				p = ask(b, r.Method, address)
			} else {
				p = raw(b, address, "made", "0", "reason", "The auditor asks.") // what forms carry and ask for
			}
			if p.Status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", r.Method, r.Path, p.Status, p.Text())
			}
			answers = append(answers, strings.ReplaceAll(shape(p, "\x00"), id, "ID"))
		}
		if diff := cmp.Diff(answers[1], answers[0]); diff != "" {
			t.Errorf("%s %s tells another's id from a random one:\n%s", r.Method, r.Path, diff)
		}
	}
	t.Run("in forms too", func(t *testing.T) { foreignForms(t, s, b, other) })
	if diff := cmp.Diff(before, contents(t, s, other)); diff != "" {
		t.Errorf("the other tenant changed:\n%s", diff)
	}
}

func foreignForms(t *testing.T, s *e2e.Stage, b *apptest.Browser, other context.Context) {
	theirs := oneOf(t, s, other, "persons")
	for name, try := range map[string]func(id string) *apptest.Page{
		"a list of ticked rows": func(id string) *apptest.Page { return raw(b, "/admin/people/invite", "id", "per_"+id) },
		"a cursor":              func(id string) *apptest.Page { return b.Get("/admin/people?after=" + url.QueryEscape(id)) },
		"a unit":                func(id string) *apptest.Page { return b.Get("/admin/people?unit=" + oneOf(t, s, other, "org_units")) },
	} {
		random := uuid.Must(uuid.NewV7()).String()
		var answers []string
		for _, id := range []string{theirs, random} {
			b.Get("/help") // takes the notice of the former try away
			answers = append(answers, strings.ReplaceAll(shape(try(id), id), "TYPED", "ID"))
		}
		is, was := answers[0], answers[1]
		if name != "a unit" && is != was {
			t.Errorf("%s tells another's id from a random one", name)
		}
		if strings.Contains(is, "fjord.example") || strings.Contains(is, theirs) {
			t.Errorf("%s shows the other tenant", name)
		}
	}
}

func TestSentAlongFieldsChangeNothing(t *testing.T) {
	s := e2e.New(t)
	ctx := s.Operator("havn")
	b := s.As("havn", "employee")
	raw(b, "/profile", "language", "en")
	before := contents(t, s, ctx)
	p := raw(b, "/profile", "language", "en", "tenant_id", uuid.NewString(), "role", "admin", "roles", "admin", "title", "Butikschef", "job_title", "Direktør",
		"manager_id", uuid.NewString(), "mfa_exempt", "1", "alumni_until", "2099-01-01", "email_verified", "1", "given_name", "Mallory", "work_email", "m@evil.test", "id", uuid.NewString())
	if p.Status != http.StatusSeeOther {
		t.Errorf("%d %s", p.Status, p.Text())
	}
	after := contents(t, s, ctx)
	for _, table := range []string{"persons", "employments", "person_roles", "accounts", "identifiers", "person_tokens"} {
		if before[table] != after[table] {
			t.Errorf("%s changed", table)
		}
	}
	t.Run("and the attempt is written down", func(t *testing.T) {
		var detail []string
		err := s.DB.Read(ctx, func(ctx context.Context) error {
			return db.Rows(ctx, &detail, "SELECT CAST(detail AS text) FROM audit_events WHERE tenant_id = @tenant AND action = 'profile.language_chosen' ORDER BY id DESC LIMIT 1")
		})
		if err != nil || len(detail) != 1 || !bytes.Contains([]byte(detail[0]), []byte("mfa_exempt")) {
			t.Errorf("%v %v", detail, err)
		}
	})
	t.Run("nor does an employee reach what HR does", func(t *testing.T) {
		for _, r := range app.AllRoutes() {
			if r.Gate.Kind != "may" {
				continue
			}
			if p := ask(b, r.Method, filled(r.Path)); p.Status != http.StatusForbidden {
				t.Errorf("%s %s: %d", r.Method, r.Path, p.Status)
			}
		}
	})
}
