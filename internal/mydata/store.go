package mydata

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
)

// mostListed bounds a list of requests (ours).
const mostListed = 200

// insertCopy gives false when the person has one already.
func insertCopy(ctx context.Context, row Copy) (bool, error) {
	if err := db.InsertAll(ctx, []Copy{row}, db.Skip()); err != nil {
		return false, err
	}
	held, err := copyOf(ctx, row.PersonID)
	return held.ID == row.ID, err
}

func copyOf(ctx context.Context, person uuid.UUID) (row Copy, err error) {
	err = db.Found(db.From(ctx).Where("person_id = ?", person).Limit(1).Find(&row))
	return row, err
}

func copyByID(ctx context.Context, id uuid.UUID) (row Copy, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&row))
	return row, err
}

// step notes how many files are made; db.ErrNotFound when the copy is gone or
// ready.
func step(ctx context.Context, id uuid.UUID, done int) error {
	return db.One(db.From(ctx).Model(&Copy{}).Where("id = ? AND ready_at IS NULL", id).Updates(map[string]any{"done": done}))
}

func insertFile(ctx context.Context, row file) error {
	return db.InsertAll(ctx, []file{row}, db.Skip())
}

// markReady tells once that a copy is ready; db.ErrNotFound the second time.
func markReady(ctx context.Context, id uuid.UUID, until time.Time) error {
	return db.One(db.From(ctx).Model(&Copy{}).Where("id = ? AND ready_at IS NULL", id).Updates(map[string]any{"ready_at": db.Now(ctx), "expires_at": until}))
}

// markFetched notes a fetch; db.ErrNotFound when the copy is gone, over or not
// ready.
func markFetched(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Model(&Copy{}).Where("id = ? AND ready_at IS NOT NULL AND expires_at > ?", id, db.Now(ctx)).Updates(map[string]any{"fetched_at": db.Now(ctx)}))
}

func fileNames(ctx context.Context, id uuid.UUID) (names []string, err error) {
	err = db.From(ctx).Model(&file{}).Where("copy_id = ?", id).Order("name").Pluck("name", &names).Error
	return names, err
}

func fileOf(ctx context.Context, id uuid.UUID, name string) (row file, err error) {
	err = db.Found(db.From(ctx).Where("copy_id = ? AND name = ?", id, name).Limit(1).Find(&row))
	return row, err
}

// dropCopy deletes a person's copy and, by the database, its files;
// db.ErrNotFound when there is none.
func dropCopy(ctx context.Context, person uuid.UUID) error {
	return db.One(db.From(ctx).Where("person_id = ?", person).Delete(&Copy{}))
}

// overCopies are copies whose time is over.
func overCopies(ctx context.Context, limit int) (rows []Copy, err error) {
	err = db.From(ctx).Where("expires_at <= ?", db.Now(ctx)).Order("expires_at").Limit(limit).Find(&rows).Error
	return rows, err
}

// dropOver deletes a copy if its time is over still.
func dropOver(ctx context.Context, id uuid.UUID) error {
	return db.One(db.From(ctx).Where("id = ? AND expires_at <= ?", id, db.Now(ctx)).Delete(&Copy{}))
}

// insertRequest gives the open request of the same person, kind and field: the
// new one, or the one before it.
func insertRequest(ctx context.Context, row Request) (held Request, err error) {
	if err := db.InsertAll(ctx, []Request{row}, db.Skip()); err != nil {
		return held, err
	}
	err = db.Found(db.From(ctx).Where("person_id = ? AND kind = ? AND field = ? AND state = ?", row.PersonID, row.Kind, row.Field, Open).Limit(1).Find(&held))
	return held, err
}

func requestsOf(ctx context.Context, person uuid.UUID) (rows []Request, err error) {
	err = db.From(ctx).Where("person_id = ?", person).Order("asked_at DESC, id DESC").Limit(mostListed).Find(&rows).Error
	return rows, err
}

// requestsBy gives the requests of a state: open ones the oldest first, others
// the newest.
func requestsBy(ctx context.Context, open bool) (rows []Request, err error) {
	q, order := db.From(ctx).Where("state <> ?", Open), "answered_at DESC, id DESC"
	if open {
		q, order = db.From(ctx).Where("state = ?", Open), "asked_at, id"
	}
	err = q.Order(order).Limit(mostListed).Find(&rows).Error
	return rows, err
}

func requestByID(ctx context.Context, id uuid.UUID) (row Request, err error) {
	err = db.Found(db.From(ctx).Where("id = ?", id).Limit(1).Find(&row))
	return row, err
}

// answerRequest ends an open request; db.ErrNotFound when it is open no more.
func answerRequest(ctx context.Context, id uuid.UUID, to State, answer []byte, by uuid.UUID) error {
	return db.One(db.From(ctx).Model(&Request{}).Where("id = ? AND state = ?", id, Open).
		Updates(map[string]any{"state": to, "answer": answer, "answered_by": by, "answered_at": db.Now(ctx)}))
}
