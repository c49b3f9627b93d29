package app

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"tilgang/internal/document"
	"tilgang/internal/document/parcel"
	"tilgang/internal/i18n"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// demoPay is a fictional month's pay by country, in whole units.
func demoPay(country string) (currency string, gross int) {
	switch country {
	case "NO":
		return "NOK", 52_400
	case "DK":
		return "DKK", 33_150
	case "SE":
		return "SEK", 38_700
	}
	return "EUR", 3_480
}

// loadDemoDocuments delivers a year of payslips, an annual statement and a
// contract to some people, once, the way payroll does.
func (a *App) loadDemoDocuments(ctx context.Context, t *tenant.Tenant, numbers []string) error {
	before, err := a.Services.Documents.History(ctx, 1)
	if err != nil || len(before) > 0 {
		return err
	}
	d := &demoParcel{words: a.Catalog.Localizer(t.Languages[0], t.Zone, a.DB.Now), t: t, now: a.DB.Now()}
	d.zip = zip.NewWriter(&d.body)
	d.list.WriteString(strings.Join(parcel.Columns(), ";") + "\n")
	for _, number := range numbers {
		var o people.Overview
		err := a.DB.Read(ctx, func(ctx context.Context) error {
			p, err := people.ByNumber(ctx, number)
			if err != nil {
				return err
			}
			o, err = people.View(ctx, p.ID, d.now, t)
			return err
		})
		if err == nil {
			err = d.person(o)
		}
		if err != nil {
			return fmt.Errorf("make documents of %s: %w", number, err)
		}
	}
	return a.deliverDemo(ctx, d)
}

func (a *App) deliverDemo(ctx context.Context, d *demoParcel) error {
	if err := d.put(parcel.Manifest, []byte(d.list.String())); err != nil {
		return err
	}
	if err := d.zip.Close(); err != nil {
		return fmt.Errorf("end the parcel: %w", err)
	}
	r := bytes.NewReader(d.body.Bytes())
	src, err := parcel.OpenArchive(r, r.Size(), io.NopCloser(nil))
	if err != nil {
		return err
	}
	row, err := a.Services.Documents.Run(ctx, "demo.zip", src, false, func(document.Delivery) {})
	if err == nil && row.Problems > 0 {
		err = fmt.Errorf("%d of %d documents have problems", row.Problems, row.RowsRead)
	}
	if err != nil {
		return fmt.Errorf("deliver the demonstration's documents: %w", err)
	}
	return nil
}

// demoParcel is an archive in the making.
type demoParcel struct {
	words *i18n.Localizer
	t     *tenant.Tenant
	now   time.Time
	body  bytes.Buffer
	zip   *zip.Writer
	list  strings.Builder
	n     int
}

func (d *demoParcel) put(name string, body []byte) error {
	w, err := d.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err == nil {
		_, err = w.Write(body)
	}
	if err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return nil
}

// person adds the newest employment's documents, up to its end.
func (d *demoParcel) person(o people.Overview) error {
	if len(o.Jobs) == 0 {
		return nil
	}
	job := o.Jobs[0]
	last := d.now.In(d.t.Zone)
	if end := job.EndDate.Time(d.t.Zone); job.EndDate != "" && end.Before(last) {
		last = end
	}
	for i := 12; i >= 1; i-- {
		paid := time.Date(last.Year(), last.Month(), 25, 0, 0, 0, 0, d.t.Zone).AddDate(0, -i, 0)
		if err := d.payslip(o, job, paid, i); err != nil {
			return err
		}
	}
	year := last.Year() - 1
	if err := d.add(o, job, demoDoc{kind: document.Annual, date: fmt.Sprintf("%d-01-20", year+1), period: fmt.Sprint(year)}); err != nil {
		return err
	}
	return d.add(o, job, demoDoc{kind: document.Contract, date: string(job.StartDate)})
}

type demoDoc struct {
	kind         document.Kind
	date, period string
	pay          string // cells of the list
	lines        []string
}

// payslip is a month's: in June and December there is something on top.
func (d *demoParcel) payslip(o people.Overview, job people.Job, paid time.Time, i int) error {
	currency, gross := demoPay(job.Employer.Country)
	gross += (i%3)*gross/40 + map[bool]int{true: gross / 5}[paid.Month() == time.June || paid.Month() == time.December]
	tax := gross * 31 / 100
	pay := fmt.Sprintf("%s;%d.00;%d.00;%d.00", currency, gross, tax, gross-tax)
	lines := []string{
		fmt.Sprintf("%s: %d %s", d.words.T("document.pay.gross"), gross, currency),
		fmt.Sprintf("%s: %d %s", d.words.T("document.pay.tax"), tax, currency),
		fmt.Sprintf("%s: %d %s", d.words.T("document.pay.net"), gross-tax, currency),
	}
	return d.add(o, job, demoDoc{kind: document.Payslip, date: paid.Format(time.DateOnly), period: paid.Format("2006-01"), pay: pay, lines: lines})
}

func (d *demoParcel) add(o people.Overview, job people.Job, doc demoDoc) error {
	d.n++
	name := fmt.Sprintf("%03d.pdf", d.n)
	title := strings.TrimSpace(d.words.T("document.kind."+string(doc.kind)) + " " + document.PeriodWords(d.words, doc.period))
	if doc.pay == "" {
		doc.pay = ";;;"
	}
	fmt.Fprintln(&d.list, strings.Join([]string{name, job.EmployeeNumber, string(doc.kind), doc.date, title, job.Employer.Key, doc.period, d.t.Languages[0], doc.pay}, ";"))
	text := append([]string{job.Employer.Name, title, o.Person.Name(), doc.date, ""}, doc.lines...)
	return d.put(name, demoPage(text))
}

// demoPage is a page of text as PDF (ISO 32000-1), with the letters of western
// Europe.
func demoPage(lines []string) []byte {
	var text bytes.Buffer
	text.WriteString("BT /F1 12 Tf 72 770 Td 20 TL\n")
	for _, line := range lines {
		text.WriteByte('(')
		for _, r := range line {
			if strings.ContainsRune(`()\`, r) {
				text.WriteByte('\\')
			}
			if r > 0xff {
				r = '?'
			}
			text.WriteByte(byte(r))
		}
		text.WriteString(") Tj T*\n")
	}
	text.WriteString("ET")
	return pdf([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	})
}

// pdf numbers objects and tells where each is.
func pdf(objects []string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, object := range objects {
		at[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}
