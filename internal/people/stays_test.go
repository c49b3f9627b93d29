package people_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tilgang/internal/db/dbtest"
	"tilgang/internal/people"
)

// A nightly file must not take a chosen language back every morning.
func TestAFileDoesNotOverruleAChosenLanguage(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := house(t, d, "alfa")
	silent := anna()
	silent.Language = ""
	id := apply(t, d, ctx, silent).People[0]
	language := func() (lang string) {
		t.Helper()
		err := d.Read(ctx, func(ctx context.Context) error {
			p, err := people.ByID(ctx, id)
			lang = p.Language
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return lang
	}
	first := apply(t, d, ctx, anna())
	if diff := cmp.Diff([]string{"language"}, first.Verdicts[0].Changed); diff != "" || language() != "da" {
		t.Errorf("where none is set the file sets it: %s %s", language(), diff)
	}
	other := anna()
	other.Language = "en"
	second := apply(t, d, ctx, other)
	if diff := cmp.Diff([]people.Action{people.Same}, actions(second)); diff != "" || language() != "da" {
		t.Errorf("it is %q now: %s", language(), diff)
	}
}

func TestANumberInOtherLettersIsTheSameNumber(t *testing.T) {
	d, _ := dbtest.New(t)
	ctx := house(t, d, "alfa")
	for _, number := range []string{"AB12", "cd34"} {
		upper, lower := anna(), anna()
		upper.EmployeeNumber, upper.WorkEmail, upper.WorkEmailKey = number, number+"@havn.example", number+"@havn.example"
		lower.EmployeeNumber, lower.WorkEmail, lower.WorkEmailKey = swap(number), upper.WorkEmail, upper.WorkEmailKey
		apply(t, d, ctx, upper)
		if diff := cmp.Diff([]people.Action{people.Same}, actions(apply(t, d, ctx, lower))); diff != "" {
			t.Errorf("%s, then %s: %s", upper.EmployeeNumber, lower.EmployeeNumber, diff)
		}
	}
}

func swap(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			b[i] = c ^ 0x20
		}
	}
	return string(b)
}
