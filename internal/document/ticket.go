package document

import (
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/authz"
	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// ticketLife is how long an address of a file works (ours): long enough to be
// pressed on a page that was left open for a coffee.
const ticketLife = 10 * time.Minute

// Way is what a file's address is for.
type Way byte

// The ways: shown in the browser or saved, one's own or one opened with a
// reason.
const (
	ToShow Way = 's'
	ToSave Way = 'd'
	Opened Way = 'o'
)

const ticketUse = "document file"

var ticketText = base64.RawURLEncoding.Strict()

// Ticket is the last part of an address by which one session reads one file for
// some minutes.
func (s *Service) Ticket(a authz.Actor, t *tenant.Tenant, id uuid.UUID, way Way) string {
	return s.ticket(a, t, id, way, s.db.Now().Add(ticketLife))
}

func (s *Service) ticket(a authz.Actor, t *tenant.Tenant, id uuid.UUID, way Way, until time.Time) string {
	body := make([]byte, 0, 53)
	body = append(body, byte(way))
	body = binary.BigEndian.AppendUint32(body, uint32(until.Unix())) //nolint:gosec // until the year 2106
	body = append(body, id[:]...)
	return ticketText.EncodeToString(append(body, s.box.Sign(ticketUse, bound(a, t, body))...))
}

// bound is what a ticket is signed over: what it says, and for whom.
func bound(a authz.Actor, t *tenant.Tenant, body []byte) string {
	return string(body) + string(t.ID[:]) + string(a.SessionID[:]) + string(a.AccountID[:])
}

// Redeem reads a ticket: NotFound for one that is not the asker's, Expired for
// one whose minutes are over.
func (s *Service) Redeem(a authz.Actor, t *tenant.Tenant, text string) (id uuid.UUID, way Way, err error) {
	none := fault.New(fault.NotFound, "http.not_found")
	raw, err := ticketText.DecodeString(text)
	if err != nil || len(raw) != 53 {
		return id, way, none
	}
	body := raw[:21]
	if !s.box.Verify(ticketUse, bound(a, t, body), raw[21:]) {
		return id, way, none
	}
	id, way = uuid.UUID(body[5:21]), Way(body[0])
	if until := time.Unix(int64(binary.BigEndian.Uint32(body[1:5])), 0); !s.db.Now().Before(until) {
		return id, way, fault.New(fault.Expired, "document.ticket.over")
	}
	return id, way, nil
}
