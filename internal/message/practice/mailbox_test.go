package practice_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/clock"
	"tilgang/internal/message/email"
	"tilgang/internal/message/practice"
	"tilgang/internal/message/sendertest"
	"tilgang/internal/message/sms"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string, opts ...practice.Option) *practice.Mailbox {
	t.Helper()
	m, err := practice.Open(dir, append([]practice.Option{practice.WithClock(clock.NewFake(noon))}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func deliver(t *testing.T, m *practice.Mailbox, e practice.Entry) practice.Entry {
	t.Helper()
	kept, err := m.Deliver(e)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestThePracticeMailboxPassesTheSenderSuite(t *testing.T) {
	sendertest.Run(t, func(t *testing.T) (email.Sender, func() []sendertest.ReceivedMail) {
		m := open(t, t.TempDir())
		return m, func() []sendertest.ReceivedMail { return received(m) }
	})
}

// received turns entries into mails; a resend's id is the first one's with a suffix.
func received(m *practice.Mailbox) []sendertest.ReceivedMail {
	entries := m.List(practice.Filter{})
	mails := make([]sendertest.ReceivedMail, 0, len(entries))
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		id, _, _ := strings.Cut(e.ID, "~")
		mail := sendertest.ReceivedMail{MessageID: id, Subject: e.Subject, Text: e.Text, HTML: e.HTML}
		mail.To.Address = e.To
		mail.From.Name, _, _ = strings.Cut(e.From, " <")
		mails = append(mails, mail)
	}
	return mails
}

func TestAnEntryInJSON(t *testing.T) {
	m := open(t, t.TempDir())
	deliver(t, m, practice.Entry{
		ID: "m1", Tenant: "havn", Kind: "invite", Channel: practice.Email, To: "a@b.example", From: "Havn <c@d.example>",
		Subject: "S", Text: "See https://havn.example/1.\nhttps://havn.example/2\n", HTML: "<p>",
	})
	got, err := json.Marshal(m.List(practice.Filter{}))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"id":"m1","tenant":"havn","kind":"invite","channel":"email","to":"a@b.example","from":"Havn \u003cc@d.example\u003e",` +
		`"subject":"S","text":"See https://havn.example/1.\nhttps://havn.example/2\n","html":"\u003cp\u003e",` +
		`"links":["https://havn.example/1","https://havn.example/2"],"created_at":"2026-03-02T12:00:00Z"}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	sms := deliver(t, m, practice.Entry{Channel: practice.SMS, To: "+4512345678", Text: "no link"})
	raw, err := json.Marshal(sms)
	if err != nil || sms.ID == "" || !strings.Contains(string(raw), `"links":[]`) {
		t.Errorf("an entry without id and links is %s, %v", raw, err)
	}
}

func TestListIsNewestFirstAndNarrow(t *testing.T) {
	m := open(t, t.TempDir())
	for i, e := range []practice.Entry{
		{Tenant: "havn", Kind: "invite", Channel: practice.Email, To: "a@b.example"},
		{Tenant: "fjord", Kind: "invite", Channel: practice.Email, To: "A@B.example"},
		{Tenant: "havn", Kind: "code", Channel: practice.SMS, To: "+4512345678"},
	} {
		e.ID = fmt.Sprint(i)
		deliver(t, m, e)
	}
	for name, c := range map[string]struct {
		filter practice.Filter
		want   []string
	}{
		"all":               {practice.Filter{}, []string{"2", "1", "0"}},
		"the newest two":    {practice.Filter{Limit: 2}, []string{"2", "1"}},
		"one tenant":        {practice.Filter{Tenant: "havn"}, []string{"2", "0"}},
		"one kind":          {practice.Filter{Kind: "invite"}, []string{"1", "0"}},
		"one channel":       {practice.Filter{Channel: practice.SMS}, []string{"2"}},
		"one recipient":     {practice.Filter{To: "a@b.EXAMPLE"}, []string{"1", "0"}},
		"nothing fits":      {practice.Filter{Tenant: "skog"}, []string{}},
		"newest of a kind":  {practice.Filter{Kind: "invite", Limit: 1}, []string{"1"}},
		"several at a time": {practice.Filter{Tenant: "havn", Channel: practice.Email}, []string{"0"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, ids(m, c.filter)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
	if e, ok := m.Get("2"); !ok || e.Kind != "code" {
		t.Errorf("Get gives %+v, %v", e, ok)
	}
	if _, ok := m.Get("9"); ok {
		t.Error("Get gives what is not there")
	}
}

func ids(m *practice.Mailbox, f practice.Filter) []string {
	found := []string{}
	for _, e := range m.List(f) {
		found = append(found, e.ID)
	}
	return found
}

func TestAMessageThatComesTwiceIsSeenTwice(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir)
	for range 3 {
		deliver(t, m, practice.Entry{ID: "m1"})
	}
	want := []string{"m1~3", "m1~2", "m1"}
	if diff := cmp.Diff(want, ids(m, practice.Filter{})); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	_ = m.Close()
	if diff := cmp.Diff(want, ids(open(t, dir), practice.Filter{})); diff != "" {
		t.Errorf("ids after a restart (-want +got):\n%s", diff)
	}
}

func TestTheMailboxSurvives(t *testing.T) {
	file := func(dir string) string { return filepath.Join(dir, "mailbox.jsonl") }
	t.Run("a restart, whole and in order", func(t *testing.T) {
		dir := t.TempDir()
		first := open(t, dir)
		for i := range 5 {
			deliver(t, first, practice.Entry{ID: fmt.Sprint(i), Text: "æøå 👍 https://havn.example/" + fmt.Sprint(i)})
		}
		before := first.List(practice.Filter{})
		_ = first.Close()
		if diff := cmp.Diff(before, open(t, dir).List(practice.Filter{})); diff != "" {
			t.Errorf("entries (-before +after):\n%s", diff)
		}
	})
	t.Run("a line torn by a crash, without loss of the next", func(t *testing.T) {
		dir := t.TempDir()
		first := open(t, dir)
		deliver(t, first, practice.Entry{ID: "whole"})
		deliver(t, first, practice.Entry{ID: "torn", Text: "some words"})
		_ = first.Close()
		info, err := os.Stat(file(dir))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file(dir), info.Size()-20); err != nil {
			t.Fatal(err)
		}
		second := open(t, dir)
		deliver(t, second, practice.Entry{ID: "next"})
		_ = second.Close()
		if diff := cmp.Diff([]string{"next", "whole"}, ids(open(t, dir), practice.Filter{})); diff != "" {
			t.Errorf("ids (-want +got):\n%s", diff)
		}
	})
	t.Run("a line of something else", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(file(dir), []byte("\n{}\nnonsense\n[1]\n{\"id\":\"ok\"}\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		m := open(t, dir)
		if diff := cmp.Diff([]string{"ok"}, ids(m, practice.Filter{})); diff != "" {
			t.Errorf("ids (-want +got):\n%s", diff)
		}
		info, err := os.Stat(file(dir))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode is %v, %v", info.Mode(), err)
		}
	})
}

func TestTheDiskIsBounded(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir, practice.WithRotation(10_000))
	for i := range 200 {
		deliver(t, m, practice.Entry{ID: fmt.Sprint(i), Text: strings.Repeat("x", 500)})
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 {
		t.Errorf("%d files", len(files))
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Size() > 10_000 || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has %d bytes and mode %v", f.Name(), info.Size(), info.Mode())
		}
	}
	if got := len(m.List(practice.Filter{})); got != 200 {
		t.Errorf("%d entries in memory", got)
	}
	_ = m.Close()
	after := ids(open(t, dir), practice.Filter{})
	if len(after) < 15 || after[0] != "199" || after[len(after)-1] != fmt.Sprint(200-len(after)) {
		t.Errorf("after a restart there are %v", after)
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir)
	for i := range practice.Keep + 50 {
		deliver(t, m, practice.Entry{ID: fmt.Sprint(i)})
	}
	check := func(m *practice.Mailbox) {
		t.Helper()
		got := ids(m, practice.Filter{})
		if len(got) != practice.Keep || got[0] != fmt.Sprint(practice.Keep+49) || got[practice.Keep-1] != "50" {
			t.Errorf("%d entries from %s to %s", len(got), got[0], got[len(got)-1])
		}
		if _, ok := m.Get("49"); ok {
			t.Error("an entry that has left is still found")
		}
	}
	check(m)
	_ = m.Close()
	check(open(t, dir))
}

func TestManyDeliverAndReadAtOnce(t *testing.T) {
	dir := t.TempDir()
	m := open(t, dir)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			for range 20 {
				if _, err := m.Deliver(practice.Entry{ID: "same"}); err != nil {
					t.Errorf("deliver: %v", err)
				}
				m.List(practice.Filter{Limit: 5})
			}
		})
	}
	wait.Wait()
	_ = m.Close()
	if got := len(open(t, dir).List(practice.Filter{})); got != 400 {
		t.Errorf("%d entries in the file", got)
	}
}

func TestWhatAReaderDoesToAnEntryStaysHis(t *testing.T) {
	m := open(t, t.TempDir())
	deliver(t, m, practice.Entry{ID: "m1", Text: "https://havn.example/1"}).Links[0] = "changed"
	m.List(practice.Filter{})[0].Links[0] = "changed"
	if e, _ := m.Get("m1"); e.Links[0] != "https://havn.example/1" {
		t.Errorf("the link is %s", e.Links[0])
	}
}

func TestTheMailboxPassesTheSuiteOfTexts(t *testing.T) {
	sendertest.RunTexts(t, func(t *testing.T) (sms.Sender, func() []sendertest.ReceivedText) {
		box, err := practice.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = box.Close() })
		return box.Texts(), func() (list []sendertest.ReceivedText) {
			for _, e := range slices.Backward(box.List(practice.Filter{Channel: practice.SMS})) {
				list = append(list, sendertest.ReceivedText{ID: e.ID, From: e.From, To: e.To, Body: e.Text})
			}
			return list
		}
	})
}
