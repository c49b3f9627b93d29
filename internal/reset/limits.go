package reset

import (
	"time"

	"tilgang/internal/limit"
)

// Limits are the rates of asking and of choosing. Beyond Address, Mails and
// Tenant the answer stays the same and no mail goes out; beyond the
// others the page says when to try again, which depends on the network, or the
// tenant, alone.
type Limits struct {
	Address limit.Rule // wishes for one address
	Mails   limit.Rule // wishes of one network that bring a mail
	Tenant  limit.Rule // wishes in one tenant that bring a mail
	Start   limit.Rule // wishes of one network at all
	Choose  limit.Rule // passwords chosen, by network: each costs a hash
	Typed   limit.Rule // codes typed, by network
	Codes   limit.Rule // codes typed in one tenant
}

// DefaultLimits leave room for an office behind one network on the first
// morning after a holiday.
func DefaultLimits() Limits {
	return Limits{
		Address: limit.Rule{Name: "reset.address", Rate: 1, Per: gap, Burst: 1},
		Mails:   limit.Rule{Name: "reset.network", Rate: 30, Per: 10 * time.Minute, Burst: 30},
		Tenant:  limit.Rule{Name: "reset.tenant", Rate: 600, Per: 10 * time.Minute, Burst: 300},
		Start:   limit.Rule{Name: "reset.start", Rate: 120, Per: time.Minute, Burst: 120},
		Choose:  limit.Rule{Name: "reset.choose", Rate: 60, Per: 10 * time.Minute, Burst: 60},
		Typed:   limit.Rule{Name: "reset.typed", Rate: 60, Per: 10 * time.Minute, Burst: 60},
		Codes:   limit.Rule{Name: "reset.codes", Rate: 600, Per: time.Hour, Burst: 300},
	}
}
