// Package org keeps how an employer is built: legal employers, which come with
// the tenant's settings, and a tree of units, which grows with the staff file.
package org

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/tenant"
)

// LegalEmployer is a legal entity that employs.
type LegalEmployer struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	ID       uuid.UUID `gorm:"primaryKey"`
	Key      string
	Name     string
	Country  string
}

// TableName implements gorm's Tabler.
func (LegalEmployer) TableName() string { return "legal_employers" }

// Unit is one unit of the tree.
type Unit struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	ID       uuid.UUID `gorm:"primaryKey"`
	ParentID *uuid.UUID
	Name     string
	Path     string // names from the root, joined by " > "
	PathKey  string // Path, folded; what a staff file is compared by
}

// TableName implements gorm's Tabler.
func (Unit) TableName() string { return "org_units" }

// separator stands between a unit and the one below it.
const separator = " > "

// Names are a path's names from the root; "Region Nord > Butik Aarhus" has two.
func Names(path string) (names []string) {
	for _, name := range strings.Split(path, ">") {
		if name = strings.Join(strings.Fields(name), " "); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Clean is a path in its one spelling.
func Clean(path string) string { return strings.Join(Names(path), separator) }

// Key is a path as it is compared.
func Key(path string) string { return tenant.FoldTitle(Clean(path)) }

// Employers gives the tenant's legal employers by key.
func Employers(ctx context.Context) (map[string]LegalEmployer, error) {
	rows, err := employers(ctx)
	if err != nil {
		return nil, fmt.Errorf("load legal employers: %w", err)
	}
	byKey := make(map[string]LegalEmployer, len(rows))
	for _, row := range rows {
		byKey[row.Key] = row
	}
	return byKey, nil
}

// Units gives all units, by path.
func Units(ctx context.Context) ([]Unit, error) {
	rows, err := units(ctx)
	if err != nil {
		return nil, fmt.Errorf("load units: %w", err)
	}
	return rows, nil
}

// Ensure finds the units of paths, and makes those that are missing with all
// the units above them. It gives the unit of each path by Key.
func Ensure(ctx context.Context, paths []string) (map[string]Unit, error) {
	have, err := unitsByKey(ctx)
	if err != nil {
		return nil, fmt.Errorf("load units: %w", err)
	}
	var fresh []Unit
	for _, path := range paths {
		fresh = append(fresh, grow(have, Names(path))...)
	}
	if err := insertUnits(ctx, fresh); err != nil {
		return nil, fmt.Errorf("make units: %w", err)
	}
	return have, nil
}

// grow adds the units of one path that are missing, from the root down.
func grow(have map[string]Unit, names []string) (fresh []Unit) {
	var parent *uuid.UUID
	for i := range names {
		path := strings.Join(names[:i+1], separator)
		u, there := have[Key(path)]
		if !there {
			u = Unit{ID: uuid.Must(uuid.NewV7()), ParentID: parent, Name: names[i], Path: path, PathKey: Key(path)}
			have[u.PathKey] = u
			fresh = append(fresh, u)
		}
		parent = &u.ID
	}
	return fresh
}
