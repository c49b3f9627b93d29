package practice

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	mailbox "tilgang/internal/message/practice"
	"tilgang/internal/message/render"
)

// shown is how many of the newest messages the page lists.
const shown = 50

// sealedMail lets a mail look as it does in a mail program and do nothing: no
// script, no form, no access to the host; its links may be followed.
const sealedMail = "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; " +
	"img-src data: http: https:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (p *Pages) showMailbox(c *httpkit.Ctx) error {
	tenants, err := p.Tenants(c.Context())
	if err != nil {
		return fmt.Errorf("list employers: %w", err)
	}
	names := map[string]string{}
	slugs := []httpkit.Option{{Value: "", Label: c.T("practice.mailbox.all")}}
	chosen := filter(c)
	for _, t := range tenants {
		names[t.Slug] = t.Name
		slugs = append(slugs, httpkit.Option{Value: t.Slug, Label: t.Name, Selected: t.Slug == chosen.Tenant})
	}
	page := &MailboxPage{Base: c.Base(), Tabs: p.tabs(c)}
	page.Layout, page.Title, page.Lead = httpkit.LayoutPage, c.T("practice.mailbox.title"), c.T("practice.mailbox.lead")
	page.Filter = httpkit.Toolbar{
		Action:  "/practice/mailbox",
		Search:  &httpkit.Field{Name: "to", Label: c.T("practice.mailbox.to_search"), Value: chosen.To, Placeholder: c.T("practice.mailbox.to_search")},
		Filters: []httpkit.Field{{Name: "tenant", Type: "select", Label: c.T("practice.mailbox.employer"), Options: slugs}},
	}
	if chosen.Tenant != "" || chosen.To != "" {
		page.Filter.ClearURL = "/practice/mailbox"
	}
	found := p.search(chosen)
	if len(found) > shown {
		page.More = c.T("practice.mailbox.more", "Shown", shown, "All", len(found))
		found = found[:shown]
	}
	page.Mails = table(c, found, names)
	return c.Render(page)
}

// search takes a part of the recipient's address for the whole.
func (p *Pages) search(chosen mailbox.Filter) []mailbox.Entry {
	part := strings.ToLower(chosen.To)
	chosen.To = ""
	return slices.DeleteFunc(p.Mailbox.List(chosen), func(e mailbox.Entry) bool { return !strings.Contains(strings.ToLower(e.To), part) })
}

// filter reads what the address asks for; the feed takes the same, but there a
// recipient is the whole address.
func filter(c *httpkit.Ctx) mailbox.Filter {
	return mailbox.Filter{Tenant: c.Query("tenant"), Kind: c.Query("kind"), Channel: mailbox.Channel(c.Query("channel")), To: strings.TrimSpace(c.Query("to"))}
}

func table(c *httpkit.Ctx, found []mailbox.Entry, names map[string]string) httpkit.Table {
	t := httpkit.Table{
		Caption: c.T("practice.mailbox.title"),
		Columns: []httpkit.Column{{Label: c.T("practice.mailbox.subject")}, {Label: c.T("practice.mailbox.to")}, {Label: c.T("practice.mailbox.employer")}, {Label: c.T("practice.mailbox.way")}, {Label: c.T("practice.mailbox.when")}},
		Empty:   httpkit.EmptyState{Icon: "mail", Title: c.T("practice.mailbox.empty"), Text: c.T("practice.mailbox.empty_text")},
	}
	for _, e := range found {
		name := names[e.Tenant]
		if name == "" {
			name = e.Tenant
		}
		t.Rows = append(t.Rows, httpkit.Row{ID: e.ID, Cells: []httpkit.Cell{
			{Text: subject(c, e), URL: "/practice/mailbox/" + e.ID}, {Text: e.To}, {Text: name}, {Tag: way(c, e.Channel), Sub: kind(c, e.Kind)}, {When: &httpkit.When{Text: c.Words().Moment(e.CreatedAt)}},
		}})
	}
	return t
}

