package authz

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"tilgang/internal/fault"
)

//go:embed policy.csv
var policyCSV string

// One enforcer an object type keeps a decision at a few microseconds, however
// long the whole policy grows.
const modelText = `
[request_definition]
r = role, act
[policy_definition]
p = role, act, rel, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && r.role == p.role
`

// Policy answers what roles may do. It is read-only and safe for many goroutines.
type Policy struct{ objects map[string]*casbin.Enforcer }

// LoadPolicy reads the product's policy; an empty or broken one is an error.
func LoadPolicy() (*Policy, error) { return parsePolicy(policyCSV) }

func parsePolicy(text string) (*Policy, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.TrimLeadingSpace = true
	r.FieldsPerRecord = 6
	lines, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	p := &Policy{objects: map[string]*casbin.Enforcer{}}
	for _, line := range lines {
		if err := p.add(line[1], line[2], line[3], line[4], line[5]); err != nil {
			return nil, err
		}
	}
	if len(p.objects) == 0 {
		return nil, fmt.Errorf("the policy is empty")
	}
	return p, nil
}

func (p *Policy) add(role, object, act, rel, effect string) error {
	e, ok := p.objects[object]
	if !ok {
		m, err := model.NewModelFromString(modelText)
		if err != nil {
			return fmt.Errorf("read policy model: %w", err)
		}
		if e, err = casbin.NewEnforcer(m); err != nil {
			return fmt.Errorf("make enforcer: %w", err)
		}
		p.objects[object] = e
	}
	if _, err := e.AddPolicy(role, act, rel, effect); err != nil {
		return fmt.Errorf("add policy: %w", err)
	}
	return nil
}

// Relation says to whose objects a permission reaches.
type Relation string

// The relations, from narrow to wide.
const (
	None  Relation = ""
	Own   Relation = "own"
	Chain Relation = "chain"
	Unit  Relation = "unit"
	Any   Relation = "any"
)

func width(r Relation) int {
	return map[Relation]int{None: 0, Own: 1, Chain: 2, Unit: 3, Any: 4}[r]
}

// May gives the widest relation in which the actor may act on the object; None
// is a no. Any error is a no.
func (p *Policy) May(a Actor, object, act string) Relation {
	e, ok := p.objects[object]
	if !ok {
		return None
	}
	widest := None
	for _, role := range a.Roles {
		yes, why, err := e.EnforceEx(role, act)
		if err != nil || !yes || len(why) < 3 {
			continue
		}
		if rel := Relation(why[2]); width(rel) > width(widest) {
			widest = rel
		}
	}
	return widest
}

// Require is May as a refusal: Forbidden unless the relation is at least the
// one asked.
func (p *Policy) Require(a Actor, object, act string, least Relation) error {
	if width(p.May(a, object, act)) < width(least) || least == None {
		return fault.New(fault.Forbidden, "authz.forbidden")
	}
	return nil
}
