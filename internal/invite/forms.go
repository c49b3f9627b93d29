package invite

import (
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/i18n"
	"tilgang/internal/password"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// shaped tells whether a text has the shape of a link's token.
func shaped(token string) bool { return secret.HashToken(token) != nil }

// rules are the password's rules as the page shows them; with a typed password
// each says whether it was met.
func rules(words *i18n.Localizer, policy tenant.PasswordPolicy, l Look, typed string) []httpkit.RuleView {
	var unmet []password.Rule
	if typed != "" {
		unmet = password.Check(policy, l.Mandatory, l.Context, typed)
	}
	var views []httpkit.RuleView
	for _, r := range password.Rules(policy, l.Mandatory) {
		v := httpkit.RuleView{Text: words.TMap(r.Code, r.Args), Check: strings.TrimPrefix(r.Check, "class:")}
		if typed != "" {
			v.State = "met"
		}
		if slices.ContainsFunc(unmet, func(u password.Rule) bool { return u.Code == r.Code }) {
			v.State = "unmet"
		}
		views = append(views, v)
	}
	return views
}

// personID reads a person's id as addresses show it, "per_…" or bare.
func personID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(strings.TrimPrefix(text, "per_"))
	if err != nil {
		return uuid.Nil, fault.New(fault.NotFound, "http.not_found")
	}
	return id, nil
}

// missing turns whom this tenant does not have into the answer to any unknown
// address.
func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return fault.New(fault.NotFound, "http.not_found")
	}
	return err
}

// personIDs reads the ticked rows of a list, at most 200.
func personIDs(texts []string) ([]uuid.UUID, error) {
	const most = 200
	if len(texts) > most {
		return nil, fault.New(fault.Invalid, "http.form")
	}
	ids := make([]uuid.UUID, 0, len(texts))
	for _, text := range texts {
		id, err := personID(text)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
