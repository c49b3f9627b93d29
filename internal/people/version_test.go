package people_test

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
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

func TestOfEightCorrectionsAtOnceOneIsTaken(t *testing.T) {
	o := newOffice(t)
	where := o.add()
	job := o.view(idIn(where)).Jobs[0].ID.String()
	version := versionField.FindStringSubmatch(o.Get(where + "/edit").Body)[1]
	var wait sync.WaitGroup
	status := make([]int, 8)
	for n := range status {
		wait.Go(func() {
			status[n] = o.Post(where+"/edit", typed("job", job, "version", version, "job_title", "Title "+string(rune('A'+n)))).Status
		})
	}
	wait.Wait()
	taken := 0
	for _, s := range status {
		switch s {
		case 303:
			taken++
		case 409:
		default:
			t.Errorf("status %d", s)
		}
	}
	if taken != 1 {
		t.Errorf("%d corrections were taken: %v", taken, status)
	}
}
