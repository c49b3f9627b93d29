package roster_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/httpkit/pagetest"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/i18n/i18ntest"
	"tilgang/internal/roster"
	"tilgang/templates"
	"tilgang/tenants"
)

func TestTemplatesFitTheirPages(t *testing.T) {
	texts := sitetest.Texts(t)
	for _, lang := range texts.Languages() {
		if err := pagetest.Check(templates.FS, texts.Localizer(lang, time.UTC, time.Now), roster.Views()...); err != nil {
			t.Error(err)
		}
	}
}

func TestTheNewcomersFirstUpload(t *testing.T) {
	k := newDesk(t)
	body := withoutPhones(t, "havn/new-hires.csv")
	says(t, k.Get("/admin/roster"), "Staff file (Excel or CSV)", "Columns we know", "The same file twice changes nothing", "No file has been uploaded yet")
	a := k.upload("new-hires.csv", body)
	where := a.Header.Get("Location")
	waiting := k.Get(where)
	says(t, waiting, "Reading row 0 of 12", "You can leave this page")
	for _, part := range []string{`data-poll="1"`, `id="import"`} {
		if !strings.Contains(waiting.Body, part) {
			t.Errorf("no %s", part)
		}
	}
	id := uuid.MustParse(strings.TrimPrefix(where, "/admin/roster/"))
	if err := k.s.Read(k.ctx, id, func(roster.Import) {}); err != nil {
		t.Fatal(err)
	}
	preview := k.Get(where)
	says(t, preview, "new-hires.csv", "This adds 11 people", "11 invitations go out as soon as you confirm", "1 row has a problem or a note",
		"Row 5", "Work e-mail", "“frida.holmhavn.example” is not an e-mail address", "Frida Holm", "Confirm and apply", "Discard the file")
	says(t, k.Get(where+"?show=new"), "Alma Søndergård", "Butiksassistent")
	if k.people() != 0 {
		t.Error("the preview has changed something")
	}
	for range 2 { // a double click
		if a := k.Post(where+"/confirm", url.Values{"confirm": {"1"}}); a.Status != 303 || a.Header.Get("Location") != where {
			t.Fatalf("%d %s", a.Status, a.Main())
		}
	}
	says(t, k.Get(where), "Applying the file")
	k.apply(id)
	done := k.Get(where)
	says(t, done, "The file is done", "See the people", "Row 5", "Frida Holm")
	if a := k.Post(where+"/confirm", url.Values{"confirm": {"1"}}); a.Status != 303 || k.people() != 11 {
		t.Errorf("%d, %d people", a.Status, k.people())
	}
	if a := k.Post(where+"/drop", url.Values{}); a.Status != 303 || a.Header.Get("Location") != where {
		t.Errorf("%d to %s", a.Status, a.Header.Get("Location"))
	}
	again, _ := k.take(string(body))
	says(t, k.Get(again), "There was nothing to change", "Nothing was sent")
	says(t, k.Get("/admin/roster"), "new-hires.csv", "Done")
}

// withoutPhones is a shipped file without telephone numbers and managers: what
// it says of those is not what is asked here.
func withoutPhones(t *testing.T, name string) []byte {
	t.Helper()
	body, err := tenants.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	body = regexp.MustCompile(`\+45 [0-9 ]+`).ReplaceAll(body, nil)
	return regexp.MustCompile(`;(1007|1008|1009|1010|2001);`).ReplaceAll(body, []byte(";;"))
}

func TestWarningsOfRowsThatGoInStayInTheReport(t *testing.T) {
	k := newDesk(t)
	where, id := k.take(head + "1,Ann,One,ann@havn.example,2024-01-01,999,\n2,Bo,Two,ann@havn.example,2024-01-01,,\n")
	for range 2 {
		says(t, k.Get(where+"?show=problems"), "Row 2", "Neither the file nor the staff list has a person with the number 999", "Goes in",
			"Row 3", "The work e-mail stands in row 2 already", "Left out")
		k.Post(where+"/confirm", url.Values{"confirm": {"1"}})
		k.apply(id)
	}
	file := k.Get(where + "/problems.csv")
	if file.Status != 200 || !strings.HasPrefix(file.Header.Get("Content-Disposition"), `attachment; filename="problems.csv"`) || strings.Count(file.Body, "\n") != 3 {
		t.Errorf("%d %s\n%s", file.Status, file.Header.Get("Content-Disposition"), file.Body)
	}
}

func TestARowWithTwoNotesCountsOnce(t *testing.T) {
	k := newDesk(t)
	_, id := k.take("employee_number,given_name,family_name,phone,manager_employee_number\n1,Ann,One,12,999\n2,Bo,Two,,\n")
	if row, err := k.s.Find(k.ctx, id); err != nil || row.Problems != 1 {
		t.Errorf("%d problems, %v", row.Problems, err)
	}
}