// subject is what names a message: a text message has no subject of its own.
func subject(c *httpkit.Ctx, e mailbox.Entry) string {
	if s := strings.TrimSpace(e.Subject); s != "" {
		return s
	}
	first, _, _ := strings.Cut(strings.TrimSpace(e.Text), "\n")
	if first == "" {
		return c.T("practice.mailbox.no_subject")
	}
	return first
}

// kind is what a message is; one without words of its own keeps the name that programs use.
func kind(c *httpkit.Ctx, name string) string {
	if key := "message.kind." + name; c.Words().Has(key) {
		return c.T(key)
	}
	return name
}

func way(c *httpkit.Ctx, ch mailbox.Channel) *httpkit.Tag {
	switch ch {
	case mailbox.SMS:
		return &httpkit.Tag{Kind: "plain", Text: c.T("practice.way.sms")}
	case mailbox.Voice:
		return &httpkit.Tag{Kind: "plain", Text: c.T("practice.way.voice")}
	case mailbox.Push:
		return &httpkit.Tag{Kind: "plain", Text: c.T("practice.way.push")}
	case mailbox.Email:
	}
	return &httpkit.Tag{Kind: "plain", Text: c.T("practice.way.email")}
}

// listMailbox is the feed for programs: every message that is kept, newest first.
func (p *Pages) listMailbox(c *httpkit.Ctx) error {
	return c.JSON(http.StatusOK, p.Mailbox.List(filter(c)))
}

func (p *Pages) entry(c *httpkit.Ctx) (mailbox.Entry, error) {
	e, kept := p.Mailbox.Get(c.Param("id"))
	if !kept {
		return e, fault.New(fault.NotFound, "practice.gone")
	}
	return e, nil
}

func (p *Pages) showEntry(c *httpkit.Ctx) error {
	e, err := p.entry(c)
	if err != nil {
		return err
	}
	page := &EntryPage{Base: c.Base(), Paras: paragraphs(e.Text)}
	page.Layout, page.Title = httpkit.LayoutPage, subject(c, e)
	page.Back = &httpkit.Link{Label: c.T("practice.entry.back"), URL: "/practice/mailbox"}
	page.Facts = []httpkit.SummaryRow{
		{Label: c.T("practice.mailbox.to"), Text: e.To},
		{Label: c.T("practice.entry.from"), Text: e.From},
		{Label: c.T("practice.mailbox.employer"), Text: e.Tenant},
		{Label: c.T("practice.mailbox.way"), Tag: way(c, e.Channel), Sub: kind(c, e.Kind)},
		{Label: c.T("practice.mailbox.when"), Text: c.Words().Moment(e.CreatedAt)},
	}
	if e.HTML != "" {
		page.HTML = &httpkit.Link{Label: c.T("practice.entry.html"), URL: "/practice/mailbox/" + e.ID + "/html", Kind: "secondary", Icon: "mail"}
	}
	return c.Render(page)
}

func (p *Pages) showHTML(c *httpkit.Ctx) error {
	e, err := p.entry(c)
	if err == nil && e.HTML == "" {
		err = fault.New(fault.NotFound, "practice.gone")
	}
	if err != nil {
		return err
	}
	c.SetHeader("Content-Security-Policy", sealedMail)
	return c.Bytes("text/html; charset=utf-8", []byte(e.HTML))
}

// paragraphs lays a message's text out: blank lines part paragraphs, and the
// addresses in it become links.
func paragraphs(text string) (list []Para) {
	var p Para
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if strings.TrimSpace(line) != "" {
			p.Lines = append(p.Lines, Line{Pieces: pieces(line)})
			continue
		}
		if len(p.Lines) > 0 {
			list, p = append(list, p), Para{}
		}
	}
	if len(p.Lines) > 0 {
		list = append(list, p)
	}
	return list
}

func pieces(line string) (list []Piece) {
	for _, link := range render.Links(line) {
		before, after, _ := strings.Cut(line, link)
		list = append(list, Piece{Text: before}, Piece{Text: link, URL: link})
		line = after
	}
	list = append(list, Piece{Text: line})
	return slices.DeleteFunc(list, func(p Piece) bool { return p.Text == "" })
}
