package mydata

import (
	"context"
	"io"
	"time"

	"tilgang/internal/httpkit"
)

// refresh is how often the page of a copy in the making looks again, in seconds.
const refresh = 3

// OwnPage is /mydata: the copy, and what was asked of HR.
type OwnPage struct {
	httpkit.Base

	Inside   []string // what a copy holds
	Progress *httpkit.Progress
	Facts    []httpkit.SummaryRow
	Prove    *httpkit.Link // first: who is there
	Make     *httpkit.Button
	Fetch    *httpkit.Button
	Drop     httpkit.Button
	Correct  httpkit.Link
	Erase    httpkit.Link
	Requests []Asked
}

// Asked is a request as its person or HR sees it.
type Asked struct {
	Title string
	Tag   httpkit.Tag
	Rows  []httpkit.SummaryRow
}

// Template implements httpkit.View.
func (*OwnPage) Template() string { return "mydata/own" }

func (p *Pages) showOwn(c *httpkit.Ctx) error {
	o, err := p.svc.Look(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	v := &OwnPage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("mydata.title"), v.T("mydata.lead", "Name", c.Tenant().Name)
	v.Back = &httpkit.Link{Label: v.T("profile.title"), URL: "/profile"}
	v.Correct = httpkit.Link{Label: v.T("mydata.correction.link"), URL: "/mydata/correction", Kind: "secondary"}
	v.Erase = httpkit.Link{Label: v.T("mydata.erasure.link"), URL: "/mydata/erasure", Kind: "secondary"}
	for _, r := range o.Requests {
		v.Requests = append(v.Requests, asked(&v.Base, r))
	}
	return p.render(c, v, o.Copy)
}

// render adds the copy, and what can be done about it.
func (p *Pages) render(c *httpkit.Ctx, v *OwnPage, row *Copy) error {
	if row != nil && row.ReadyAt == nil {
		v.RefreshAfter = refresh
		v.Progress = &httpkit.Progress{Done: int(row.Done), Total: int(row.Total), Label: v.T("mydata.copy.making"), Detail: v.T("mydata.copy.leave")}
		return c.Render(v)
	}
	proven, err := p.proven(c)
	if err != nil {
		return err
	}
	v.Inside = []string{v.T("mydata.copy.inside"), v.T("mydata.copy.files"), v.T("mydata.copy.secrets"), v.T("mydata.copy.keep")}
	if !proven {
		v.Prove = &httpkit.Link{Label: v.T("document.take.prove"), URL: httpkit.ProveAt(ownAddress), Kind: "primary"}
	}
	switch {
	case row == nil && proven:
		v.Make = &httpkit.Button{Label: v.T("mydata.copy.make")}
	case row != nil:
		v.Facts = []httpkit.SummaryRow{{Label: v.T("mydata.copy.of"), Text: v.DateTime(*row.ReadyAt)}, {Label: v.T("mydata.copy.until"), Text: v.DateTime(row.ExpiresAt)}}
		v.Drop = httpkit.Button{Label: v.T("mydata.copy.drop"), Kind: "quiet"}
		if proven {
			v.Fetch = &httpkit.Button{Label: v.T("mydata.copy.fetch"), Icon: "download"}
		}
	}
	return c.Render(v)
}

// asked shows a request with its words.
func asked(b *httpkit.Base, r Said) Asked {
	a := Asked{Title: titleOf(b, r.Request), Tag: tagOf(b, r.State), Rows: []httpkit.SummaryRow{{Label: b.T("mydata.request.asked"), Text: b.DateTime(r.AskedAt)}}}
	add := func(label, text, sub string) {
		if text != "" {
			a.Rows = append(a.Rows, httpkit.SummaryRow{Label: label, Text: text, Sub: sub})
		}
	}
	add(b.T("mydata.request.words"), r.Text, "")
	if r.AnsweredAt != nil && r.Kind == Erasure && r.State == Done {
		add(b.T("mydata.request.answer"), b.T("mydata.erase.carried_out"), b.DateTime(*r.AnsweredAt))
	} else if r.AnsweredAt != nil {
		add(b.T("mydata.request.answer"), r.Reply, b.DateTime(*r.AnsweredAt))
	}
	return a
}

func titleOf(b *httpkit.Base, r Request) string {
	if r.Kind == Erasure {
		return b.T("mydata.erasure.of")
	}
	return b.T("mydata.correction.of", "Field", b.T(label(r.Field)))
}

func tagOf(b *httpkit.Base, s State) httpkit.Tag {
	switch s {
	case Done:
		return httpkit.Tag{Kind: "ok", Text: b.T("mydata.state.done")}
	case Declined:
		return httpkit.Tag{Kind: "plain", Text: b.T("mydata.state.declined")}
	case Open:
	}
	return httpkit.Tag{Kind: "info", Text: b.T("mydata.state.open")}
}

// submitCopy orders a copy; the second of two clicks lands at the same one.
func (p *Pages) submitCopy(c *httpkit.Ctx) error {
	if err := p.svc.Ask(c.Context(), c.Actor()); err != nil {
		return err
	}
	return c.Redirect(ownAddress)
}

// fetchCopy sends the copy with the documents that are open today. The first
// document is opened before anything is sent, so that a store that does not
// answer says so.
func (p *Pages) fetchCopy(c *httpkit.Ctx) error {
	papers, err := p.papers(c.Context(), c)
	if err != nil {
		return err
	}
	row, err := p.svc.Fetched(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	readme := c.T("mydata.copy.readme", "Name", c.Tenant().Name) + "\n"
	s := httpkit.Stream{Name: c.T("mydata.copy.name") + " " + row.AskedAt.In(c.Words().Zone()).Format(time.DateOnly) + ".zip", Type: "application/zip", Bytes: -1}
	return c.Stream(s, nil, func(ctx context.Context, w io.Writer) error { return p.svc.Archive(ctx, w, row, papers, readme) })
}

func (p *Pages) papers(ctx context.Context, c *httpkit.Ctx) ([]Paper, error) {
	papers, err := p.svc.Papers(ctx, c.Actor(), c.Now())
	if err != nil || len(papers) == 0 {
		return nil, err
	}
	first, err := papers[0].Open(ctx)
	if err != nil {
		return nil, err
	}
	_ = first.Close()
	return papers, nil
}

func (p *Pages) dropCopy(c *httpkit.Ctx) error {
	if err := p.svc.Drop(c.Context(), c.Actor()); err != nil {
		return err
	}
	c.Flash("ok", "mydata.copy.dropped")
	return c.Redirect(ownAddress)
}
