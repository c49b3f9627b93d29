package tenancy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/tenant"
)

// Change is one thing that Apply did or would do.
type Change struct {
	Section string // a section of tenant.yaml; "tenant" for the tenant itself
	What    string // create, set, change, remove
	Before  string // JSON, empty when there was none
	After   string
}

// Plan tells what Apply would do, in order, and changes nothing.
func (d *Directory) Plan(ctx context.Context, spec *tenant.Spec) ([]Change, error) {
	return d.apply(ctx, spec, false)
}

// Apply writes a tenant's file into the database. The same file twice changes
// nothing the second time.
func (d *Directory) Apply(ctx context.Context, spec *tenant.Spec) ([]Change, error) {
	return d.apply(ctx, spec, true)
}

func (d *Directory) apply(ctx context.Context, spec *tenant.Spec, write bool) ([]Change, error) {
	if err := d.apart(ctx, spec); err != nil {
		return nil, err
	}
	row, created, err := d.ensure(ctx, spec, write)
	if err != nil {
		return nil, err
	}
	changes := itself(row, spec, created)
	if row.ID == uuid.Nil { // a plan for a tenant that is not there yet
		return append(changes, diff(nil, spec.Values())...), nil
	}
	ctx = db.WithTenant(ctx, row.ID)
	err = d.db.Tx(ctx, func(ctx context.Context) error {
		file, _, err := values(ctx)
		if err != nil {
			return err
		}
		found := diff(file, spec.Values())
		changes = append(changes, found...)
		if !write || len(changes) == 0 {
			return nil
		}
		if err := writeValues(ctx, spec, found); err != nil {
			return err
		}
		return d.settle(ctx, row.ID, spec)
	})
	if err != nil {
		return nil, fmt.Errorf("apply %s: %w", spec.Slug, err)
	}
	d.forget(row.ID)
	return changes, nil
}

// apart refuses an inbox that lies in another employer's, or about it: what
// payroll puts there would go to both.
func (d *Directory) apart(ctx context.Context, spec *tenant.Spec) error {
	own := spec.Tenant.Documents.Inbox
	if own.IsZero() {
		return nil
	}
	all, err := d.All(ctx)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Slug != spec.Slug && own.Meets(other.Documents.Inbox) {
			return fmt.Errorf("%s/tenant.yaml: documents.inbox: %s and the inbox of %s, %s, lie in each other: give each a place of its own", spec.Slug, own, other.Slug, other.Documents.Inbox)
		}
	}
	return nil
}

// itself is what changes of the tenant's own row.
func itself(row tenantRow, spec *tenant.Spec, created bool) []Change {
	switch {
	case created:
		return []Change{{Section: "tenant", What: "create", After: strconv.Quote(spec.Slug)}}
	case row.Name != spec.Name:
		return []Change{{"tenant", "change", strconv.Quote(row.Name), strconv.Quote(spec.Name)}}
	}
	return nil
}

func (d *Directory) ensure(ctx context.Context, spec *tenant.Spec, write bool) (row tenantRow, created bool, err error) {
	err = d.db.Shared(ctx, func(ctx context.Context) error {
		row, err = bySlug(ctx, spec.Slug)
		if !errors.Is(err, db.ErrNotFound) {
			return err
		}
		created = true
		if !write {
			return nil
		}
		row = tenantRow{
			ID: uuid.Must(uuid.NewV7()), Slug: spec.Slug, Name: spec.Name, Status: "active", Version: 1,
			CreatedAt: db.Now(ctx), UpdatedAt: db.Now(ctx),
		}
		return insertTenant(ctx, &row)
	})
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return row, created, fmt.Errorf("make tenant %s: %w", spec.Slug, err)
	}
	return row, created, nil
}

func diff(have, want map[string]json.RawMessage) (list []Change) {
	for _, section := range slices.Sorted(maps.Keys(want)) {
		before, there := have[section]
		switch {
		case !there:
			list = append(list, Change{section, "set", "", string(want[section])})
		case !bytes.Equal(before, want[section]):
			list = append(list, Change{section, "change", string(before), string(want[section])})
		}
	}
	for _, section := range slices.Sorted(maps.Keys(have)) {
		if _, still := want[section]; !still {
			list = append(list, Change{section, "remove", string(have[section]), ""})
		}
	}
	return list
}

func writeValues(ctx context.Context, spec *tenant.Spec, changes []Change) error {
	for _, c := range changes {
		var err error
		if c.What == "remove" {
			err = dropValue(ctx, c.Section, "file")
		} else {
			err = putValue(ctx, c.Section, "file", c.After)
		}
		if err != nil {
			return err
		}
	}
	for _, e := range spec.Tenant.LegalEmployers {
		row := employerRow{ID: uuid.Must(uuid.NewV7()), Key: e.Key, Name: e.Name, Country: e.Country}
		if err := putEmployer(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// settle writes name and hosts and raises the version, in the transaction of
// the values: a file that claims another tenant's host changes nothing at all,
// or links would lead there.
func (d *Directory) settle(ctx context.Context, id uuid.UUID, spec *tenant.Spec) error {
	hosts := []hostRow{
		{Host: tenant.HostOf(spec.Slug, d.base), OwnerID: id},
		{Host: tenant.AlumniHostOf(spec.Slug, d.base), OwnerID: id, Alumni: true},
	}
	for _, h := range spec.Tenant.Hosts {
		hosts = append(hosts, hostRow{Host: h, OwnerID: id}, hostRow{Host: "alumni." + h, OwnerID: id, Alumni: true})
	}
	err := replaceHosts(ctx, id, hosts)
	if errors.Is(err, db.ErrDuplicate) {
		return fmt.Errorf("a host of %s belongs to another tenant: %w", spec.Slug, err)
	}
	if err != nil {
		return err
	}
	return touchTenant(ctx, id, map[string]any{"name": spec.Name})
}

// forget makes this process look the tenant and all hosts up anew.
func (d *Directory) forget(id uuid.UUID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.hosts)
	delete(d.byID, id)
}

// SetStatus suspends a tenant or lets it go on.
func (d *Directory) SetStatus(ctx context.Context, slug, status string) error {
	err := d.db.Shared(ctx, func(ctx context.Context) error {
		row, err := bySlug(ctx, slug)
		if err != nil {
			return err
		}
		return touchTenant(ctx, row.ID, map[string]any{"status": status})
	})
	if err != nil {
		return fmt.Errorf("set status of %s: %w", slug, err)
	}
	return nil
}
