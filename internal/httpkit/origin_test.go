package httpkit_test

import (
	"testing"

	"tilgang/internal/httpkit"
	"tilgang/internal/httpkit/sitetest"
)

func TestAChangeComesFromAPageOfTheSameHost(t *testing.T) {
	h := portal(t, httpkit.Post("/change", httpkit.Public(), say("changed")))
	cases := map[string]struct {
		origin, site string
		want         int
	}{
		"the host's own page":                      {sitetest.Origin, "same-origin", 200},
		"the own page in an old browser":           {sitetest.Origin, "", 200},
		"a null origin with the browser's word":    {"null", "same-origin", 200},
		"no origin with the browser's word":        {"", "same-origin", 200},
		"no origin at all":                         {"", "", 403},
		"a null origin alone, as from a sandbox":   {"null", "", 403},
		"a null origin from elsewhere":             {"null", "cross-site", 403},
		"a null origin from a sibling host":        {"null", "same-site", 403},
		"a null origin typed into the address bar": {"null", "none", 403},
		"no origin from elsewhere":                 {"", "cross-site", 403},
		"a stranger":                               {"http://evil.test", "cross-site", 403},
		"a stranger who claims to be the same":     {"http://evil.test", "same-origin", 403},
		"another employer's portal":                {"http://skog.localhost:8080", "same-site", 403},
		"the employer's own alumni portal":         {"http://alumni.havn.localhost:8080", "same-site", 403},
		"the installation's own host":              {"http://localhost:8080", "same-site", 403},
		"the host on another port":                 {"http://havn.localhost:8081", "same-site", 403},
		"the host without its port":                {"http://havn.localhost", "same-site", 403},
		"the host by https":                        {"https://havn.localhost:8080", "cross-site", 403},
		"the host in capitals":                     {"http://HAVN.localhost:8080", "cross-site", 403},
		"the host as a beginning":                  {sitetest.Origin + ".evil.test", "cross-site", 403},
		"the host as a user name":                  {sitetest.Origin + "@evil.test", "cross-site", 403},
		"the host with a path":                     {sitetest.Origin + "/", "cross-site", 403},
		"two origins":                              {sitetest.Origin + " http://evil.test", "cross-site", 403},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			answer := h.Post("/change", form("a", "b"), "Origin", c.origin, "Sec-Fetch-Site", c.site)
			if answer.Status != c.want {
				t.Errorf("%d, want %d", answer.Status, c.want)
			}
		})
	}
}

func TestReadingNeedsNoOrigin(t *testing.T) {
	h := portal(t, httpkit.Get("/read", httpkit.Public(), say("read")))
	if answer := h.Get("/read", "Origin", "http://evil.test", "Sec-Fetch-Site", "cross-site"); answer.Status != 200 {
		t.Errorf("%d", answer.Status)
	}
}

// The origin is looked at before the gate: a stranger's page learns nothing
// from how the gate answers.
func TestTheOriginIsAskedBeforeTheGate(t *testing.T) {
	h := portal(t, httpkit.Post("/own", httpkit.SignedIn(), say("changed")))
	if answer := h.Post("/own", form(), "Origin", "http://evil.test"); answer.Status != 403 {
		t.Errorf("%d", answer.Status)
	}
	if answer := h.Post("/own", form()); answer.Status != 303 {
		t.Errorf("%d", answer.Status)
	}
}
