package app_test

import (
	"slices"
	"strings"
	"testing"

	"tilgang/internal/mydata"
)

// A copy of somebody's data is complete when each column of each tenant-owned
// table is in it, or is left out by name. A new table or column fails here until
// somebody decides.
func TestNothingAboutAPersonIsForgottenInACopyOfTheirData(t *testing.T) {
	e := newEstate(t)
	parts, left := map[string]mydata.Part{}, mydata.LeftOut()
	for _, p := range mydata.Parts() {
		if _, twice := parts[p.Table]; twice {
			t.Errorf("%s is in a copy twice", p.Table)
		}
		parts[p.Table] = p
	}
	for _, name := range e.order {
		p, in := parts[name]
		reason, out := left[name]
		switch {
		case in == out:
			t.Errorf("%s is neither in a copy of a person's data nor left out for a reason (mydata: Parts, LeftOut), or both", name)
		case out && strings.TrimSpace(reason) == "":
			t.Errorf("%s is left out for no reason", name)
		case in:
			wholeRow(t, e.tables[name], p)
		}
		delete(parts, name)
		delete(left, name)
	}
	for name := range parts {
		t.Errorf("a copy reads %s, which is no tenant-owned table", name)
	}
	for name := range left {
		t.Errorf("%s is left out, and no tenant-owned table", name)
	}
}

// wholeRow fails for each column that is neither in a copy nor named as left out.
func wholeRow(t *testing.T, tab table, p mydata.Part) {
	t.Helper()
	named := strings.FieldsFunc("tenant_id, "+p.Columns+", "+p.Without, func(r rune) bool { return r == ',' || r == ' ' })
	var columns []string
	for _, c := range tab.Columns {
		columns = append(columns, c.Name)
		if !slices.Contains(named, c.Name) {
			t.Errorf("%s.%s is neither in a copy of a person's data nor left out", tab.Name, c.Name)
		}
	}
	for _, name := range named {
		if !slices.Contains(columns, name) {
			t.Errorf("%s has no column %s", tab.Name, name)
		}
	}
	if !strings.Contains(p.Where, "@person") && !strings.Contains(p.Where, "@account") {
		t.Errorf("%s is read of everybody: %s", tab.Name, p.Where)
	}
}
