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

// An erasure is complete when each tenant-owned table has a fate. A new table, or
// a column of one that is blanked, fails here until somebody decides.
func TestNothingAboutAPersonIsForgottenInTheirErasure(t *testing.T) {
	e := newEstate(t)
	at := map[string]int{}
	fates := mydata.Fates()
	for i, f := range fates {
		if _, twice := at[f.Table]; twice || e.tables[f.Table].Name == "" {
			t.Errorf("%s is no table, or has two fates", f.Table)
		}
		at[f.Table] = i
	}
	for _, name := range e.order {
		i, known := at[name]
		if !known {
			t.Errorf("nobody said what an erasure does to %s (mydata: Fates)", name)
			continue
		}
		decided(t, e.tables[name], fates[i])
		for _, ref := range e.tables[name].Foreign {
			to, owned := at[ref.To]
			if owned && to != i && fates[to].Does == mydata.Deletes && (fates[i].Does != mydata.Deletes || i > to) {
				t.Errorf("%s names rows of %s, which go before it", name, ref.To)
			}
		}
	}
}

// decided fails for a fate that does not say all it must.
func decided(t *testing.T, tab table, f mydata.Fate) {
	t.Helper()
	whose := strings.Contains(f.Where, "@person") || strings.Contains(f.Where, "@account")
	switch f.Does {
	case mydata.Keeps:
		if f.Why == "" {
			t.Errorf("%s is kept for no reason", tab.Name)
		}
	case mydata.Deletes:
		if !whose {
			t.Errorf("%s is deleted of everybody: %s", tab.Name, f.Where)
		}
	case mydata.Blanks:
		stays := strings.FieldsFunc("tenant_id, "+f.Stays, func(r rune) bool { return r == ',' || r == ' ' })
		for _, c := range tab.Columns {
			set := strings.Contains(", "+f.Set+", "+f.LastSet, ", "+c.Name+" = ")
			if set == slices.Contains(stays, c.Name) {
				t.Errorf("%s.%s is neither blanked nor named as staying, or both", tab.Name, c.Name)
			}
		}
		if !whose {
			t.Errorf("%s is blanked of everybody: %s", tab.Name, f.Where)
		}
	default:
		t.Errorf("%s: %q", tab.Name, f.Does)
	}
}
