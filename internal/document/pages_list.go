package document

import (
	"net/url"
	"slices"
	"strings"

	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// ListPage are all of a person's documents that are open today.
type ListPage struct {
	httpkit.Base

	Filter httpkit.Toolbar
	Years  []YearView
	None   *httpkit.EmptyState
}

// YearView are one year's documents.
type YearView struct {
	Year  string
	Links []httpkit.Link
	Table httpkit.Table
}

// Template implements httpkit.View.
func (*ListPage) Template() string { return "document/list" }

// wish is what the address asks for.
type wish struct {
	year, kind, words string
}

func (p *Pages) list(c *httpkit.Ctx) error {
	own, err := p.svc.List(c.Context(), c.Actor(), c.Now())
	if err != nil {
		return err
	}
	v := &ListPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("document.title"), v.T("document.lead")
	if len(own.List) == 0 {
		v.None = nothing(c, own.Standing)
		return c.Render(v)
	}
	v.Action = &httpkit.Link{Label: v.T("document.take.link"), URL: "/document/take", Icon: "download", Kind: "secondary"}
	w := wish{year: c.Query("year"), kind: c.Query("kind"), words: strings.TrimSpace(c.Query("q"))}
	years := yearsOf(own.List)
	if w.year == "" && w.words == "" && w.kind == "" {
		w.year = years[0]
	}
	v.Filter = toolbar(&v.Base, w, years, own.List)
	several := len(employersOf(own.List)) > 1
	for _, year := range years {
		some := w.pick(own.List, year)
		if len(some) > 0 {
			v.Years = append(v.Years, yearView(c, year, some, several))
		}
	}
	if len(v.Years) == 0 {
		v.None = &httpkit.EmptyState{Icon: "search", Title: v.T("document.none_found"), Text: v.T("document.none_found_text")}
	}
	return c.Render(v)
}

// nothing says why there is nothing, and when there will be.
func nothing(c *httpkit.Ctx, s people.Standing) *httpkit.EmptyState {
	text := c.T("document.none_text", "Name", c.Tenant().Name)
	if s == people.Joiner {
		text = c.T("document.none_joiner", "Name", c.Tenant().Name)
	}
	return &httpkit.EmptyState{Icon: "doc", Title: c.T("document.none"), Text: text}
}

func yearsOf(list []Held) (years []string) {
	for _, h := range list {
		if !slices.Contains(years, h.Year()) {
			years = append(years, h.Year())
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	return years
}

func employersOf(list []Held) (names []string) {
	for _, h := range list {
		if !slices.Contains(names, h.Employer) {
			names = append(names, h.Employer)
		}
	}
	return names
}

// pick are a year's documents that the address asks for.
func (w wish) pick(list []Held, year string) (some []Held) {
	for _, h := range list {
		if h.Year() != year || (w.year != "" && w.year != "all" && w.year != year) || (w.kind != "" && w.kind != string(h.Kind)) || !w.names(h) {
			continue
		}
		some = append(some, h)
	}
	return some
}

// names tells whether all the words are in a document's title, period or
// employer.
func (w wish) names(h Held) bool {
	text := strings.ToLower(h.Title + " " + h.Period + " " + string(h.Dated) + " " + h.Employer)
	for _, word := range strings.Fields(strings.ToLower(w.words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func toolbar(b *httpkit.Base, w wish, years []string, list []Held) httpkit.Toolbar {
	bar := httpkit.Toolbar{Action: "/document", Search: &httpkit.Field{Name: "q", Label: b.T("document.search"), Placeholder: b.T("document.search"), Value: w.words}}
	byYear := httpkit.Field{Name: "year", Label: b.T("document.year"), Options: []httpkit.Option{{Value: "all", Label: b.T("document.all_years"), Selected: w.year == "" || w.year == "all"}}}
	for _, y := range years {
		byYear.Options = append(byYear.Options, httpkit.Option{Value: y, Label: y, Selected: w.year == y})
	}
	byKind := httpkit.Field{Name: "kind", Label: b.T("document.kind"), Options: []httpkit.Option{{Label: b.T("document.all_kinds"), Selected: w.kind == ""}}}
	for _, k := range Kinds() {
		if slices.ContainsFunc(list, func(h Held) bool { return h.Kind == k }) {
			byKind.Options = append(byKind.Options, httpkit.Option{Value: string(k), Label: kindWord(b, k), Selected: w.kind == string(k)})
		}
	}
	bar.Filters = []httpkit.Field{byYear, byKind}
	if w.kind != "" || w.words != "" {
		bar.ClearURL = "/document"
	}
	return bar
}

func yearView(c *httpkit.Ctx, year string, list []Held, several bool) YearView {
	b := c.Base()
	v := YearView{Year: year, Table: httpkit.Table{Caption: year, Columns: []httpkit.Column{{Label: b.T("document.column.title")}, {Label: b.T("document.kind")}, {Label: b.T("document.column.date")}}}}
	for _, h := range list {
		head := httpkit.Cell{Text: h.Title, URL: "/document/" + h.ID.String()}
		if several {
			head.Sub = h.Employer
		}
		v.Table.Rows = append(v.Table.Rows, httpkit.Row{ID: h.ID.String(), Cells: []httpkit.Cell{head, {Text: kindWord(&b, h.Kind)}, {Text: day(c, h.Document)}}})
	}
	if slices.ContainsFunc(list, func(h Held) bool { return h.Kind == Payslip }) {
		v.Links = []httpkit.Link{{Label: b.T("document.pay.link", "Year", year), URL: "/document/pay/" + url.PathEscape(year)}}
	}
	return v
}
