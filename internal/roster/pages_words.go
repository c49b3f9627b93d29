package roster

import (
	"math"
	"strings"
	"time"

	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
	"tilgang/internal/tenant"
)

// counts are an import's numbers in words.
func counts(b *httpkit.Base, row Import) []httpkit.SummaryRow {
	number := func(key string, n int64) httpkit.SummaryRow {
		return httpkit.SummaryRow{Label: b.T(key), Text: b.Number(int(n))}
	}
	rows := []httpkit.SummaryRow{number("roster.count.created", row.Created), number("roster.count.changed", row.Changed), number("roster.count.same", row.Same)}
	switch {
	case row.State == Preview && row.Proposed > 0:
		rows = append(rows, number("roster.count.proposed", row.Proposed))
	case row.State == Done && row.Proposed > 0:
		rows = append(rows, number("roster.count.answered", row.Proposed-row.LeftOut()), number("roster.count.left_out", row.LeftOut()))
	}
	return append(rows, number("roster.count.problems", row.Problems))
}

// finished says when a file came to its end, as "Finished: today at 16:20".
func finished(b *httpkit.Base, key string, at *time.Time) string {
	if at == nil {
		return ""
	}
	return b.T(key) + ": " + b.Moment(*at)
}

// act says what a confirmation does and sends, by the tenant's way of inviting.
func act(c *httpkit.Ctx, b *httpkit.Base, row Import, mails int, exact bool) *httpkit.Preview {
	p := &httpkit.Preview{Kind: "info", Title: b.N("roster.preview.adds", int(row.Created))}
	if row.Created == 0 {
		p.Title = b.N("roster.preview.changes", int(row.Changed))
	} else if row.Changed > 0 {
		p.Items = append(p.Items, b.N("roster.preview.changes_too", int(row.Changed)))
	}
	if row.Created == 0 && row.Changed == 0 {
		p.Title = b.T("roster.preview.only_answers")
	}
	if mails > 0 {
		p.Kind, p.Text = sends(c, b, mails, exact)
	}
	if row.Proposed > 0 {
		p.Items = append(p.Items, b.N("roster.preview.asks", int(row.Proposed)))
	}
	if row.Problems > 0 {
		p.Items = append(p.Items, b.N("roster.preview.flawed", int(row.Problems)))
	}
	return p
}

func sends(c *httpkit.Ctx, b *httpkit.Base, mails int, exact bool) (kind, text string) {
	policy := c.Tenant().Invitation
	switch {
	case policy.Send == tenant.SendManual:
		return "info", b.T("roster.preview.sends_manual")
	case policy.Send == tenant.SendDaysBefore:
		return "warn", b.N("roster.preview.sends_later", mails, "Days", policy.DaysBeforeStart)
	case !exact:
		return "warn", b.N("roster.preview.sends_most", mails)
	}
	return "warn", b.N("roster.preview.sends", mails)
}

func actionTag(b *httpkit.Base, a people.Action) httpkit.Tag {
	switch a {
	case people.Create:
		return httpkit.Tag{Kind: "ok", Text: b.T("roster.action.create")}
	case people.Change:
		return httpkit.Tag{Kind: "info", Text: b.T("roster.action.change")}
	case people.Rehire:
		return httpkit.Tag{Kind: "ok", Text: b.T("roster.action.rehire")}
	case people.Propose:
		return httpkit.Tag{Kind: "warn", Text: b.T("roster.action.propose")}
	case people.Same, people.Refuse:
	}
	return httpkit.Tag{Kind: "bad", Text: b.T("roster.action.problem")}
}

// columnWord is a column in words; empty for the whole row.
func columnWord(b *httpkit.Base, column string) string {
	if column == "" {
		return b.T("roster.column.whole")
	}
	return b.T("sheet.column." + column)
}

func columnWords(b *httpkit.Base, columns []string) string {
	words := make([]string, len(columns))
	for i, column := range columns {
		words[i] = columnWord(b, column)
	}
	return strings.Join(words, ", ")
}

// problemText says a problem in words.
func problemText(c *httpkit.Ctx, b *httpkit.Base, p people.Problem) string {
	return c.Words().TMap(p.Code, spoken(b, p.Args))
}

// spoken are a problem's values as its text speaks of them: whole numbers,
// which JSON made fractions, and the names of columns and roles.
func spoken(b *httpkit.Base, args map[string]any) map[string]any {
	said := make(map[string]any, len(args))
	for name, value := range args {
		switch v := value.(type) {
		case float64:
			said[name] = value
			if v == math.Trunc(v) && math.Abs(v) < 1e15 {
				said[name] = int(v)
			}
		case string:
			said[name] = spokenWord(b, name, v)
		default:
			said[name] = value
		}
	}
	return said
}

func spokenWord(b *httpkit.Base, name, value string) string {
	switch name {
	case "Columns":
		return columnWords(b, strings.Split(value, ", "))
	case "Column":
		return columnWord(b, value)
	case "Role":
		return roleWord(b, value)
	}
	return value
}

func roleWord(b *httpkit.Base, role string) string {
	switch role {
	case authz.RoleHR:
		return b.T("people.role.hr")
	case authz.RoleAuditor:
		return b.T("people.role.auditor")
	case authz.RoleManager:
		return b.T("people.role.manager")
	}
	return role
}
