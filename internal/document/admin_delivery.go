package document

import (
	"context"
	"math"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/httpkit"
)

// refresh is after how many seconds a page of running work loads itself again
// in a browser without scripts.
const refresh = 2

// mostTroubles is how many rows with problems the page lists.
const mostTroubles = 500

// DeliveryPage is one delivery: its progress, its preview or its report.
type DeliveryPage struct {
	httpkit.Base

	Address  string
	Progress *httpkit.Progress
	Told     *httpkit.Notice
	Facts    []httpkit.SummaryRow
	Preview  *httpkit.Preview
	Confirm  httpkit.Button
	Drop     httpkit.Button
	Problems *httpkit.Table
	More     string
}

// Template implements httpkit.View.
func (*DeliveryPage) Template() string { return "document/delivery" }

func (p *Pages) showDelivery(c *httpkit.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	row, err := p.svc.Delivery(c.Context(), id)
	if err != nil {
		return missing(err)
	}
	v := &DeliveryPage{Base: c.Base(), Address: startAddress + "/" + id.String()}
	state := row.State
	if state == Received {
		state = Reading
	}
	v.Layout, v.Title, v.Eyebrow = httpkit.LayoutConsole, v.T("document.delivery."+string(state)), row.Name
	v.Back = &httpkit.Link{Label: v.T("document.start.title"), URL: startAddress}
	switch row.State {
	case Received, Reading, Applying:
		v.wait(row)
		return c.Render(v)
	case Failed:
		code, args := row.Why()
		v.Told = &httpkit.Notice{Kind: "bad", Title: v.T("document.delivery.why"), Text: c.Words().TMap(code, spoken(args))}
	case Preview:
		v.offer(row)
	case Done:
		if row.Fresh+row.Replaced == 0 {
			v.Told = &httpkit.Notice{Kind: "info", Title: v.T("document.delivery.nothing"), Text: v.T("document.delivery.nothing_text")}
		}
	case Dropped:
	}
	v.Facts = counts(&v.Base, row)
	if err := p.troubles(c, v, row); err != nil {
		return err
	}
	return c.Render(v)
}

func (p *DeliveryPage) wait(row Delivery) {
	p.RefreshAfter = refresh
	done, total := row.Progress()
	label := "document.progress.reading"
	if row.State == Applying {
		label = "document.progress.applying"
	}
	p.Progress = &httpkit.Progress{Done: int(done), Total: int(total), Label: p.T(label), Detail: p.T("document.progress.leave")}
}

func (p *DeliveryPage) offer(row Delivery) {
	p.Lead = p.T("document.preview.lead")
	p.Preview = &httpkit.Preview{Kind: "info", Title: p.N("document.preview.adds", int(row.Fresh))}
	if row.Replaced > 0 {
		p.Preview.Items = append(p.Preview.Items, p.N("document.preview.replaces", int(row.Replaced)))
	}
	if row.Problems > 0 {
		p.Preview.Kind = "warn"
		p.Preview.Items = append(p.Preview.Items, p.N("document.preview.flawed", int(row.Problems)))
	}
	p.Confirm = httpkit.Button{Label: p.T("document.preview.confirm"), Name: "confirm", Value: "1"}
	p.Drop = httpkit.Button{Label: p.T("document.preview.drop"), Kind: "danger", FormAction: p.Address + "/drop"}
}

func counts(b *httpkit.Base, row Delivery) []httpkit.SummaryRow {
	return []httpkit.SummaryRow{
		{Label: b.T("document.count.fresh"), Text: b.Number(int(row.Fresh))},
		{Label: b.T("document.count.replaced"), Text: b.Number(int(row.Replaced))},
		{Label: b.T("document.count.same"), Text: b.Number(int(row.Same))},
		{Label: b.T("document.count.problems"), Text: b.Number(int(row.Problems))},
	}
}

func (p *Pages) troubles(c *httpkit.Ctx, v *DeliveryPage, row Delivery) error {
	if row.Problems == 0 {
		return nil
	}
	list, err := p.svc.Troubles(c.Context(), row.ID, 0, mostTroubles)
	if err != nil || len(list) == 0 {
		return err
	}
	v.Problems = &httpkit.Table{Caption: v.T("document.count.problems"), Columns: []httpkit.Column{{Label: v.T("document.row.line")}, {Label: v.T("document.row.file")}, {Label: v.T("document.row.what")}}}
	for _, t := range list {
		v.Problems.Rows = append(v.Problems.Rows, httpkit.Row{Cells: []httpkit.Cell{{Text: v.Number(int(t.Line))}, {Text: t.File, Sub: t.Number}, {Text: Say(c.Words().TMap, t)}}})
	}
	if row.Problems > int64(len(list)) {
		v.More = v.T("document.row.more", "Count", len(list))
	}
	return nil
}

// Say writes what is wrong with a row in words.
func Say(words func(key string, args map[string]any) string, t Trouble) string {
	said := make([]string, len(t.Problems))
	for i, p := range t.Problems {
		said[i] = words(p.Code, spoken(p.Args))
		if p.Column != "" {
			said[i] = p.Column + ": " + said[i]
		}
	}
	return strings.Join(said, " ")
}

// spoken makes numbers that JSON gave back whole again.
func spoken(args map[string]any) map[string]any {
	said := make(map[string]any, len(args))
	for name, value := range args {
		said[name] = value
		if n, ok := value.(float64); ok && n == math.Trunc(n) {
			said[name] = int(n)
		}
	}
	return said
}

func (p *Pages) submitConfirm(c *httpkit.Ctx) error {
	return p.decide(c, p.svc.Confirm, func(Delivery) (string, string) { return "", "" })
}

func (p *Pages) submitDrop(c *httpkit.Ctx) error {
	return p.decide(c, p.svc.Drop, func(row Delivery) (string, string) {
		if row.State == Preview || row.State == Dropped {
			return "document.dropped", startAddress
		}
		return "document.drop_late", ""
	})
}

func (p *Pages) decide(c *httpkit.Ctx, act func(context.Context, uuid.UUID) error, next func(Delivery) (flash, to string)) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	row, err := p.svc.Delivery(c.Context(), id)
	if err != nil {
		return missing(err)
	}
	if err := act(c.Context(), id); err != nil {
		return missing(err)
	}
	flash, to := next(row)
	if flash != "" {
		c.Flash("info", flash)
	}
	if to == "" {
		to = startAddress + "/" + id.String()
	}
	return c.Redirect(to)
}
