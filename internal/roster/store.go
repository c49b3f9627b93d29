package roster

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tilgang/internal/db"
	"tilgang/internal/people"
)

func insertImport(ctx context.Context, row *Import) error { return db.Done(db.From(ctx).Create(row)) }

func importByID(ctx context.Context, id uuid.UUID) (row Import, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&row))
	return row, err
}

func newestImports(ctx context.Context, limit int) (rows []Import, err error) {
	err = db.From(ctx).Order("created_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}

// move changes an import that is in one of the given states; db.ErrNotFound
// when it is in none of them any more.
func move(ctx context.Context, id uuid.UUID, from []State, set map[string]any) error {
	set["updated_at"] = db.Now(ctx)
	return db.One(db.From(ctx).Model(&Import{}).Where("id = ? AND state IN ?", id, from).Updates(set))
}

// lease takes an import for a job: from a waiting state, or from a running one
// that nobody has moved along since the given time.
func lease(ctx context.Context, id uuid.UUID, waiting, running State, stale time.Time) error {
	return db.One(db.From(ctx).Model(&Import{}).
		Where("id = ? AND (state = ? OR (state = ? AND updated_at < ?))", id, waiting, running, stale).
		Updates(map[string]any{"state": running, "updated_at": db.Now(ctx)}))
}

// advance adds counts to an import whose counter still stands where the job
// left it; otherwise another job has taken over.
func advance(ctx context.Context, id uuid.UUID, counter string, at int64, add map[string]int64) error {
	set := map[string]any{"updated_at": db.Now(ctx)}
	for column, n := range add {
		set[column] = gorm.Expr(column+" + ?", n)
	}
	return db.One(db.From(ctx).Model(&Import{}).Where("id = ? AND "+counter+" = ?", id, at).Updates(set))
}

func insertPart(ctx context.Context, row partRow) error { return db.Done(db.From(ctx).Create(&row)) }

func part(ctx context.Context, id uuid.UUID, kind string, n int) (row partRow, err error) {
	err = db.Found(db.From(ctx).Where("import_id = ? AND kind = ? AND part = ?", id, kind, n).Limit(1).Find(&row))
	return row, err
}

func dropParts(ctx context.Context, id uuid.UUID, kind string) error {
	return db.From(ctx).Where("import_id = ? AND kind = ?", id, kind).Delete(&partRow{}).Error
}

func insertRows(ctx context.Context, rows []rowRow) error { return db.InsertAll(ctx, rows, db.Skip()) }

// rowsOf pages through staged rows by line.
func rowsOf(ctx context.Context, id uuid.UUID, actions []people.Action, after int64, limit int) (rows []rowRow, err error) {
	err = db.From(ctx).Where("import_id = ? AND action IN ? AND line > ?", id, actions, after).Order("line").Limit(limit).Find(&rows).Error
	return rows, err
}

// waits is the condition that a staged row is still to be applied.
const waits = "import_id = ? AND applied_at IS NULL AND (action IN ? OR (action = ? AND answer <> ''))"

func waiting(id uuid.UUID) []any {
	return []any{id, []people.Action{people.Create, people.Change, people.Rehire}, people.Propose}
}

// waitingRows are the next rows to apply, after a line.
func waitingRows(ctx context.Context, id uuid.UUID, after int64, limit int) (rows []rowRow, err error) {
	err = db.From(ctx).Where(waits, waiting(id)...).Where("line > ?", after).Order("line").Limit(limit).Find(&rows).Error
	return rows, err
}

// markApplied settles the rows that waited, up to a line: those with something
// to tell stay as the report, the others have done their work.
func markApplied(ctx context.Context, id uuid.UUID, upTo int64) error {
	err := db.From(ctx).Where(waits, waiting(id)...).Where("line <= ? AND flawed = ?", upTo, false).Delete(&rowRow{}).Error
	if err != nil {
		return err
	}
	return db.From(ctx).Model(&rowRow{}).Where(waits, waiting(id)...).Where("line <= ?", upTo).Updates(map[string]any{"applied_at": db.Now(ctx)}).Error
}

func rewriteRow(ctx context.Context, row rowRow) error {
	return db.One(db.From(ctx).Model(&rowRow{}).Where("import_id = ? AND line = ?", row.ImportID, row.Line).
		Updates(map[string]any{"action": row.Action, "sealed": row.Sealed, "flawed": row.Flawed}))
}

func answer(ctx context.Context, id uuid.UUID, lines []int64, word string) error {
	for some := range slices.Chunk(lines, 1000) {
		err := db.From(ctx).Model(&rowRow{}).Where("import_id = ? AND action = ? AND line IN ?", id, people.Propose, some).
			Updates(map[string]any{"answer": word}).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// dropRows forgets staged rows but for those with something to tell, which are
// the report.
func dropRows(ctx context.Context, id uuid.UUID, all bool) error {
	q := db.From(ctx).Where("import_id = ?", id)
	if !all {
		q = q.Where("flawed = ?", false)
	}
	return q.Delete(&rowRow{}).Error
}

// dropImport removes an import with its parts and rows.
func dropImport(ctx context.Context, id uuid.UUID) error {
	for _, model := range []any{&partRow{}, &rowRow{}} {
		if err := db.From(ctx).Where("import_id = ?", id).Delete(model).Error; err != nil {
			return err
		}
	}
	return db.From(ctx).Where("id = ?", id).Delete(&Import{}).Error
}

func addCounts(ctx context.Context, id uuid.UUID, add map[string]int64) error {
	set := map[string]any{}
	for column, n := range add {
		set[column] = gorm.Expr(column+" + ?", n)
	}
	return db.One(db.From(ctx).Model(&Import{}).Where("id = ?", id).Updates(set))
}