func TestTheFileOfProblemsStartsNoFormula(t *testing.T) {
	k := newDesk(t)
	where, _ := k.take("employee_number,given_name,family_name,work_email\n=1+1,@SUM(A1),-2,=cmd|'/c calc'!A0\n")
	body := k.Get(where + "/problems.csv").Body
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%v\n%s", err, body)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=@+-\t\r") {
				t.Errorf("cell %q", cell)
			}
		}
	}
	if !strings.Contains(body, "'=1+1") {
		t.Error(body)
	}
}

const twins = "employee_number,given_name,family_name,private_email,start_date\n"

func TestProposalsWaitForAnAnswer(t *testing.T) {
	k := newDesk(t)
	where, id := k.take(twins + "1,Ann,One,ann@a.example,2024-01-01\n2,Bo,Two,bo@a.example,2024-01-01\n3,Cy,Tre,cy@a.example,2024-01-01\n")
	k.Post(where+"/confirm", url.Values{"confirm": {"1"}})
	k.apply(id)
	where, id = k.take(twins + "11,Ann,One,ann@a.example,2025-01-01\n12,Bo,Two,bo@a.example,2025-01-01\n13,Cy,Tre,cy@a.example,2025-01-01\n")
	page := k.Get(where)
	says(t, page, "To decide", "This does only what you decide below", "Row 2: is Ann One the same person?", "Somebody else", "Leave the row out for now", "3 rows wait for your answer")
	lines := regexp.MustCompile(`name="lines" value="([^"]*)"`).FindStringSubmatch(page.Body)[1]
	if a := k.Post(where+"/confirm", url.Values{"keep": {"1"}, "lines": {lines}, "answer_2": {"same"}, "answer_3": {"same"}, "answer_4": {"nonsense"}}); a.Header.Get("Location") != where+"?show=decide" {
		t.Fatalf("%d %s", a.Status, a.Header.Get("Location"))
	}
	if kept := k.Get(where).Body; strings.Count(kept, `value="same" checked`) != 2 {
		t.Error("the answers are not kept")
	}
	k.Post(where+"/confirm", url.Values{"confirm": {"1"}, "lines": {lines}, "answer_2": {"same"}, "answer_3": {"other"}, "answer_4": {""}})
	if a := k.Post(where+"/confirm", url.Values{"confirm": {"1"}, "lines": {lines}, "answer_4": {"other"}}); a.Status != 303 {
		t.Errorf("a late answer: %d", a.Status)
	}
	k.apply(id)
	says(t, k.Get(where), "Decided by you 2", "Left out, not decided 1")
	if n := k.people(); n != 4 {
		t.Errorf("%d people", n)
	}
}

func TestManyRowsArePagedBothWays(t *testing.T) {
	k := newDesk(t)
	var b strings.Builder
	b.WriteString(head)
	for i := range 250 {
		fmt.Fprintf(&b, "%d,Ann%d,One,a%d@havn.example,2024-01-01,,\n", i+1, i+1, i+1)
	}
	where, _ := k.take(b.String())
	first := k.Get(where + "?show=new")
	second := k.Get(pageLink(first.Body, "next"))
	third := k.Get(pageLink(second.Body, "next"))
	says(t, second, "Ann101 One", "Ann200 One")
	says(t, third, "Ann250 One")
	if pageLink(third.Body, "next") != "" || pageLink(first.Body, "prev") != "" {
		t.Error("there is more at the ends")
	}
	if k.Get(pageLink(third.Body, "prev")).Main() != second.Main() || k.Get(pageLink(second.Body, "prev")).Main() != first.Main() {
		t.Error("the way back leads elsewhere")
	}
}

func pageLink(body, rel string) string {
	before, _, found := strings.Cut(body, `rel="`+rel+`"`)
	if !found {
		return ""
	}
	before = before[strings.LastIndex(before, `href="`)+6:]
	address, _, _ := strings.Cut(before, `"`)
	return strings.ReplaceAll(address, "&amp;", "&")
}

