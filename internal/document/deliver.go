package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/audit"
	"tilgang/internal/db"
	"tilgang/internal/document/parcel"
	"tilgang/internal/fault"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

const (
	// chunk is how many rows one transaction takes.
	chunk = 100
	// hands are how many files are read and sealed at once; each is in memory
	// whole, and sealed beside it.
	hands = 4
	// orphaned is after how long a file that was written and never named is
	// deleted: longer than any run takes for a chunk.
	orphaned = 24 * time.Hour
)

// run is one pass over a parcel: judging only, or writing too.
type run struct {
	s     *Service
	t     *tenant.Tenant
	row   Delivery
	src   parcel.Source
	write bool
	told  func(Delivery)
}

// errTaken says that another job goes on with the delivery.
var errTaken = errors.New("document: another run took over")

// options are what a tenant's list may say.
func options(t *tenant.Tenant, today people.Date) parcel.Options {
	o := parcel.Options{Employers: map[string]string{}, Languages: t.Languages, Latest: string(people.DateOf(today.Time(time.UTC).AddDate(0, 0, 92), time.UTC))}
	for _, k := range Kinds() {
		o.Kinds = append(o.Kinds, string(k))
	}
	for _, e := range t.LegalEmployers {
		o.Employers[parcel.Fold(e.Key)], o.Employers[parcel.Fold(e.Name)] = e.Key, e.Key
	}
	if len(t.LegalEmployers) == 1 {
		o.Only = t.LegalEmployers[0].Key
	}
	return o
}

// all goes through the rows from where the delivery stands.
func (r *run) all(ctx context.Context) error {
	list, err := parcel.Read(r.src, options(r.t, people.DateOf(r.s.db.Now(), r.t.Zone)))
	if err != nil {
		return err
	}
	defer func() { _ = list.Close() }()
	for done := int64(0); ; {
		rows, err := take(list)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		if done += int64(len(rows)); done <= r.row.RowsRead {
			continue
		}
		if err := r.chunk(ctx, rows); err != nil {
			return err
		}
		r.told(r.row)
	}
}

