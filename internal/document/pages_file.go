package document

import (
	"context"
	"io"

	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// file gives a document's file by its short address. Who may is asked again:
// the address only carries which document and for whom.
func (p *Pages) file(c *httpkit.Ctx) error {
	h, way, err := p.ticketed(c)
	if err != nil {
		return missing(err)
	}
	in, err := p.svc.Content(c.Context(), h.Document)
	if err != nil {
		return err
	}
	s := httpkit.Stream{Name: FileName(h), Type: h.Media, Inline: way != ToSave, Bytes: h.Bytes}
	return c.Stream(s, in, func(_ context.Context, w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

func (p *Pages) ticketed(c *httpkit.Ctx) (h Held, way Way, err error) {
	id, way, err := p.svc.Redeem(c.Actor(), c.Tenant(), c.Param("ticket"))
	if err != nil {
		return h, way, err
	}
	if way != Opened {
		h, _, err = p.svc.Find(c.Context(), c.Actor(), id, c.Now())
		return h, way, err
	}
	if p.svc.policy.Require(c.Actor(), "document", "read", authz.Any) != nil {
		return h, way, fault.New(fault.NotFound, "http.not_found")
	}
	h, _, err = p.svc.One(c.Context(), id)
	return h, way, err
}

// signingKey publishes the key by which an archive of everything is checked.
func (p *Pages) signingKey(c *httpkit.Ctx) error {
	body, err := p.svc.SigningKey(c.Tenant())
	if err != nil {
		return err
	}
	return c.Attachment("signing-key.pem", "application/x-pem-file", body)
}

// TakePage offers all documents as one archive.
type TakePage struct {
	httpkit.Base

	Facts []httpkit.SummaryRow
	Steps []string
	Prove *httpkit.Link   // first: who is there
	Go    *httpkit.Button // then: the archive
	None  *httpkit.EmptyState
}

// Template implements httpkit.View.
func (*TakePage) Template() string { return "document/take" }

func (p *Pages) showTake(c *httpkit.Ctx) error {
	own, err := p.svc.List(c.Context(), c.Actor(), c.Now())
	if err != nil {
		return err
	}
	v := &TakePage{Base: c.Base()}
	v.Layout, v.Title, v.Lead = httpkit.LayoutPage, v.T("document.take.title"), v.T("document.take.lead")
	v.Back = &httpkit.Link{Label: v.T("document.title"), URL: "/document"}
	if len(own.List) == 0 {
		v.None = nothing(c, own.Standing)
		return c.Render(v)
	}
	var bytes int64
	for _, h := range own.List {
		bytes += h.Bytes
	}
	v.Facts = []httpkit.SummaryRow{
		{Label: v.T("document.title"), Text: v.Number(len(own.List))},
		{Label: v.T("document.take.size"), Text: size(&v.Base, bytes)},
	}
	v.Steps = []string{v.T("document.take.zip"), v.T("document.take.sealed"), v.T("document.take.yours")}
	proven, err := p.proven(c)
	if err != nil {
		return err
	}
	if !proven {
		v.Prove = &httpkit.Link{Label: v.T("document.take.prove"), URL: httpkit.ProveAt("/document/take"), Kind: "primary"}
		return c.Render(v)
	}
	v.Go = &httpkit.Button{Label: v.T("document.take.go"), Icon: "download"}
	return c.Render(v)
}

// submitTake sends everything that is open today. The first file is opened
// before anything is sent, so that a store that does not answer says so.
func (p *Pages) submitTake(c *httpkit.Ctx) error {
	own, err := p.svc.List(c.Context(), c.Actor(), c.Now())
	if err != nil {
		return err
	}
	if len(own.List) == 0 {
		return c.Redirect("/document")
	}
	first, err := p.svc.Content(c.Context(), own.List[0].Document)
	if err != nil {
		return err
	}
	_ = first.Close()
	if err := p.svc.Taken(c.Context(), c.Actor(), len(own.List)); err != nil {
		return err
	}
	readme := c.T("document.take.readme", "Name", c.Tenant().Name, "Key", c.Site.Origin+"/.well-known/document-key.pem") + "\n\n" + checks
	s := httpkit.Stream{Name: c.T("document.take.name") + ".zip", Type: "application/zip", Bytes: -1}
	return c.Stream(s, nil, func(ctx context.Context, w io.Writer) error {
		return p.svc.Archive(ctx, w, own.List, readme)
	})
}

// checks are the commands that check an archive; they are the same everywhere.
const checks = `openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
sha256sum -c SHA256SUMS
`
