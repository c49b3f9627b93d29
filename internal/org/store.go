package org

import (
	"context"

	"tilgang/internal/db"
)

func employers(ctx context.Context) (rows []LegalEmployer, err error) {
	err = db.From(ctx).Order("key").Find(&rows).Error
	return rows, err
}

func units(ctx context.Context) (rows []Unit, err error) {
	err = db.From(ctx).Order("path_key").Find(&rows).Error
	return rows, err
}

func unitsByKey(ctx context.Context) (map[string]Unit, error) {
	rows, err := units(ctx)
	if err != nil {
		return nil, err
	}
	byKey := make(map[string]Unit, len(rows))
	for _, row := range rows {
		byKey[row.PathKey] = row
	}
	return byKey, nil
}

// insertUnits inserts parents before children, as grow gives them.
func insertUnits(ctx context.Context, rows []Unit) error {
	return db.InsertAll(ctx, rows, db.Clash{})
}
