package profile

import (
	"context"
	"slices"

	"tilgang/internal/httpkit"
)

// languageForm is all that a person can change here.
type languageForm struct {
	language string
	ignored  []string
}

// guarded are fields of a person, an account or an employment that somebody
// might try to send along. Naming them gives them no effect: nothing but
// language is ever read, and the audit can say that they were sent.
func guarded() []string {
	return []string{
		"tenant_id", "person_id", "account_id", "role", "roles", "title", "job_title", "manager_id", "mfa_exempt", "alumni_until",
		"email_verified", "work_email", "private_email", "end_date", "national_id",
	}
}

func parse(f *httpkit.Form) languageForm {
	return languageForm{
		language: f.Get("language"),
		ignored:  slices.DeleteFunc(guarded(), func(name string) bool { return !f.Has(name) }),
	}
}

func (f languageForm) send(ctx context.Context, c *httpkit.Ctx, s *Service) error {
	return s.Choose(ctx, c.Actor(), f.language, f.ignored)
}
