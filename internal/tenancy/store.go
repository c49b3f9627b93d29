package tenancy

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tilgang/internal/db"
)

type tenantRow struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	Slug      string
	Name      string
	Status    string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

func (tenantRow) TableName() string    { return "tenants" }
func (tenantRow) SharedAcrossTenants() {}

type hostRow struct {
	Host    string `gorm:"primaryKey"`
	OwnerID uuid.UUID
	Alumni  bool
}

func (hostRow) TableName() string    { return "tenant_hosts" }
func (hostRow) SharedAcrossTenants() {}

type valueRow struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	Section   string    `gorm:"primaryKey"`
	Origin    string    `gorm:"primaryKey"`
	Body      string
	UpdatedAt time.Time
}

func (valueRow) TableName() string { return "tenant_values" }

type employerRow struct {
	TenantID uuid.UUID `gorm:"primaryKey"`
	ID       uuid.UUID `gorm:"primaryKey"`
	Key      string
	Name     string
	Country  string
}

func (employerRow) TableName() string { return "legal_employers" }

func hostOwner(ctx context.Context, host string) (row hostRow, err error) {
	err = db.Found(db.From(ctx).Where("host = ?", host).Limit(1).Find(&row))
	return row, err
}

func byID(ctx context.Context, id uuid.UUID) (row tenantRow, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&row))
	return row, err
}

func bySlug(ctx context.Context, slug string) (row tenantRow, err error) {
	err = db.Found(db.From(ctx).Where("slug = ?", slug).Limit(1).Find(&row))
	return row, err
}

func allTenants(ctx context.Context) (rows []tenantRow, err error) {
	err = db.From(ctx).Order("slug").Find(&rows).Error
	return rows, err
}

func insertTenant(ctx context.Context, row *tenantRow) error {
	return db.Done(db.From(ctx).Create(row))
}

func touchTenant(ctx context.Context, id uuid.UUID, set map[string]any) error {
	set["version"] = gorm.Expr("version + 1")
	set["updated_at"] = db.Now(ctx)
	return db.One(db.From(ctx).Model(&tenantRow{}).Where("id = ?", id).Updates(set))
}

func replaceHosts(ctx context.Context, id uuid.UUID, rows []hostRow) error {
	if err := db.From(ctx).Where("owner_id = ?", id).Delete(&hostRow{}).Error; err != nil {
		return err
	}
	return db.Done(db.From(ctx).Create(&rows))
}

func values(ctx context.Context) (file, admin map[string]json.RawMessage, err error) {
	var rows []valueRow
	if err = db.From(ctx).Find(&rows).Error; err != nil {
		return nil, nil, err
	}
	file, admin = map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for _, row := range rows {
		if row.Origin == "admin" {
			admin[row.Section] = json.RawMessage(row.Body)
			continue
		}
		file[row.Section] = json.RawMessage(row.Body)
	}
	return file, admin, nil
}

func putValue(ctx context.Context, section, origin, body string) error {
	row := valueRow{Section: section, Origin: origin, Body: body, UpdatedAt: db.Now(ctx)}
	return db.From(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "tenant_id"}, {Name: "section"}, {Name: "origin"}},
		DoUpdates: clause.AssignmentColumns([]string{"body", "updated_at"}),
	}).Create(&row).Error
}

func dropValue(ctx context.Context, section, origin string) error {
	return db.From(ctx).Where("section = ? AND origin = ?", section, origin).Delete(&valueRow{}).Error
}

func putEmployer(ctx context.Context, row employerRow) error {
	return db.From(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "tenant_id"}, {Name: "key"}},
		DoUpdates: clause.AssignmentColumns([]string{"name", "country"}),
	}).Create(&row).Error
}