func TestWhatCannotBeTakenIsToldAtTheField(t *testing.T) {
	k := newDesk(t)
	t.Run("no file", func(t *testing.T) {
		a := k.Post("/admin/roster", url.Values{})
		if a.Status != 422 {
			t.Errorf("%d", a.Status)
		}
		says(t, a, "Staff file (Excel or CSV)")
	})
	t.Run("an empty file", func(t *testing.T) {
		a := k.upload("x.csv", nil)
		if a.Status != 422 || !strings.Contains(a.Body, `id="file-error"`) {
			t.Errorf("%d", a.Status)
		}
		says(t, a, "The file is empty")
	})
	t.Run("a file that is no list ends with the reason and takes another", func(t *testing.T) {
		where, _ := k.take("%PDF-1.7 " + strings.Repeat("x", 100))
		says(t, k.Get(where), "The file could not be read", "Nothing was changed", "This is a PDF", "Read the file")
	})
	t.Run("missing columns are named in words", func(t *testing.T) {
		where, _ := k.take("employee_number,phone\n1,2\n")
		says(t, k.Get(where), "Given name, Family name")
	})
	if n := len(mustHistory(t, k)); n != 2 {
		t.Errorf("%d imports", n)
	}
}

func mustHistory(t *testing.T, k *desk) []roster.Import {
	t.Helper()
	rows, err := k.s.History(k.ctx, 10)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestADroppedFileIsForgotten(t *testing.T) {
	k := newDesk(t)
	where, _ := k.take(head + "1,Ann,One,ann@havn.example,2024-01-01,,\n")
	if a := k.Post(where+"/drop", url.Values{}); a.Header.Get("Location") != "/admin/roster" {
		t.Fatalf("%d", a.Status)
	}
	says(t, k.Get(where), "The file was discarded")
	k.Post(where+"/confirm", url.Values{"confirm": {"1"}})
	says(t, k.Get(where), "The file was discarded")
}

func TestAnotherTenantsImportIsNowhere(t *testing.T) {
	k := newDesk(t)
	where, id := k.take(head + "1,Ann,One,ann@havn.example,2024-01-01,,\nx,,Two,,,,\n")
	k.Tenant = k.fjord
	nowhere := k.Get("/admin/roster/" + uuid.NewString())
	for _, path := range []string{where, where + "/problems.csv", "/admin/roster/x", "/admin/roster/{" + id.String() + "}"} {
		if a := k.Get(path); a.Status != 404 || a.Main() != nowhere.Main() {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/confirm", "/drop"} {
		if a := k.Post(where+path, url.Values{"confirm": {"1"}, "lines": {"2"}, "answer_2": {"same"}}); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if strings.Contains(k.Get("/admin/roster").Body, "staff.csv") {
		t.Error("the history of another tenant shows")
	}
	if row, err := k.s.Find(k.ctx, id); err != nil || row.State != roster.Preview {
		t.Errorf("%v %v", row.State, err)
	}
}

func TestOnlyThoseWhoMayUpload(t *testing.T) {
	k := newDesk(t)
	where, _ := k.take(head + "1,Ann,One,ann@havn.example,2024-01-01,,\n")
	for _, role := range []string{authz.RoleEmployee, authz.RoleManager, authz.RoleAuditor} {
		k.as(role)
		for _, a := range []sitetest.Answer{
			k.Get("/admin/roster"), k.Get(where), k.Get(where + "/problems.csv"), k.upload("x.csv", []byte("a")),
			k.Post(where+"/confirm", url.Values{"confirm": {"1"}}), k.Post(where+"/drop", url.Values{}),
		} {
			if a.Status != 403 {
				t.Errorf("%s got %d", role, a.Status)
			}
		}
	}
}

func TestTheTemplateSpeaksTheReadersLanguage(t *testing.T) {
	k := newDesk(t)
	if a := k.Get("/admin/roster/template.csv"); !strings.Contains(a.Body, "Employee number,Given name") || !strings.Contains(a.Header.Get("Content-Disposition"), "staff.csv") {
		t.Error(a.Body)
	}
	k.Actor.Language = "da"
	if a := k.Get("/admin/roster/template.csv"); !strings.Contains(a.Body, "Medarbejdernummer;Fornavn") {
		t.Error(a.Body)
	}
}

func TestPagesSpeakOneLanguage(t *testing.T) {
	k := newDesk(t)
	where, id := k.take(head + "1,Å,Ø,a@havn.example,2024-01-01,,\n2,,Ø,x,,,\n")
	failed, _ := k.take("%PDF-1.7 " + strings.Repeat("x", 100))
	catalog := sitetest.Texts(t)
	k.Tenant.Languages = catalog.Languages()
	look := func() {
		for _, lang := range catalog.Languages() {
			k.Actor.Language = lang
			for _, path := range []string{"/admin/roster", where, where + "?show=new", failed} {
				a := k.Get(path)
				if a.Status != 200 {
					t.Fatalf("%s %d", path, a.Status)
				}
				i18ntest.Mixed(t, catalog, a.Body, lang)
			}
		}
	}
	look()
	k.Post(where+"/confirm", url.Values{"confirm": {"1"}})
	look()
	k.apply(id)
	look()
}
