package people

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/httpkit"
)

// Access is how far a person has come with signing in.
type Access struct {
	account string // status; empty: none
	invite  InviteState
}

// AccessOf tells of persons how far they have come; invitations may be nil.
func AccessOf(ctx context.Context, invitations Invitations, ids []uuid.UUID) (map[uuid.UUID]Access, error) {
	accounts, err := accountsOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look at accounts: %w", err)
	}
	invites := map[uuid.UUID]InviteState{}
	if invitations != nil {
		if invites, err = invitations.StatesOf(ctx, ids); err != nil {
			return nil, fmt.Errorf("look at invitations: %w", err)
		}
	}
	all := make(map[uuid.UUID]Access, len(ids))
	for _, id := range ids {
		all[id] = Access{account: accounts[id], invite: invites[id]}
	}
	return all, nil
}

// pending tells whether an invitation waits for the person.
func (a Access) pending() bool {
	switch a.invite.State {
	case "not_sent", "no_address", "queued", "sent", "letter", "opened", "expired", "bounced", "failed":
		return a.account == ""
	}
	return false
}

// Tag is the state in a word.
func (a Access) Tag(b *httpkit.Base, left bool) httpkit.Tag {
	switch {
	case left:
		return httpkit.Tag{Kind: "plain", Text: b.T("people.access.left")}
	case a.account == "active" && a.invite.State == "confirmed":
		return httpkit.Tag{Kind: "info", Text: b.T("people.access.confirmed")}
	case a.account == "active":
		return httpkit.Tag{Kind: "ok", Text: b.T("people.access.in")}
	case a.account != "":
		return httpkit.Tag{Kind: "bad", Text: b.T("people.access.blocked")}
	}
	kind, key := a.word()
	return httpkit.Tag{Kind: kind, Text: b.T(key)}
}

// word is the kind and text of an invitation's state.
func (a Access) word() (kind, key string) {
	switch a.invite.State {
	case "no_address":
		return "warn", "people.access.no_address"
	case "queued":
		return "wait", "people.access.queued"
	case "sent":
		return "wait", "people.access.sent"
	case "letter":
		return "info", "people.access.letter"
	case "opened":
		return "info", "people.access.opened"
	case "expired":
		return "warn", "people.access.expired"
	case "accepted":
		return "ok", "people.access.in"
	case "revoked":
		return "plain", "people.access.revoked"
	case "bounced":
		return "bad", "people.access.bounced"
	case "failed":
		return "bad", "people.access.failed"
	}
	return "plain", "people.access.not_sent"
}

// Since is the day of an invitation's state; nothing once the person is in.
func (a Access) Since(b *httpkit.Base, left bool) string {
	if left || a.account != "" || a.invite.At.IsZero() || a.invite.State == "no_address" {
		return ""
	}
	return b.Date(a.invite.At)
}

// at is the moment of an invitation's state.
func (a Access) at() time.Time { return a.invite.At }

// lettered tells whether the person has a letter that still works.
func (a Access) lettered() bool { return a.invite.State == "letter" || a.invite.State == "opened" }

// In tells whether the person has an account.
func (a Access) In() bool { return a.account != "" }
