package app

import (
	"context"
	"net"
	"net/url"
	"time"

	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/obs"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
)

func port(host string) string {
	if _, p, err := net.SplitHostPort(host); err == nil {
		return p
	}
	return "80"
}

func (a *App) scheme() string {
	if u, err := url.Parse(a.Config.BaseURL); err == nil {
		return u.Scheme
	}
	return "http"
}

// Origin is scheme and host as the address bar shows them.
func (a *App) Origin(host string) string { return a.scheme() + "://" + host }

// Portal is the address of a tenant's staff portal.
func (a *App) Portal(t *tenant.Tenant) string { return a.Origin(a.Directory.HostOf(t)) }

// find turns a host name into a site. The name of the request only chooses
// among known hosts; addresses are built from configuration.
func (a *App) find(ctx context.Context, host string) (httpkit.Site, bool, error) {
	site := httpkit.Site{Host: host, Origin: a.Origin(host), Base: a.Config.BaseURL}
	if host == a.Config.HostParent() {
		site.Side = httpkit.BaseSide
		return site, true, nil
	}
	if host == eidHost(a.Config.HostParent()) && a.demonstrates() {
		site.Side = httpkit.EidSide
		return site, true, nil
	}
	h, ok, err := a.Directory.Find(ctx, host)
	if err != nil || !ok {
		return site, false, err
	}
	site.Tenant, site.Side = h.Tenant, httpkit.Staff
	if h.Alumni {
		site.Side = httpkit.Alumni
	}
	return site, true, nil
}

// enter puts tenant and asker into the context.
func (a *App) enter(c *httpkit.Ctx) error {
	ctx := obs.WithRequestID(c.Context(), c.RequestID())
	nobody := authz.Actor{Kind: authz.Nobody, Network: c.Network(), UserAgent: c.UserAgent(), RequestID: c.RequestID()}
	if t := c.Tenant(); t != nil {
		ctx = tenancy.Enter(ctx, t)
	}
	c.SetContext(authz.With(ctx, nobody))
	if c.Tenant() == nil {
		return nil
	}
	return a.recognise(c)
}

func (a *App) seen(route, method string, status int, took time.Duration) {
	a.Metrics.Observe(route, method, status, took)
}

// AlumniPortal is the address of a tenant's portal for former employees.
func (a *App) AlumniPortal(t *tenant.Tenant) string { return a.Origin(a.Directory.AlumniHostOf(t)) }
