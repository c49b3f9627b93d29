package document

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tilgang/internal/document/parcel"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
)

// OnePage is one document: what it is, a payslip's lines, and who else opened
// it.
type OnePage struct {
	httpkit.Base

	Told  *httpkit.Notice
	Lines []httpkit.SummaryRow
	Facts []httpkit.SummaryRow
	Show  httpkit.Link
	Save  httpkit.Link
	Seen  []httpkit.Event
}

// Template implements httpkit.View.
func (*OnePage) Template() string { return "document/one" }

func (p *Pages) showOne(c *httpkit.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	h, seen, err := p.svc.Find(c.Context(), c.Actor(), id, c.Now())
	if err != nil {
		return missing(err)
	}
	v := &OnePage{Base: c.Base()}
	v.Layout, v.Title, v.Eyebrow = httpkit.LayoutPage, h.Title, kindWord(&v.Base, h.Kind)
	v.Back = &httpkit.Link{Label: v.T("document.title"), URL: "/document?year=" + h.Year()}
	if h.Corrects {
		v.Told = &httpkit.Notice{Kind: "info", Title: v.T("document.corrected"), Text: v.T("document.corrected_text", "Date", v.Date(h.DeliveredAt))}
	}
	v.Lines, v.Facts = lineRows(&v.Base, h.Pay), p.facts(c, &v.Base, h)
	v.Show = httpkit.Link{Label: v.T("document.show"), URL: fileAddress(p.svc.Ticket(c.Actor(), c.Tenant(), id, ToShow)), Kind: "primary", Icon: "doc"}
	v.Save = httpkit.Link{Label: v.T("document.save"), URL: fileAddress(p.svc.Ticket(c.Actor(), c.Tenant(), id, ToSave)), Kind: "secondary", Icon: "download"}
	for _, o := range seen {
		e := httpkit.Event{When: v.When(o.OpenedAt), Title: v.T("document.seen"), Text: v.T("document.seen_why", "Reason", o.Reason), Kind: "info"}
		e.When.Text = v.DateTime(o.OpenedAt)
		v.Seen = append(v.Seen, e)
	}
	return c.Render(v)
}

func fileAddress(ticket string) string { return "/document/file/" + ticket }

func lineRows(b *httpkit.Base, pay *parcel.Pay) []httpkit.SummaryRow {
	if pay == nil {
		return nil
	}
	return []httpkit.SummaryRow{
		{Label: b.T("document.pay.gross"), Text: money(b, pay.Gross, pay.Currency)},
		{Label: b.T("document.pay.tax"), Text: money(b, pay.Tax, pay.Currency)},
		{Label: b.T("document.pay.net"), Text: money(b, pay.Net, pay.Currency)},
	}
}

// PeriodWords says a month in words; a year is one already.
func PeriodWords(words *i18n.Localizer, period string) string {
	month, err := time.Parse("2006-01", period)
	if err != nil {
		return period
	}
	return words.Month(month)
}

func (p *Pages) facts(c *httpkit.Ctx, b *httpkit.Base, h Held) (rows []httpkit.SummaryRow) {
	rows = append(rows, httpkit.SummaryRow{Label: b.T("document.column.date"), Text: day(c, h.Document)})
	if h.Period != "" {
		rows = append(rows, httpkit.SummaryRow{Label: b.T("document.period"), Text: PeriodWords(c.Words(), h.Period)})
	}
	rows = append(rows, httpkit.SummaryRow{Label: b.T("document.employer"), Text: h.Employer},
		httpkit.SummaryRow{Label: b.T("document.file"), Text: mediaWord(h.Media) + ", " + size(b, h.Bytes)})
	rule := ruleFor(c, h)
	if until := rule.Until(h.Dated); until != "" {
		kept := httpkit.SummaryRow{Label: b.T("document.kept"), Text: c.Words().Date(until.Time(c.Words().Zone()))}
		if rule.Law != "" {
			kept.Sub = b.T("document.kept_law", "Law", rule.Law)
		}
		return append(rows, kept)
	}
	return append(rows, httpkit.SummaryRow{Label: b.T("document.kept"), Text: b.N("document.kept_after", rule.Years), Sub: rule.Law})
}

