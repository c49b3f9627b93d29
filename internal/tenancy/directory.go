package tenancy

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/tenant"
)

// fresh is how long what is known of a tenant is not asked for again.
const fresh = 3 * time.Second

// Host is whose a host name is.
type Host struct {
	Tenant *tenant.Tenant
	Alumni bool
}

// Directory finds tenants by host, slug or id. It is safe for many goroutines.
type Directory struct {
	db   *db.DB
	base string // host[:port] of the installation, parent of the tenants' hosts

	mu    sync.Mutex
	hosts map[string]hostEntry
	byID  map[uuid.UUID]entry
}

type hostEntry struct {
	row   hostRow
	known bool
	at    time.Time
}

type entry struct {
	t  *tenant.Tenant
	at time.Time
}

// New makes a directory; base is the host, with port, below which tenants live.
func New(d *db.DB, base string) *Directory {
	return &Directory{db: d, base: base, hosts: map[string]hostEntry{}, byID: map[uuid.UUID]entry{}}
}

// mostHosts bounds the memory that made-up host names can take.
const mostHosts = 20000

// Find gives whose host it is; ok is false for a host of nobody. A suspended
// tenant's host is nobody's.
func (d *Directory) Find(ctx context.Context, host string) (h Host, ok bool, err error) {
	e, err := d.host(ctx, host)
	if err != nil || !e.known {
		return Host{}, false, err
	}
	t, err := d.Tenant(ctx, e.row.OwnerID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && t.Status != "active") {
		return Host{}, false, nil
	}
	return Host{Tenant: t, Alumni: e.row.Alumni}, err == nil, err
}

func (d *Directory) host(ctx context.Context, host string) (hostEntry, error) {
	now := d.db.Now()
	d.mu.Lock()
	e, seen := d.hosts[host]
	d.mu.Unlock()
	if seen && now.Sub(e.at) < fresh {
		return e, nil
	}
	e = hostEntry{at: now}
	err := d.db.Shared(ctx, func(ctx context.Context) (err error) { e.row, err = hostOwner(ctx, host); return })
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return e, fmt.Errorf("find host: %w", err)
	}
	e.known = err == nil
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.hosts) > mostHosts {
		clear(d.hosts)
	}
	d.hosts[host] = e
	return e, nil
}

// Tenant gives a tenant by id, at most three seconds old; db.ErrNotFound when
// there is none.
func (d *Directory) Tenant(ctx context.Context, id uuid.UUID) (*tenant.Tenant, error) {
	now := d.db.Now()
	d.mu.Lock()
	e, seen := d.byID[id]
	d.mu.Unlock()
	if seen && now.Sub(e.at) < fresh {
		return e.t, nil
	}
	var row tenantRow
	err := d.db.Shared(ctx, func(ctx context.Context) (err error) { row, err = byID(ctx, id); return })
	if err != nil {
		return nil, fmt.Errorf("find tenant: %w", err)
	}
	if !seen || e.t.Version != row.Version || e.t.Status != row.Status {
		if e.t, err = d.load(ctx, row); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	d.byID[id] = entry{t: e.t, at: now}
	d.mu.Unlock()
	return e.t, nil
}

func (d *Directory) load(ctx context.Context, row tenantRow) (t *tenant.Tenant, err error) {
	err = d.db.Read(db.WithTenant(ctx, row.ID), func(ctx context.Context) error {
		file, admin, err := values(ctx)
		if err != nil {
			return err
		}
		t, err = tenant.Build(row.ID, row.Slug, row.Name, row.Status, row.Version, file, admin)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load tenant %s: %w", row.Slug, err)
	}
	t.Changed = row.UpdatedAt
	return t, nil
}

// BySlug gives a tenant by slug; db.ErrNotFound when there is none.
func (d *Directory) BySlug(ctx context.Context, slug string) (*tenant.Tenant, error) {
	var row tenantRow
	err := d.db.Shared(ctx, func(ctx context.Context) (err error) { row, err = bySlug(ctx, slug); return })
	if err != nil {
		return nil, fmt.Errorf("find tenant %s: %w", slug, err)
	}
	return d.Tenant(ctx, row.ID)
}

// All gives every tenant, by slug.
func (d *Directory) All(ctx context.Context) (list []*tenant.Tenant, err error) {
	var rows []tenantRow
	err = d.db.Shared(ctx, func(ctx context.Context) (err error) { rows, err = allTenants(ctx); return })
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	for _, row := range rows {
		t, err := d.Tenant(ctx, row.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// Enter puts a tenant into the context, for the database and for the rules.
func Enter(ctx context.Context, t *tenant.Tenant) context.Context {
	return tenant.With(db.WithTenant(ctx, t.ID), t)
}

// EnterID is Enter for work that only knows the id.
func (d *Directory) EnterID(ctx context.Context, id uuid.UUID) (context.Context, error) {
	t, err := d.Tenant(context.WithoutCancel(ctx), id)
	if err != nil {
		return ctx, err
	}
	return Enter(ctx, t), nil
}

// HostOf is a tenant's own host for staff: the employer's own domain when it
// has one, else slug.base.
func (d *Directory) HostOf(t *tenant.Tenant) string {
	if len(t.Hosts) > 0 {
		return t.Hosts[0]
	}
	return tenant.HostOf(t.Slug, d.base)
}

// AlumniHostOf is the tenant's host for former employees.
func (d *Directory) AlumniHostOf(t *tenant.Tenant) string {
	if len(t.Hosts) > 0 {
		return "alumni." + t.Hosts[0]
	}
	return tenant.AlumniHostOf(t.Slug, d.base)
}
