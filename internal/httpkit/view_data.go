package httpkit

import "html/template"

// When is a date; Full shows on hover and focus. Make it by Base.When. Template: {{template "when" .Start}}.
type When struct{ Text, Full, ISO string }

// Tag is a state in a word with its icon: kind ok, info, warn, bad or plain. Template: {{template "tag" .State}}.
type Tag struct{ Kind, Text string }

// EmptyState says what will be here and when. Template: {{template "empty" .Nothing}}.
type EmptyState struct {
	Icon, Title, Text string
	Action            *Link
}

// Table is a list for the console. Template: {{template "table" .People}}.
type Table struct {
	voice

	Caption string // read by screen readers
	Columns []Column
	Rows    []Row
	Empty   EmptyState // shown when there are no rows
	Pager   Pager

	// Select, when set, names the checkbox of each row; the rows then stand in
	// a form that posts the ticked ids and a Bulk button to Action.
	Select string
	Action string
	Bulk   []Button
	Hidden []Hidden
}

// Column is a table's heading. SortURL makes it a link; Sorted is "", "asc" or "desc".
type Column struct {
	Label     string
	SortURL   string
	Sorted    string
	Number    bool // right-aligned
	HideLabel bool
}

// Row is one thing; its first cell's URL leads to its page.
type Row struct {
	ID    string // what the row's checkbox sends
	Name  string // whom "Select …" names; the first cell's text when empty
	Cells []Cell
}

// Cell holds one of: text, link, tag, date, buttons. Sub is a second, quieter line.
type Cell struct {
	Text, Sub, URL string
	Tag            *Tag
	When           *When
	Links          []Link
}

// Pager moves by cursor; an empty address switches its side off. Template: {{template "pager" .Pager}}.
type Pager struct {
	voice

	PrevURL, NextURL string
	Text             string // "1-50 of 1,204" where the count is known
}

// Toolbar is search and filters over a table: a GET form, so the address keeps
// the state. Template: {{template "toolbar" .Filter}}.
type Toolbar struct {
	voice

	Action   string
	Search   *Field
	Filters  []Field // selects
	Hidden   []Hidden
	ClearURL string // shown when a filter is on
}

// Tab is one of several views of the same thing. Template: {{template "tabs" .Tabs}} with []Tab.
type Tab struct {
	Label, URL string
	Current    bool
	Count      string
}

// Progress is a bar with its words. Template: {{template "progress" .Import}}.
type Progress struct {
	voice

	Done, Total int // Total 0: not known yet
	Label       string
	Detail      string
}

// Share is the finished part in percent, 0 to 100.
func (p Progress) Share() int {
	if p.Total <= 0 {
		return 0
	}
	return min(100, p.Done*100/p.Total)
}

// Copy is a text with a copy button. Template: {{template "copy" .Key}}.
type Copy struct {
	voice

	Label, Text string
}

// Codes are recovery codes to copy, download or print. Template: {{template "codes" .Codes}}.
type Codes struct {
	voice

	Codes    []string
	FileName string // for the download
	Heading  string // first line of the file and the print: whose codes, from when
}

// QR is a picture to scan with the same thing in words. Template: {{template "qr" .QR}}.
type QR struct {
	voice

	Image template.URL // data:image/png;base64,…
	Alt   string
	Key   string // to type by hand, in groups of four
	Note  string // the account's name in the app
}

// SummaryRow is one line of a definition list. Template: {{template "summary" .Rows}} with []SummaryRow.
type SummaryRow struct {
	Label, Text, Sub string
	Tag              *Tag
	When             *When
	Action           *Link
}

// Event is one entry of a timeline. Template: {{template "timeline" .Events}} with []Event.
type Event struct {
	When        When
	Title, Text string
	Kind        string // ok, info, warn, bad or empty
}

// Preview shows what an act will do before it is done. Template: {{template "preview" .Preview}} inside a form.
type Preview struct {
	voice

	Kind        string // warn (when empty), info or bad
	Title, Text string // Title says the size: "This sends 214 mails"
	Items       []string
	More        int // how many items are not listed
}

// Card is a box on home. Template: {{template "card" .Payslip}}.
type Card struct {
	Icon, Title, Text string
	Figure            string // one large line: an amount, a date
	Tag               *Tag
	Rows              []SummaryRow
	Links             []Link
	Wide              bool   // the whole row
	Kind              string // todo draws the eye; empty is calm
}

// Choice is a large link that chooses a way on, for one question a page. Template: {{template "ways" .Ways}} with []Choice.
type Choice struct {
	Icon, Title, Text, URL string
	Name, Value            string // when set, a button of the surrounding form instead of a link
	Tag                    *Tag
}

// Line is a row as the table template draws it.
type Line struct {
	ID, Pick string
	Head     Slot
	Rest     []Slot
}

// Slot is a cell under its column.
type Slot struct {
	Label  string
	Number bool
	Cell   Cell
}

// Lines lays the rows out under the columns; templates are slow at counting.
func (t Table) Lines() []Line {
	lines := make([]Line, 0, len(t.Rows))
	slots := make([]Slot, 0, len(t.Rows)*len(t.Columns))
	for _, r := range t.Rows {
		from := len(slots)
		for i, c := range r.Cells {
			slots = append(slots, t.slot(i, c))
		}
		own := slots[from:len(slots):len(slots)]
		if len(own) == 0 {
			continue
		}
		line := Line{ID: r.ID, Head: own[0], Rest: own[1:]}
		if t.Select != "" {
			line.Pick = t.T("part.table.pick", "Name", or(r.Name, r.Cells[0].Text))
		}
		lines = append(lines, line)
	}
	return lines
}

func (t Table) slot(i int, c Cell) Slot {
	if i >= len(t.Columns) {
		return Slot{Cell: c}
	}
	return Slot{Label: t.Columns[i].Label, Number: t.Columns[i].Number, Cell: c}
}
