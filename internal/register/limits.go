package register

import (
	"time"

	"tilgang/internal/limit"
)

// Limits are the rates of asking and of what follows. Beyond Mails and Tenant the
// answer stays the same and no mail goes out; beyond the others the page says
// when to try again, which depends on the network, or the tenant, alone.
type Limits struct {
	Mails  limit.Rule // wishes of one network that bring a mail
	Tenant limit.Rule // wishes in one tenant that bring a mail
	Start  limit.Rule // wishes of one network at all
	Typed  limit.Rule // codes typed, by network
	Codes  limit.Rule // codes typed in one tenant
	Choose limit.Rule // passwords chosen, by network: each costs a hash
}

// DefaultLimits leave room for a works canteen on the day that a plant closes.
func DefaultLimits() Limits {
	return Limits{
		Mails:  limit.Rule{Name: "register.network", Rate: 30, Per: 10 * time.Minute, Burst: 30},
		Tenant: limit.Rule{Name: "register.tenant", Rate: 600, Per: 10 * time.Minute, Burst: 300},
		Start:  limit.Rule{Name: "register.start", Rate: 120, Per: time.Minute, Burst: 120},
		Typed:  limit.Rule{Name: "register.typed", Rate: 60, Per: 10 * time.Minute, Burst: 60},
		Codes:  limit.Rule{Name: "register.codes", Rate: 600, Per: time.Hour, Burst: 300},
		Choose: limit.Rule{Name: "register.choose", Rate: 60, Per: 10 * time.Minute, Burst: 60},
	}
}
