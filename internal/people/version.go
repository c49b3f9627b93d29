package people

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"tilgang/internal/fault"
)

// Version is the field of a form that names the state it was filled from.
const Version = "version"

// errStale says that somebody else changed the person after the form was
// opened.
func errStale() error { return fault.New(fault.Conflict, "people.edit.stale") }

// version names what is stored of a person and one of their jobs, so that a
// correction of an older state is noticed. It says nothing else.
func version(p Person, e Employment) string {
	unit := uuid.Nil
	if e.OrgUnitID != nil {
		unit = *e.OrgUnitID
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{
		p.GivenName, p.FamilyName, p.WorkEmail, p.PrivateEmail, p.Phone, p.Language, string(p.NationalKey),
		e.ID.String(), e.JobTitle, unit.String(), e.ManagerNumber, string(e.StartDate), string(e.EndDate),
	}))
	return hex.EncodeToString(sum[:12])
}

// current tells whether the form was filled from what is stored; one that does
// not say is believed.
func (in Typed) current(p Person, e Employment) bool {
	return in[Version] == "" || in[Version] == version(p, e)
}
