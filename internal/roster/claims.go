package roster

import (
	"hash/maphash"
	"slices"

	"tilgang/internal/people"
	"tilgang/internal/roster/sheet"
)

// claims are what a file says of line managers, as hashes: enough to know
// whether anybody would be their own manager's manager.
type claims struct {
	seed maphash.Seed
	rows []claim
	said map[uint64]bool   // employees, by number at their legal employer
	bare map[uint64]uint64 // a number alone: the first employee who has it
}

// claim is one row's: who, and the manager's number, at the same legal employer
// and anywhere.
type claim struct{ who, same, bare uint64 }

func newClaims(seed maphash.Seed) *claims {
	return &claims{seed: seed, said: map[uint64]bool{}, bare: map[uint64]uint64{}}
}

func (c *claims) say(r people.Record) {
	who := c.note(r)
	if !slices.Contains(r.Silent, sheet.ManagerNumber) {
		c.said[who] = true
		if r.Manager != "" {
			c.rows = append(c.rows, c.claim(who, r))
		}
	}
}

// note makes an employee known and gives their hash.
func (c *claims) note(r people.Record) uint64 {
	who, bare := maphash.String(c.seed, r.NaturalKey()), maphash.String(c.seed, people.FoldNumber(r.EmployeeNumber))
	if _, known := c.bare[bare]; !known {
		c.bare[bare] = who
	}
	return who
}

func (c *claims) claim(who uint64, r people.Record) claim {
	above := people.Record{LegalEmployer: r.LegalEmployer, EmployeeNumber: r.Manager}
	return claim{who, maphash.String(c.seed, above.NaturalKey()), maphash.String(c.seed, people.FoldNumber(r.Manager))}
}

// stored notes what the staff list says; the file's word goes before it.
func (c *claims) stored(l people.NumberLink) {
	r := people.Record{LegalEmployer: l.Employer, EmployeeNumber: l.Number, Manager: l.Manager}
	if who := c.note(r); !c.said[who] {
		c.rows = append(c.rows, c.claim(who, r))
	}
}

// hierarchy is what all claims come to. Somebody who may mean a number at the
// same legal employer or one elsewhere is taken for both: a circle may be seen
// where there is none, but none is overlooked.
func (c *claims) hierarchy() *people.Hierarchy[uint64] {
	h := people.NewHierarchy[uint64]()
	for _, row := range c.rows {
		h.Add(row.who, row.same)
		if first, known := c.bare[row.bare]; known && first != row.same {
			h.Add(row.who, first)
		}
	}
	return h
}
