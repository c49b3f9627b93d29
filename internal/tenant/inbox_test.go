package tenant_test

import (
	"testing"

	"tilgang/internal/tenant"
)

func TestAnInboxIsAFolderOrAPartOfABucket(t *testing.T) {
	for text, want := range map[string]tenant.Inbox{
		"file:/srv/payroll/havn":   {Folder: "/srv/payroll/havn"},
		"file:///srv/payroll/havn": {Folder: "/srv/payroll/havn"},
		"s3://payroll":             {Bucket: "payroll"},
		"s3://payroll/havn/":       {Bucket: "payroll", Prefix: "havn"},
		"s3://payroll/a/b":         {Bucket: "payroll", Prefix: "a/b"},
	} {
		got, ok := tenant.ParseInbox(text)
		if !ok || got != want {
			t.Errorf("%s: %+v %t", text, got, ok)
		}
		if again, ok := tenant.ParseInbox(got.String()); !ok || again != got {
			t.Errorf("%s is written as %s", text, got)
		}
	}
	for _, text := range []string{
		"", "payroll", "file:", "file:/", "file:srv/payroll", "file:/srv/../etc", "file:/srv//payroll", "s3:payroll", "s3://", "s3://Payroll/x", "s3://p/x",
		"s3://payroll/../other", "s3://payroll/a//b", "s3://payroll/./a", "s3://payroll/a?versions", "https://payroll.example",
	} {
		if got, ok := tenant.ParseInbox(text); ok {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}

func TestTwoInboxesMeetWhereOneLiesInTheOther(t *testing.T) {
	at := func(text string) tenant.Inbox { i, _ := tenant.ParseInbox(text); return i }
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"s3://payroll/havn", "s3://payroll/havn", true},
		{"s3://payroll/havn", "s3://payroll/havn/march", true},
		{"s3://payroll", "s3://payroll/havn", true},
		{"s3://payroll/havn", "s3://payroll/havneby", false},
		{"s3://payroll/havn", "s3://salary/havn", false},
		{"file:/srv/payroll", "file:/srv/payroll/skog", true},
		{"file:/srv/payroll/havn", "file:/srv/payroll/skog", false},
		{"", "s3://payroll", false},
		{"", "", false},
	} {
		if got := at(c.a).Meets(at(c.b)); got != c.want {
			t.Errorf("%q and %q: %t", c.a, c.b, got)
		}
		if got := at(c.b).Meets(at(c.a)); got != c.want {
			t.Errorf("%q and %q: %t", c.b, c.a, got)
		}
	}
}
