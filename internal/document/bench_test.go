package document_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/document"
	"tilgang/internal/document/parcel"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// size is how large a benchmark is: small by hand, whole where
// DOCUMENTS says a number.
func size(otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv("DOCUMENTS")); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// endless is a parcel that makes its files when they are asked for.
type endless struct {
	list string
	body []byte
}

func (e *endless) File(name string) (io.ReadCloser, error) {
	if name == parcel.Manifest {
		return io.NopCloser(strings.NewReader(e.list)), nil
	}
	return io.NopCloser(strings.NewReader("%PDF-1.4\n% " + name + string(e.body) + "\n%%EOF\n")), nil
}

func (*endless) Close() error { return nil }

// crowd hires people of havn's, in bulk.
func crowd(b *testing.B, w *world, n int) {
	b.Helper()
	for at := 0; at < n; at += 200 {
		var list []people.Record
		for i := at; i < min(n, at+200); i++ {
			list = append(list, people.Record{
				LegalEmployer: "havn-retail", EmployeeNumber: strconv.Itoa(10_000 + i), GivenName: "P", FamilyName: strconv.Itoa(i), Start: "2015-01-01", Language: "da",
			})
		}
		w.tx(w.ctx, func(ctx context.Context) error { _, err := people.Apply(ctx, list, 2); return err })
	}
}

// BenchmarkDeliver delivers PDFs of 40 KB; with DOCUMENTS=50000 as many as a
// month of a large employer. It tells files a second and the largest heap.
func BenchmarkDeliver(b *testing.B) {
	n := size(2000)
	for b.Loop() {
		w := newWorld(b)
		crowd(b, w, min(n, 5000))
		var list strings.Builder
		list.WriteString(head)
		for i := range n {
			list.WriteString(slip(fmt.Sprintf("%d.pdf", i), strconv.Itoa(10_000+i%min(n, 5000)), fmt.Sprintf("%d-%02d-25", 2015+i/min(n, 5000)/12, i/min(n, 5000)%12+1)))
		}
		src, heap := &endless{list: list.String(), body: make([]byte, 40<<10)}, uint64(0)
		start := time.Now()
		row, err := w.svc.Run(w.ctx, "bench", src, false, func(document.Delivery) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			heap = max(heap, m.HeapInuse)
		})
		if err != nil || row.Fresh != int64(n) {
			b.Fatalf("%+v %v", row, err)
		}
		b.ReportMetric(float64(n)/time.Since(start).Seconds(), "files/s")
		b.ReportMetric(float64(heap>>20), "MB-heap")
	}
}

// fill gives everybody ten years of payslips, without files.
func fill(b *testing.B, w *world) {
	b.Helper()
	var everybody []people.Employment
	w.tx(w.ctx, func(ctx context.Context) error { return db.From(ctx).Find(&everybody).Error })
	for some := range slices.Chunk(everybody, 20) {
		var rows []document.Document
		for _, e := range some {
			rows = append(rows, decade(w, e)...)
		}
		w.tx(w.ctx, func(ctx context.Context) error { return db.InsertAll(ctx, rows, db.Clash{}) })
	}
}

func decade(w *world, e people.Employment) []document.Document {
	rows := make([]document.Document, 140)
	for i := range rows {
		id := uuid.Must(uuid.NewV7())
		rows[i] = document.Document{
			TenantID: tenant.MustFrom(w.ctx).ID, ID: id, PersonID: e.PersonID, LegalEmployerID: e.LegalEmployerID, Kind: document.Payslip,
			Dated: people.Date(fmt.Sprintf("%d-%02d-%02d", 2016+i/14, i%12+1, i%14/12*10+15)), Title: "Lønseddel", Media: "application/pdf", Bytes: 40 << 10,
			ContentKey: id.String(), NaturalKey: id.String(), Place: id.String(), DeliveredAt: w.now.Now(),
		}
	}
	return rows
}
