package security_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/factor"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
	chrome  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
)

// trust makes a browser of an account a trusted one and gives its device cookie.
func (w *world) trust(account uuid.UUID, agent string) (cookie string) {
	w.Helper()
	cookie, _ = secret.Token()
	w.do(w.ctx, func(ctx context.Context) error { return w.deps.Factors.Trust(ctx, account, cookie, agent) })
	return cookie
}

func (w *world) trusted(account uuid.UUID) []factor.TrustedDevice {
	w.Helper()
	list, err := w.deps.Factors.TrustedDevices(w.ctx, account)
	if err != nil {
		w.Fatal(err)
	}
	return list
}

// P28: whoever trusted a browser sees which, since when, until when and when it
// was last used, and takes the trust back.
func TestWhichBrowsersAreTrusted(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	b := w.signIn(a.ID, "pwd")
	b.get("/security/sessions").shows(200).lacks("Devices you trust")
	old := w.trust(a.ID, firefox)
	b.get("/security/sessions").shows(200, "Devices you trust", "Firefox 120 on Linux", "Until", "not used since").lacks("Remove all")
	w.clock.Move(time.Hour / 2)
	w.do(w.ctx, func(ctx context.Context) error { return w.deps.Factors.UsedTrust(ctx, a.ID, old) })
	b.cookies[sessionCookie+"-device"] = w.trust(a.ID, chrome)
	b.get("/security/sessions").shows(200, "Chrome 138 on Windows", "last used", "Remove all")
	if n := strings.Count(b.page.Text(), "This browser"); n != 2 { // among the sessions, and among the devices
		t.Errorf("%d are this browser\n%s", n, b.page.Text())
	}
	t.Run("one is removed, without a password, and its session goes on", func(t *testing.T) {
		at := "/security/devices/" + w.trusted(a.ID)[0].ID.String()
		b.get(at).shows(200, "Chrome 138", "This browser").lacks(`name="current_password"`)
		b.post(at).leads("/security/sessions")
		b.get("/security/sessions").shows(200, "not trusted any more", "Firefox 120").lacks("Chrome 138")
		b.get(at).shows(404)
		b.post(at).shows(404, "not trusted any more")
	})
	t.Run("all are removed", func(t *testing.T) {
		w.trust(a.ID, chrome)
		b.post("/security/devices").leads("/security/sessions")
		b.get("/security/sessions").shows(200, "No device is trusted any more").lacks("Devices you trust")
		if list := w.trusted(a.ID); len(list) > 0 {
			t.Errorf("%+v", list)
		}
		b.post("/security/devices").leads("/security/sessions") // nothing is left
	})
	t.Run("and the activity tells", func(t *testing.T) {
		b.get("/security/activity").shows(200, "A device was trusted", "A device is not trusted any more", "No device is trusted any more")
	})
}

func TestAnothersTrustedBrowserIsNotThere(t *testing.T) {
	w := setUp(t)
	a, c := w.hire("ida@havn.example"), w.hire("bo@havn.example")
	w.trust(c.ID, firefox)
	his := w.trusted(c.ID)[0].ID
	b := w.signIn(a.ID, "pwd")
	for _, id := range []string{his.String(), anyID, "none"} {
		b.get("/security/devices/" + id).shows(404)
		b.post("/security/devices/" + id).shows(404)
	}
	b.post("/security/devices").leads("/security/sessions")
	if len(w.trusted(c.ID)) != 1 {
		t.Error("it is gone")
	}
	if err := w.deps.Factors.DistrustAll(w.other, c.ID); err != nil || len(w.trusted(c.ID)) != 1 {
		t.Errorf("another tenant removed it: %v", err)
	}
}

func TestWhenTheEmployerAllowsLessTheListSaysSo(t *testing.T) {
	w := setUp(t)
	a := w.hire("ida@havn.example")
	w.trust(a.ID, firefox)
	given := w.trusted(a.ID)[0]
	less := *tenant.MustFrom(w.ctx)
	less.Mfa.TrustedDays = 7
	list, err := w.deps.Factors.TrustedDevices(tenant.With(w.ctx, &less), a.ID)
	if err != nil || len(list) != 1 || !list[0].Until.Equal(given.TrustedAt.AddDate(0, 0, 7)) {
		t.Errorf("%+v, %v", list, err)
	}
}
