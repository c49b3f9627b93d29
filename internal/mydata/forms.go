package mydata

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// topic is something that can be wrong, and the key of its name.
type topic struct{ name, label string }

// topics are the fields of /profile and /employment, in their order, and the
// rest.
func topics() []topic {
	return []topic{
		{"name", "profile.name"},
		{"work_email", "profile.work_email"},
		{"private_email", "profile.private_email"},
		{"phone", "profile.phone"},
		{"job_title", "profile.job.title"},
		{"number", "profile.job.number"},
		{"unit", "profile.job.unit"},
		{"manager", "profile.job.manager"},
		{"start", "profile.job.start"},
		{"end", "profile.job.end"},
		{"document", "mydata.topic.document"},
		{"other", "mydata.topic.other"},
	}
}

// label is the key of a topic's name; an erasure has none.
func label(field string) string {
	for _, t := range topics() {
		if t.name == field {
			return t.label
		}
	}
	return "mydata.topic.other"
}

// correctionForm is what somebody says is wrong.
type correctionForm struct{ field, words string }

func parseCorrection(f *httpkit.Form) correctionForm {
	return correctionForm{field: f.Get("field"), words: clean(f.Get("words"))}
}

// check is the form's shape.
func (f correctionForm) check() error {
	if !slices.ContainsFunc(topics(), func(t topic) bool { return t.name == f.field }) {
		return fault.Field("field", "mydata.correction.choose")
	}
	if f.words == "" {
		return fault.Field("words", "mydata.correction.words_missing")
	}
	return fits(f.words)
}

// clean is text as it is kept: one kind of line end, nothing around it.
func clean(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }

// fits refuses text that is too long.
func fits(words string) error {
	if utf8.RuneCountInString(words) > maxWords {
		return fault.Field("words", "mydata.words.long", "Max", maxWords)
	}
	return nil
}
