package document

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/people"
)

// most bounds one person's list (ours): 50 years of 14 payslips, and as much
// again.
const most = 1500

// light are the columns of a list: without the sealed lines.
const light = "tenant_id, id, person_id, legal_employer_id, kind, dated, period, language, title, media, bytes, place, corrects, delivered_at"

func currentOf(ctx context.Context, person uuid.UUID) (rows []Document, err error) {
	err = db.From(ctx).Select(light).Where("person_id = ? AND superseded_at IS NULL", person).Order("dated DESC, id DESC").Limit(most).Find(&rows).Error
	return rows, err
}

// newestPayslips are the newest of a person's, of several employers.
func newestPayslips(ctx context.Context, person uuid.UUID) (rows []Document, err error) {
	err = db.From(ctx).Select(light).Where("person_id = ? AND kind = ? AND superseded_at IS NULL", person, Payslip).Order("dated DESC, id DESC").Limit(50).Find(&rows).Error
	return rows, err
}

func ofPerson(ctx context.Context, person, id uuid.UUID) (row Document, err error) {
	err = db.Found(db.From(ctx).Where("id = ? AND person_id = ? AND superseded_at IS NULL", id, person).Limit(1).Find(&row))
	return row, err
}

func byID(ctx context.Context, id uuid.UUID) (row Document, err error) {
	err = db.Found(db.From(ctx).Where("id = ? AND superseded_at IS NULL", id).Limit(1).Find(&row))
	return row, err
}

// paidIn gives the payslips dated in a year or just beside it, whose period may
// be the year's.
func paidIn(ctx context.Context, person uuid.UUID, year string) (rows []Document, err error) {
	err = db.From(ctx).Where("person_id = ? AND kind = ? AND superseded_at IS NULL AND lines IS NOT NULL AND dated >= ? AND dated <= ?", person, Payslip, dayBefore(year), year+"-12-31~").
		Order("dated, id").Limit(100).Find(&rows).Error
	return rows, err
}

// dayBefore is the first day of the year before: a December paid in January has
// its date in the next year.
func dayBefore(year string) string {
	t, err := time.Parse("2006", year)
	if err != nil {
		return year
	}
	return t.AddDate(0, -1, 0).Format(time.DateOnly)
}

func byNatural(ctx context.Context, keys []string) (rows []Document, err error) {
	return db.ByKeys[Document](ctx, db.Keys[string]{Column: "natural_key", Of: keys, And: "AND x.superseded_at IS NULL"})
}

// supersede takes documents out of their place for corrected ones.
func supersede(ctx context.Context, ids []uuid.UUID) error {
	for some := range slices.Chunk(ids, 1000) {
		err := db.From(ctx).Model(&Document{}).Where("id IN ? AND superseded_at IS NULL", some).Updates(map[string]any{"superseded_at": db.Now(ctx)}).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// insertDocuments stores documents but for those whose place another delivery
// took meanwhile, and tells which are there.
func insertDocuments(ctx context.Context, rows []Document) (landed map[uuid.UUID]bool, err error) {
	if err := db.InsertAll(ctx, rows, db.Skip()); err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	found, err := db.ByKeys[Document](ctx, db.Keys[uuid.UUID]{Column: "id", Of: ids})
	landed = map[uuid.UUID]bool{}
	for _, row := range found {
		landed[row.ID] = true
	}
	return landed, err
}

func insertLeftovers(ctx context.Context, places []string, due time.Time) error {
	rows := make([]leftover, len(places))
	for i, place := range places {
		rows[i] = leftover{Place: place, DueAt: due}
	}
	return db.InsertAll(ctx, rows, db.Skip())
}

func dropLeftovers(ctx context.Context, places []string) error {
	for some := range slices.Chunk(places, 1000) {
		if err := db.From(ctx).Where("place IN ?", some).Delete(&leftover{}).Error; err != nil {
			return err
		}
	}
	return nil
}

// dueLeftovers are files to delete now.
func dueLeftovers(ctx context.Context, limit int) (places []string, err error) {
	err = db.From(ctx).Model(&leftover{}).Where("due_at <= ?", db.Now(ctx)).Order("due_at").Limit(limit).Pluck("place", &places).Error
	return places, err
}

func insertOpening(ctx context.Context, row Opening) error { return db.Done(db.From(ctx).Create(&row)) }

func openingsOf(ctx context.Context, document uuid.UUID) (rows []Opening, err error) {
	err = db.From(ctx).Where("document_id = ?", document).Order("opened_at DESC, id DESC").Limit(50).Find(&rows).Error
	return rows, err
}

func insertHold(ctx context.Context, row Hold) error { return db.Done(db.From(ctx).Create(&row)) }

func openHold(ctx context.Context, person uuid.UUID) (row Hold, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ? AND lifted_at IS NULL", person).Limit(1).Find(&row))
	return row, err
}

func liftHold(ctx context.Context, person, by uuid.UUID) error {
	return db.One(db.From(ctx).Model(&Hold{}).Where("person_id = ? AND lifted_at IS NULL", person).Updates(map[string]any{"lifted_at": db.Now(ctx), "lifted_by": by}))
}

// agedRow names a document whose time is over.
type agedRow struct {
	ID       uuid.UUID
	PersonID uuid.UUID
	Kind     Kind
	Place    string
}

const notHeld = ` AND NOT EXISTS (SELECT 1 FROM document_holds h WHERE h.tenant_id = @tenant AND h.person_id = d.person_id AND h.lifted_at IS NULL)`

// agedBy gives documents of an employer's that are dated up to a day.
func agedBy(ctx context.Context, employer uuid.UUID, kinds []Kind, upTo people.Date, limit int) (rows []agedRow, err error) {
	err = db.Rows(ctx, &rows, `SELECT d.id, d.person_id, d.kind, d.place FROM documents d
		WHERE d.tenant_id = @tenant AND d.legal_employer_id = @employer AND d.kind IN @kinds AND d.dated <= @day`+notHeld+` ORDER BY d.dated LIMIT @limit`,
		sql.Named("employer", employer), sql.Named("kinds", kinds), sql.Named("day", upTo), sql.Named("limit", limit))
	return rows, err
}

// agedAfter gives documents of those whose last employment at the employer ended
// up to a day.
func agedAfter(ctx context.Context, employer uuid.UUID, kinds []Kind, upTo people.Date, limit int) (rows []agedRow, err error) {
	err = db.Rows(ctx, &rows, `SELECT d.id, d.person_id, d.kind, d.place FROM documents d
		WHERE d.tenant_id = @tenant AND d.legal_employer_id = @employer AND d.kind IN @kinds AND d.dated <= @day
		AND NOT EXISTS (SELECT 1 FROM employments e WHERE e.tenant_id = @tenant AND e.person_id = d.person_id AND e.legal_employer_id = @employer AND (e.end_date = '' OR e.end_date > @day))`+
		notHeld+` ORDER BY d.dated LIMIT @limit`,
		sql.Named("employer", employer), sql.Named("kinds", kinds), sql.Named("day", upTo), sql.Named("limit", limit))
	return rows, err
}

// dropDocuments deletes documents that nobody holds.
func dropDocuments(ctx context.Context, ids []uuid.UUID) (int64, error) {
	return db.Exec(ctx, `DELETE FROM documents AS d WHERE d.tenant_id = @tenant AND d.id IN @ids`+notHeld, sql.Named("ids", ids))
}

func documentsLeft(ctx context.Context, ids []uuid.UUID) (left []uuid.UUID, err error) {
	err = db.From(ctx).Model(&Document{}).Where("id IN ?", ids).Pluck("id", &left).Error
	return left, err
}
