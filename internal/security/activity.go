package security

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"tilgang/internal/audit"
)

// Happened is one event about the own account.
type Happened struct {
	audit.Row

	UserAgent string // of the session it is about, as long as that is kept
}

// events are the actions that a person is shown, with the key of their words and
// the kind of their mark. What is not here is not about the own way in.
func events() map[string]struct{ key, kind string } {
	return map[string]struct{ key, kind string }{
		"document.opened":                {"security.activity.document_opened", "info"},
		"document.taken":                 {"security.activity.documents_taken", "info"},
		"factor.added":                   {"security.activity.factor_added", "warn"},
		"factor.code_sent":               {"security.activity.code_sent", ""},
		"factor.codes_saved":             {"security.activity.codes_saved", "warn"},
		"factor.device_removed":          {"security.activity.device_removed", "info"},
		"factor.device_trusted":          {"security.activity.device_trusted", "warn"},
		"factor.devices_removed":         {"security.activity.devices_removed", "info"},
		"factor.recovery_used":           {"security.activity.recovery_used", "warn"},
		"factor.removed":                 {"security.activity.factor_removed", "warn"},
		"factor.renamed":                 {"security.activity.factor_renamed", ""},
		"factor.superseded":              {"security.activity.superseded", "warn"},
		"federation.refused":             {"security.activity.identity_refused", ""},
		"identity.linked":                {"security.activity.identity_linked", "warn"},
		"identity.move_undone":           {"security.activity.identity_moved", "warn"},
		"identity.moved":                 {"security.activity.identity_moved", "warn"},
		"identity.unlinked":              {"security.activity.identity_unlinked", "warn"},
		"invite.accepted":                {"security.activity.invited", "ok"},
		"magiclink.mailed":               {"security.activity.link_mailed", "info"},
		"magiclink.used":                 {"security.activity.link_used", "ok"},
		"mfa.locked":                     {"security.activity.locked", "bad"},
		"mfa.lost_factors_removed":       {"security.activity.lost_removed", "warn"},
		"mydata.answered":                {"security.activity.mydata_answered", "info"},
		"mydata.asked":                   {"security.activity.copy_asked", "info"},
		"mydata.erased":                  {"security.activity.mydata_erased", "info"},
		"mydata.fetched":                 {"security.activity.copy_fetched", "info"},
		"notme.lifted":                   {"security.activity.lifted", "info"},
		"notme.reported":                 {"security.activity.reported", "bad"},
		"notme.returned":                 {"security.activity.returned", "ok"},
		"notme.undone":                   {"security.activity.undone", "info"},
		"recovery.approved":              {"security.activity.recovery_approved", "warn"},
		"recovery.eid_ended":             {"security.activity.recovery_ended", "info"},
		"recovery.eid_refused":           {"security.activity.identity_refused", ""},
		"recovery.ended":                 {"security.activity.recovery_ended", "info"},
		"recovery.pass_made":             {"security.activity.pass_made", "info"},
		"recovery.pass_used":             {"security.activity.pass_used", "warn"},
		"recovery.started":               {"security.activity.recovery_started", "warn"},
		"reset.completed":                {"security.activity.reset_completed", "warn"},
		"reset.letter_made":              {"security.activity.letter_made", "warn"},
		"reset.mailed":                   {"security.activity.reset_mailed", "info"},
		"reset.sent_for":                 {"security.activity.reset_by_employer", "info"},
		"security.address_added":         {"security.activity.address_added", "warn"},
		"security.address_asked":         {"security.activity.address_asked", ""},
		"security.address_removed":       {"security.activity.address_removed", "warn"},
		"security.factor_lost":           {"security.activity.factor_lost", "warn"},
		"security.locked":                {"security.activity.locked", "bad"},
		"security.others_ended":          {"security.activity.others_ended", "info"},
		"security.password_changed":      {"security.activity.password_changed", "warn"},
		"security.phone_proven":          {"security.activity.phone_proven", "warn"},
		"security.session_ended":         {"security.activity.session_ended", "info"},
		"security.signed_out_everywhere": {"security.activity.everywhere", "info"},
		"signin.failed":                  {"security.activity.signin_failed", "bad"},
		"signin.locked":                  {"security.activity.locked", "bad"},
		"signin.succeeded":               {"security.activity.signed_in", "ok"},
		"signout":                        {"security.activity.signed_out", ""},
	}
}

// Told lists the actions that a person is shown.
func Told() []string { return slices.Sorted(maps.Keys(events())) }

// Activity gives at most n events of the account, the newest first, from behind
// a cursor of an earlier answer, and the cursor to go on with; empty at the end.
func (s *Service) Activity(ctx context.Context, o Overview, after string, n int) (list []Happened, more string, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context) error {
		about := audit.About{AccountID: o.Account.ID, PersonID: o.Account.PersonID, Actions: Told()}
		rows, err := audit.List(ctx, about, audit.ParseCursor(after), n+1)
		if err != nil {
			return err
		}
		if len(rows) > n {
			rows = rows[:n]
			more = rows[n-1].Cursor().String()
		}
		list, err = s.withAgents(ctx, o, rows)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list activity: %w", err)
	}
	return list, more, nil
}

// withAgents adds the browsers of the sessions that events are about.
func (s *Service) withAgents(ctx context.Context, o Overview, rows []audit.Row) ([]Happened, error) {
	var ids []uuid.UUID
	for _, r := range rows {
		if r.SubjectKind == "session" && r.SubjectID != nil {
			ids = append(ids, *r.SubjectID)
		}
	}
	agents, err := s.Sessions.Agents(ctx, o.Account.ID, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Happened, len(rows))
	for i, r := range rows {
		list[i].Row = r
		if r.SubjectID != nil {
			list[i].UserAgent = agents[*r.SubjectID]
		}
	}
	return list, nil
}

// by tells who did it: the owner, or somebody of the employer's, who is not
// named; empty for nobody who was signed in.
func (h Happened) by(o Overview) string {
	switch {
	case h.ActorID == nil:
		return ""
	case *h.ActorID == o.Account.PersonID:
		return "self"
	}
	return "other"
}
