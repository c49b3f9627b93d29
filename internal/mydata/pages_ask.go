package mydata

import (
	"tilgang/internal/httpkit"
)

// CorrectionPage asks what is wrong.
type CorrectionPage struct {
	httpkit.Base

	Field httpkit.Field
	Text  httpkit.Field
	Go    httpkit.Button
}

// Template implements httpkit.View.
func (*CorrectionPage) Template() string { return "mydata/correction" }

func correctionPage(c *httpkit.Ctx, f correctionForm) *CorrectionPage {
	v := &CorrectionPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("mydata.correction.title"), v.T("mydata.correction.lead", "Name", c.Tenant().Name)
	v.Back = &httpkit.Link{Label: v.T("mydata.title"), URL: ownAddress}
	v.Field = httpkit.Field{Name: "field", Type: "select", Label: v.T("mydata.correction.field")}
	for _, t := range topics() {
		v.Field.Options = append(v.Field.Options, httpkit.Option{Value: t.name, Label: v.T(t.label), Selected: t.name == f.field})
	}
	v.Text = httpkit.Field{
		Name: "words", Type: "textarea", Label: v.T("mydata.correction.words"), Hint: v.T("mydata.correction.hint"), Value: f.words, Required: true, Max: maxWords, Autocomplete: "off",
	}
	v.Go = httpkit.Button{Label: v.T("mydata.correction.go")}
	return v
}

func (p *Pages) showCorrection(c *httpkit.Ctx) error {
	return c.Render(correctionPage(c, correctionForm{}))
}

func (p *Pages) submitCorrection(c *httpkit.Ctx) error {
	sent, err := c.Form()
	if err != nil {
		return err
	}
	form := parseCorrection(sent)
	err = form.check()
	if err == nil {
		err = p.svc.Correct(c.Context(), c.Actor(), form.field, form.words)
	}
	if err != nil {
		return c.Invalid(correctionPage(c, form), err)
	}
	c.Flash("ok", "mydata.correction.sent")
	return c.Redirect(ownAddress)
}

// ErasurePage says what is deleted when, and by which law what is kept.
type ErasurePage struct {
	httpkit.Base

	Kept  httpkit.Table
	Also  []httpkit.SummaryRow
	Truth httpkit.Notice // what a request does, and what not
	Text  httpkit.Field
	Go    httpkit.Button
}

// Template implements httpkit.View.
func (*ErasurePage) Template() string { return "mydata/erasure" }

func (p *Pages) erasurePage(c *httpkit.Ctx, words string) (*ErasurePage, error) {
	rest, err := p.svc.Kept(c.Context(), c.Actor(), c.Now())
	if err != nil {
		return nil, err
	}
	v := &ErasurePage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("mydata.erasure.title"), v.T("mydata.erasure.lead", "Name", c.Tenant().Name)
	v.Back = &httpkit.Link{Label: v.T("mydata.title"), URL: ownAddress}
	v.Kept = keptTable(c, &v.Base, rest.List)
	v.Also = []httpkit.SummaryRow{
		{Label: v.T("mydata.kept.record"), Text: v.T("mydata.kept.record_text")},
		{Label: v.T("mydata.kept.signin"), Text: v.T("mydata.kept.signin_text")},
		{Label: v.T("mydata.kept.audit"), Text: v.T("mydata.kept.audit_text")},
	}
	if rest.Held {
		v.Also = append(v.Also, httpkit.SummaryRow{Label: v.T("document.hold.title"), Text: v.T("mydata.erase.held")})
	}
	v.Truth = httpkit.Notice{Kind: "info", Title: v.T("mydata.erasure.truth"), Text: v.T("mydata.erasure.truth_staff")}
	if rest.Left {
		v.Truth = httpkit.Notice{Kind: "warn", Title: v.T("mydata.erasure.truth"), Text: v.T("mydata.erasure.truth_left")}
	}
	v.Text = httpkit.Field{Name: "words", Type: "textarea", Label: v.T("mydata.erasure.words"), Hint: v.T("mydata.erasure.hint"), Value: words, Optional: true, Max: maxWords, Autocomplete: "off"}
	v.Go = httpkit.Button{Label: v.T("mydata.erasure.go")}
	return v, nil
}

func keptTable(c *httpkit.Ctx, b *httpkit.Base, list []Held) httpkit.Table {
	t := httpkit.Table{Caption: b.T("mydata.erasure.kept"), Columns: []httpkit.Column{{Label: b.T("mydata.kept.what")}, {Label: b.T("mydata.kept.how")}, {Label: b.T("mydata.kept.law")}}}
	for _, h := range list {
		law, of := h.Rule.Law, h.Employer
		if law == "" {
			law = b.T("mydata.kept.no_law")
		}
		if h.Documents > 0 {
			of += " · " + b.N("mydata.kept.documents", h.Documents)
		}
		t.Rows = append(t.Rows, httpkit.Row{Cells: []httpkit.Cell{{Text: b.T(h.what()), Sub: of}, {Text: span(b, h.Rule), Sub: h.lastDay(c.Words())}, {Text: law}}})
	}
	return t
}

// span says how long a class is kept.
func span(b *httpkit.Base, r Rule) string {
	if r.AfterEnd {
		return b.N("mydata.kept.after_end", r.Years)
	}
	return b.N("mydata.kept.after_year", r.Years)
}

func (p *Pages) showErasure(c *httpkit.Ctx) error {
	v, err := p.erasurePage(c, "")
	if err != nil {
		return err
	}
	return c.Render(v)
}

func (p *Pages) submitErasure(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	words := clean(form.Get("words"))
	err = fits(words)
	if err == nil {
		err = p.svc.Erase(c.Context(), c.Actor(), words)
	}
	if err != nil {
		v, broken := p.erasurePage(c, words)
		if broken != nil {
			return broken
		}
		return c.Invalid(v, err)
	}
	c.Flash("ok", "mydata.erasure.sent")
	return c.Redirect(ownAddress)
}
