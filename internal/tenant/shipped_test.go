package tenant_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"tilgang/internal/tenant"
	"tilgang/tenants"
)

var slugs = []string{"askvik", "fjord", "havn", "nordlys", "skog"}

func shipped(t *testing.T, slug string) *tenant.Tenant {
	t.Helper()
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		t.Fatal(err)
	}
	return spec.Tenant
}

func TestTheDemonstrationTenantsAreReadWithoutAProblem(t *testing.T) {
	entries, err := fs.ReadDir(tenants.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	if !slices.Equal(found, slugs) {
		t.Errorf("found %v, want %v", found, slugs)
	}
	for _, slug := range slugs {
		b := shipped(t, slug).Branding
		if len(b.Logo) == 0 || b.OnPrimary != "#ffffff" {
			t.Errorf("%s: logo of %d bytes, text on its colour %s", slug, len(b.Logo), b.OnPrimary)
		}
	}
}

func TestEachDemonstrationTenantBehavesAsItsGuideSays(t *testing.T) {
	havn, nordlys, skog := shipped(t, "havn"), shipped(t, "nordlys"), shipped(t, "skog")
	chief := havn.Mfa.For(tenant.MfaSubject{JobTitles: []string{"Butikschef"}}, time.Now())
	clerk := havn.Mfa.For(tenant.MfaSubject{JobTitles: []string{"Butiksassistent"}}, time.Now())
	if !chief.Mandatory || clerk.Mandatory || clerk.Offer != tenant.OfferSkip || havn.Mfa.Phone != tenant.Off {
		t.Errorf("havn: store manager %+v, clerk %+v", chief, clerk)
	}
	if d := nordlys.Mfa.For(tenant.MfaSubject{}, time.Now()); !d.Mandatory || !slices.Equal(d.Methods, []string{"phone"}) {
		t.Errorf("nordlys: %+v, want the phone for everybody", d)
	}
	if nordlys.Reset.Mode != "code" || nordlys.Reset.Life != 15*time.Minute || nordlys.Signin != tenant.Combined {
		t.Errorf("nordlys: %+v %v", nordlys.Reset, nordlys.Signin)
	}
	if skog.Mfa.Postponements != 3 || skog.Mfa.Phone != tenant.Backup || !skog.Reset.Magiclink {
		t.Errorf("skog: %+v %+v", skog.Mfa, skog.Reset)
	}
	if p := shipped(t, "askvik").Password; p.Preset != "four_classes" || p.Min != 8 {
		t.Errorf("askvik: %+v", p)
	}
}

func TestFjordIsOurDefaultsButForFacts(t *testing.T) {
	got, want := shipped(t, "fjord"), tenant.Defaults()
	if got.Session != want.Session || got.Reset != want.Reset || got.Invitation != want.Invitation || got.Signin != want.Signin ||
		got.Mfa.Offer != want.Mfa.Offer || got.Password.Min != want.Password.Min || got.Manager != want.Manager {
		t.Errorf("fjord differs from the defaults: %+v", got)
	}
}

// cast are the people whom the demonstration signs in.
type cast struct {
	Admin, HR, Employee, Alumnus, Auditor string
	Managers                              []string
}

// table reads a CSV whose first line names the separator.
func table(t *testing.T, data []byte) [][]string {
	t.Helper()
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		data, _ = charmap.Windows1252.NewDecoder().Bytes(data)
	}
	r := csv.NewReader(bytes.NewReader(data))
	for _, c := range ";\t" {
		if bytes.ContainsRune(data[:bytes.IndexByte(data, '\n')], c) {
			r.Comma = c
		}
	}
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

const (
	colNumber, colWork, colPrivate, colTitle, colEmployer, colManager, colStart, colEnd, colRoles = 0, 3, 4, 7, 9, 10, 11, 12, 14
)

func TestTheStaffOfADemonstrationTenantHoldTogether(t *testing.T) {
	for _, slug := range slugs {
		t.Run(slug, func(t *testing.T) {
			data, _ := tenants.FS.ReadFile(slug + "/staff.csv")
			rows := table(t, data)[1:]
			byNumber := map[string][]string{}
			for _, r := range rows {
				byNumber[r[colNumber]] = r
			}
			for _, r := range rows {
				if _, ok := byNumber[r[colManager]]; r[colManager] != "" && !ok {
					t.Errorf("%s: manager %s is not in the file", r[colNumber], r[colManager])
				}
				if !slices.ContainsFunc(shipped(t, slug).LegalEmployers, func(l tenant.LegalEmployer) bool { return l.Key == r[colEmployer] }) {
					t.Errorf("%s: unknown legal employer %s", r[colNumber], r[colEmployer])
				}
				if mail := r[colWork] + r[colPrivate]; !strings.HasSuffix(mail, ".example") {
					t.Errorf("%s: %q could be somebody's", r[colNumber], mail)
				}
			}
			checkCast(t, slug, byNumber)
		})
	}
}

func checkCast(t *testing.T, slug string, staff map[string][]string) {
	t.Helper()
	var c cast
	data, _ := tenants.FS.ReadFile(slug + "/demo.json")
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Managers) != 2 || staff[c.Employee][colManager] != c.Managers[0] || staff[c.Managers[0]][colManager] != c.Managers[1] {
		t.Errorf("the employee and the managers %v are not one line", c.Managers)
	}
	if staff[c.HR][colRoles] != "hr" || staff[c.Auditor][colRoles] != "auditor" || staff[c.Admin] == nil || staff[c.Admin][colRoles] != "" {
		t.Errorf("roles of %+v are not as the file should give them", c)
	}
	if a := staff[c.Alumnus]; a == nil || a[colEnd] == "" || a[colPrivate] == "" {
		t.Errorf("the alumnus %v has not left or has no private address", a)
	}
}

func TestTheNewHiresAreTwelveOfWhomOneIsWrong(t *testing.T) {
	for _, slug := range slugs {
		t.Run(slug, func(t *testing.T) {
			data, _ := tenants.FS.ReadFile(slug + "/new-hires.csv")
			rows := table(t, data)[1:]
			wrong := 0
			for _, r := range rows {
				mail := r[colWork] + r[colPrivate]
				_, err := time.Parse(time.DateOnly, r[colStart])
				if r[colNumber] == "" || !strings.Contains(mail, "@") || err != nil {
					wrong++
				}
			}
			if len(rows) != 12 || wrong != 1 {
				t.Errorf("%d rows, %d wrong; want 12 and 1", len(rows), wrong)
			}
		})
	}
}
