package tenancy_test

import (
	"context"
	"strings"
	"testing"
)

func TestNoInboxLiesInAnotherEmployers(t *testing.T) {
	dir, _, _ := directory(t)
	apply(t, dir, spec(t, "alfa", "name: Alfa\ndocuments: {inbox: \"s3://payroll/alfa\"}\n"))
	apply(t, dir, spec(t, "beta", "name: Beta\ndocuments: {inbox: \"s3://payroll/beta\"}\n"))
	for _, inbox := range []string{"s3://payroll", "s3://payroll/alfa", "s3://payroll/alfa/march"} {
		bad := spec(t, "beta", "name: Beta\ndocuments: {inbox: \""+inbox+"\"}\n")
		if _, err := dir.Plan(context.Background(), bad); err == nil || !strings.Contains(err.Error(), "the inbox of alfa") {
			t.Errorf("a plan with %s: %v", inbox, err)
		}
		if _, err := dir.Apply(context.Background(), bad); err == nil {
			t.Errorf("%s is taken", inbox)
		}
	}
	fresh := spec(t, "gamma", "name: Gamma\ndocuments: {inbox: \"s3://payroll/beta/x\"}\n")
	if _, err := dir.Apply(context.Background(), fresh); err == nil {
		t.Error("a new employer's is taken")
	}
	if _, err := dir.BySlug(context.Background(), "gamma"); err == nil {
		t.Error("the refused employer is there")
	}
	beta, err := dir.BySlug(context.Background(), "beta")
	if err != nil || beta.Documents.Inbox.String() != "s3://payroll/beta" {
		t.Errorf("%s %v", beta.Documents.Inbox, err)
	}
	if again := apply(t, dir, spec(t, "alfa", "name: Alfa\ndocuments: {inbox: \"s3://payroll/alfa/in\"}\n")); len(again) != 1 {
		t.Errorf("moving one's own: %v", again)
	}
}
