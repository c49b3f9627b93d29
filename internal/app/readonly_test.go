package app_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/tenant"
)

// Who has left reads what the employer keeps open, and changes none of it,
// whichever package's form is sent.
func TestWhoHasLeftSendsNoFormOfTheirData(t *testing.T) {
	w := apptest.New(t)
	there := func(c *httpkit.Ctx) error { return c.Bytes("text/plain", []byte("done")) }
	h := sitetest.New(t, tenant.MustFrom(w.Tenant("nordlys")),
		httpkit.Get("/there", httpkit.SignedIn(), there).ShowsData(tenant.ClassProfile),
		httpkit.Post("/data", httpkit.SignedIn(), there).ShowsData(tenant.ClassProfile),
		httpkit.Post("/both", httpkit.SignedIn(), there).ShowsData(httpkit.ClassAccount, tenant.ClassEmployment),
		httpkit.Post("/own", httpkit.SignedIn(), there).ShowsData(httpkit.ClassAccount),
		httpkit.Post("/other", httpkit.SignedIn(), there),
	)
	h.Kit.Gate = w.App.Kit.Gate
	ask := func(standing string, only bool) (refused []string) {
		h.Tenant.Alumni.ReadOnly = only
		h.Actor = authz.Actor{Kind: authz.Person, AccountID: uuid.New(), PersonID: uuid.New(), SessionID: uuid.New(), Standing: standing}
		if a := h.Get("/there"); a.Status != http.StatusOK {
			refused = append(refused, "/there")
		}
		for _, path := range []string{"/data", "/both", "/own", "/other"} {
			if a := h.Post(path, url.Values{}); a.Status != http.StatusOK {
				refused = append(refused, path)
			}
		}
		return refused
	}
	if got := ask("alumnus", true); len(got) != 2 || got[0] != "/data" || got[1] != "/both" {
		t.Errorf("refused are %v", got)
	}
	if got := ask("alumnus", false); got != nil {
		t.Errorf("where the employer lets them: %v", got)
	}
	if got := ask("staff", true); got != nil {
		t.Errorf("of the staff: %v", got)
	}
}
