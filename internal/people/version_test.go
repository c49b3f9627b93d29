package people_test

import (
	"context"
	"database/sql"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/people"
)

var versionField = regexp.MustCompile(`name="version" value="([0-9a-f]+)"`)

func TestTheSecondOfTwoWhoCorrectAPersonIsToldAndNothingIsLost(t *testing.T) {
	o := newOffice(t)
	where := o.add("phone", "+45 20 12 34 56")
	job := o.view(idIn(where)).Jobs[0].ID.String()
	found := versionField.FindStringSubmatch(o.Get(where + "/edit").Body)
	if found == nil {
		t.Fatal("the form names no version")
	}
	form := func(version string, pairs ...string) url.Values {
		return typed(append([]string{"job", job, "version", version, "phone", "+4520123456"}, pairs...)...)
	}
	if a := o.Post(where+"/edit", form(found[1], "phone", "+4520123457")); a.Status != 303 {
		t.Fatal(a.Main())
	}
	second := o.Post(where+"/edit", form(found[1], "job_title", "Lagerchef"))
	if second.Status != 409 || !strings.Contains(second.Main(), "Somebody else has changed this person") || !strings.Contains(second.Main(), "Stored now: +4520123457") || !strings.Contains(second.Body, `value="Lagerchef"`) {
		t.Fatalf("%d %s", second.Status, second.Main())
	}
	if v := o.view(idIn(where)); v.Person.Phone != "+4520123457" || v.Jobs[0].JobTitle == "Lagerchef" {
		t.Errorf("%+v", v)
	}
	fresh := versionField.FindStringSubmatch(second.Body)[1]
	if a := o.Post(where+"/edit", form(fresh, "job_title", "Lagerchef", "phone", "+4520123457")); a.Status != 303 {
		t.Fatal(a.Main())
	}
	if v := o.view(idIn(where)); v.Person.Phone != "+4520123457" || v.Jobs[0].JobTitle != "Lagerchef" {
		t.Errorf("%+v", v)
	}
}

func TestACorrectionWaitsForTheOneBeforeItAndSeesIt(t *testing.T) {
	o := newOffice(t)
	where := o.add()
	id := idIn(where)
	job := o.view(id).Jobs[0].ID
	in := people.Typed{people.Version: versionField.FindStringSubmatch(o.Get(where + "/edit").Body)[1]}
	for name, values := range typed("job_title", "Lagerchef") {
		in[name] = values[0]
	}
	second := make(chan error, 1)
	err := o.d.Tx(o.ctx, func(ctx context.Context) error {
		if _, err := db.Exec(ctx, "UPDATE persons SET phone = '+4520123499' WHERE tenant_id = @tenant AND id = @id", sql.Named("id", id)); err != nil {
			return err
		}
		go func() { _, err := o.svc.Correct(o.ctx, id, job, in); second <- err }()
		for o.d.Postgres() && len(second) == 0 { // SQLite has one writer: the second has not begun
			var waits int
			if err := db.Rows(ctx, &waits, "SELECT count(*) FROM persons WHERE tenant_id = @tenant AND EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"); err != nil || waits > 0 {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if f, known := fault.As(<-second); !known || f.Code != "people.edit.stale" {
		t.Errorf("the second was taken: %v", f)
	}
	if v := o.view(id); v.Person.Phone != "+4520123499" || v.Jobs[0].JobTitle == "Lagerchef" {
		t.Errorf("%+v", v.Person)
	}
}
