package people

import "github.com/google/uuid"

// Action is what a record would do.
type Action string

// The actions. Propose waits for HR's word on whether two records are one person.
const (
	Create  Action = "create"
	Change  Action = "change"
	Rehire  Action = "rehire"
	Propose Action = "propose"
	Same    Action = "same"
	Refuse  Action = "problem"
)

// Problem is one thing that is wrong with a record.
type Problem struct {
	Column string         `json:"column"`
	Code   string         `json:"code"` // catalogue key
	Args   map[string]any `json:"args,omitempty"`
	Fatal  bool           `json:"fatal,omitempty"`
}

// Verdict says what a record does, and why.
type Verdict struct {
	Action       Action
	PersonID     uuid.UUID // of an existing person
	EmploymentID uuid.UUID // of an existing employment
	Changed      []string  // columns
	Adopts       bool      // a provisional employment gets its real number
	Problems     []Problem
}

func refuse(column, code string, args ...any) Verdict {
	p := Problem{Column: column, Code: code, Fatal: true}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]any{}
		}
		if name, ok := args[i].(string); ok {
			p.Args[name] = args[i+1]
		}
	}
	return Verdict{Action: Refuse, Problems: []Problem{p}}
}