func take(list *parcel.Reader) (rows []parcel.Row, err error) {
	for len(rows) < chunk {
		row, err := list.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// item is a row on its way.
type item struct {
	parcel.Row
	doc  Document
	was  *Document // current of the same name
	same bool
	ok   bool
	err  error // of the store or the source: not the row's
}

func (r *run) chunk(ctx context.Context, rows []parcel.Row) error {
	items, err := r.judge(ctx, rows)
	if err != nil {
		return fmt.Errorf("judge rows: %w", err)
	}
	if err := r.announce(ctx, items); err != nil {
		return fmt.Errorf("write files down: %w", err)
	}
	if err := r.handle(ctx, items); err != nil {
		return err
	}
	return r.commit(ctx, items)
}

// judge finds whose each row is, and what is there of the same name.
func (r *run) judge(ctx context.Context, rows []parcel.Row) (items []*item, err error) {
	var numbers, naturals []string
	for _, row := range rows {
		it := &item{Row: row, ok: len(row.Problems) == 0}
		if it.ok {
			numbers = append(numbers, row.Number)
			it.doc.NaturalKey = r.key("document", row.Natural())
			naturals = append(naturals, it.doc.NaturalKey)
		}
		items = append(items, it)
	}
	err = r.s.db.Read(ctx, func(ctx context.Context) error {
		holders, err := people.HoldersOf(ctx, numbers)
		if err != nil {
			return err
		}
		before, err := byNatural(ctx, naturals)
		if err != nil {
			return err
		}
		there := map[string]*Document{}
		for i := range before {
			there[before[i].NaturalKey] = &before[i]
		}
		for _, it := range items {
			r.match(it, holders, there)
		}
		return nil
	})
	return items, err
}

func (r *run) match(it *item, holders map[people.NumberAt]people.Holder, there map[string]*Document) {
	if !it.ok {
		return
	}
	who, known := holders[people.NumberAt{Employer: it.Employer, Number: people.FoldNumber(it.Number)}]
	if !known {
		it.refuse("employee_number", "document.row.nobody", "Number", it.Number)
		return
	}
	it.was = there[it.doc.NaturalKey]
	it.doc = Document{
		ID: uuid.Must(uuid.NewV7()), PersonID: who.PersonID, LegalEmployerID: who.EmployerID, Kind: Kind(it.Kind), Dated: people.Date(it.Date), Period: it.Period,
		Language: it.Language, Title: it.Title, NaturalKey: it.doc.NaturalKey, Place: uuid.NewString(), DeliveryID: &r.row.ID, Corrects: it.was != nil,
	}
}

func (it *item) refuse(column, code string, kv ...any) {
	it.ok = false
	it.Refuse(column, code, kv...)
}

// key is a keyed hash of the tenant's, in hex.
func (r *run) key(purpose, value string) string {
	return hex.EncodeToString(r.s.box.Keyed("document."+purpose, r.t.ID, value))
}

// announce writes down the files that are about to be written away.
func (r *run) announce(ctx context.Context, items []*item) error {
	places := places(items)
	if !r.write || len(places) == 0 {
		return nil
	}
	return r.s.db.Tx(ctx, func(ctx context.Context) error {
		return insertLeftovers(ctx, places, db.Now(ctx).Add(orphaned))
	})
}

func places(items []*item) (list []string) {
	for _, it := range items {
		if it.ok {
			list = append(list, it.doc.Place)
		}
	}
	return list
}

// handle reads, judges and seals the files, a few at a time. A file that is
// wrong is its row's matter; a store that does not answer is everybody's.
func (r *run) handle(ctx context.Context, items []*item) error {
	work := make(chan *item)
	var wait sync.WaitGroup
	for range hands {
		wait.Go(func() {
			for it := range work {
				it.err = r.file(ctx, it)
			}
		})
	}
	for _, it := range items {
		if it.ok {
			work <- it
		}
	}
	close(work)
	wait.Wait()
	var errs []error
	for _, it := range items {
		errs = append(errs, it.err)
	}
	return errors.Join(errs...)
}

func (r *run) file(ctx context.Context, it *item) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	body, media, err := parcel.Content(r.src, it.File)
	var bad *parcel.Flaw
	if errors.As(err, &bad) {
		it.refuse("file", bad.Code, "Name", it.File, "Max", int64(parcel.MaxFile>>20))
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %q: %w", it.File, err)
	}
	sum := sha256.Sum256(body)
	d := &it.doc
	d.Media, d.Bytes, d.ContentKey = media, int64(len(body)), r.key("content", hex.EncodeToString(sum[:]))
	if it.was != nil && it.was.ContentKey == d.ContentKey && it.was.PersonID == d.PersonID {
		it.same = true
		return nil
	}
	if !r.write {
		return nil
	}
	if err := r.seal(it); err != nil {
		return err
	}
	if err := r.s.vault.Keep(ctx, r.t.ID, d.Place, body); err != nil {
		return r.s.blame(ctx, err)
	}
	return nil
}

func (r *run) seal(it *item) error {
	if it.Pay == nil {
		return nil
	}
	plain, err := json.Marshal(it.Pay)
	if err != nil {
		return fmt.Errorf("write lines: %w", err)
	}
	it.doc.Lines, err = r.s.box.Seal(plain, linesPlace(r.t.ID, it.doc.ID)...)
	return err
}

// commit names the written files, in one transaction with the counts, what is
// wrong and the audit.
func (r *run) commit(ctx context.Context, items []*item) error {
	add := map[string]int64{"rows_read": int64(len(items)), "fresh": 0, "replaced": 0, "same": 0, "problems": 0}
	troubles, err := r.troubles(items)
	if err != nil {
		return err
	}
	err = r.s.db.Tx(ctx, func(ctx context.Context) error {
		landed, err := r.land(ctx, items)
		if err != nil {
			return err
		}
		for _, it := range items {
			add[it.outcome(r.write, landed)]++
		}
		if err := insertProblems(ctx, troubles); err != nil {
			return err
		}
		state := map[bool]State{true: Applying, false: Reading}[r.write]
		if err := advance(ctx, r.row.ID, state, r.row.RowsRead, add); err != nil {
			return errors.Join(errTaken, err)
		}
		if !r.write || len(landed) == 0 {
			return nil
		}
		return audit.Record(ctx, audit.Event{
			Action: "document.delivered", Subject: audit.Subject{Kind: "delivery", ID: r.row.ID}, Detail: map[string]any{"documents": len(landed), "replaced": add["replaced"]},
		})
	})
	if err != nil {
		return err
	}
	r.row.RowsRead, r.row.Fresh, r.row.Replaced = r.row.RowsRead+add["rows_read"], r.row.Fresh+add["fresh"], r.row.Replaced+add["replaced"]
	r.row.Same, r.row.Problems = r.row.Same+add["same"], r.row.Problems+add["problems"]
	return nil
}

// land inserts what was written. What another run delivered meanwhile stays,
// and our copy of it is a leftover.
func (r *run) land(ctx context.Context, items []*item) (landed map[uuid.UUID]bool, err error) {
	if !r.write {
		return nil, nil
	}
	var fresh []Document
	var old []uuid.UUID
	for _, it := range items {
		if !it.ok || it.same {
			continue
		}
		it.doc.DeliveredAt = db.Now(ctx)
		fresh = append(fresh, it.doc)
		if it.was != nil {
			old = append(old, it.was.ID)
		}
	}
	if err := supersede(ctx, old); err != nil {
		return nil, err
	}
	if landed, err = insertDocuments(ctx, fresh); err != nil {
		return nil, err
	}
	var named []string
	for _, it := range items {
		if it.ok && (it.same || landed[it.doc.ID]) {
			named = append(named, it.doc.Place)
		}
	}
	return landed, dropLeftovers(ctx, named)
}

// outcome is the counter that an item adds to.
func (it *item) outcome(write bool, landed map[uuid.UUID]bool) string {
	switch {
	case !it.ok:
		return "problems"
	case it.same, write && !landed[it.doc.ID]:
		return "same"
	case it.was != nil:
		return "replaced"
	}
	return "fresh"
}

// whole tells whether an error is about the whole parcel, and so ends it.
func whole(err error) (*fault.Fault, bool) {
	f, known := fault.As(err)
	return f, known && f.Kind == fault.Invalid
}