// ruleFor is the retention rule of the document's employer.
func ruleFor(c *httpkit.Ctx, h Held) Rule {
	for _, e := range c.Tenant().LegalEmployers {
		if e.Name == h.Employer {
			return RuleOf(h.Kind, e.Country)
		}
	}
	return RuleOf(h.Kind, "")
}

func mediaWord(media string) string {
	_, word, _ := strings.Cut(media, "/")
	return strings.ToUpper(word)
}

// size writes a file's size in whole kilobytes, or megabytes.
func size(b *httpkit.Base, n int64) string {
	if n >= 1<<20 {
		return b.Number(int((n+1<<19)>>20)) + " MB"
	}
	return b.Number(int(max(1, (n+512)>>10))) + " kB"
}

// money writes hundredths of a currency as the reader does.
func money(b *httpkit.Base, hundredths int64, currency string) string {
	sign, point := "", ","
	if b.Lang == "en" {
		point = "."
	}
	if hundredths < 0 {
		sign, hundredths = "−", -hundredths
	}
	return fmt.Sprintf("%s%s%s%02d\u00a0%s", sign, b.Number(int(hundredths/100)), point, hundredths%100, currency)
}

// PayPage is a year's pay: a picture with the same in a table beside it.
type PayPage struct {
	httpkit.Base

	Chart *Chart
	Table httpkit.Table
	None  *httpkit.EmptyState
	Years []httpkit.Tab
}

// Template implements httpkit.View.
func (*PayPage) Template() string { return "document/pay" }

func (p *Pages) showPay(c *httpkit.Ctx) error {
	year, err := yearAt(c.Param("year"))
	if err != nil {
		return err
	}
	own, err := p.svc.List(c.Context(), c.Actor(), c.Now())
	if err != nil {
		return err
	}
	list, err := p.svc.Year(c.Context(), c.Actor(), year, c.Now())
	if err != nil {
		return err
	}
	v := &PayPage{Base: c.Base()}
	v.Layout, v.Title = httpkit.LayoutPage, v.T("document.pay.title", "Year", year)
	v.Back = &httpkit.Link{Label: v.T("document.title"), URL: "/document?year=" + year}
	payslips := slices.DeleteFunc(own.List, func(h Held) bool { return h.Kind != Payslip })
	for _, y := range yearsOf(payslips) {
		v.Years = append(v.Years, httpkit.Tab{Label: y, URL: "/document/pay/" + y, Current: y == year})
	}
	if len(list) == 0 {
		v.None = &httpkit.EmptyState{Icon: "doc", Title: v.T("document.pay.none"), Text: v.T("document.pay.none_text")}
		return c.Render(v)
	}
	v.Chart, v.Table = chart(c, &v.Base, list), payTable(c, &v.Base, list)
	return c.Render(v)
}

// payTable has a line for each payslip and, where all are in one currency, the
// year's sum.
func payTable(c *httpkit.Ctx, b *httpkit.Base, list []Held) httpkit.Table {
	t := httpkit.Table{Caption: b.T("document.pay.caption"), Columns: []httpkit.Column{
		{Label: b.T("document.column.date")},
		{Label: b.T("document.pay.gross"), Number: true},
		{Label: b.T("document.pay.tax"), Number: true},
		{Label: b.T("document.pay.net"), Number: true},
	}}
	sum, one := parcel.Pay{Currency: list[0].Pay.Currency}, true
	for _, h := range list {
		t.Rows = append(t.Rows, payRow(b, httpkit.Cell{Text: day(c, h.Document), Sub: h.Title, URL: "/document/" + h.ID.String()}, *h.Pay))
		sum.Gross, sum.Tax, sum.Net = sum.Gross+h.Pay.Gross, sum.Tax+h.Pay.Tax, sum.Net+h.Pay.Net
		one = one && h.Pay.Currency == sum.Currency
	}
	if one && len(list) > 1 {
		t.Rows = append(t.Rows, payRow(b, httpkit.Cell{Text: b.T("document.pay.sum")}, sum))
	}
	return t
}

func payRow(b *httpkit.Base, head httpkit.Cell, p parcel.Pay) httpkit.Row {
	return httpkit.Row{Cells: []httpkit.Cell{head, {Text: money(b, p.Gross, p.Currency)}, {Text: money(b, p.Tax, p.Currency)}, {Text: money(b, p.Net, p.Currency)}}}
}
