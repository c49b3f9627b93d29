package httpkit

import "tilgang/internal/tenant"

// Side says which of the installation's hosts a request came to.
type Side string

// The sides: the installation's own host, the demonstration's electronic
// identity, an employer's portal for staff and its portal for former employees.
const (
	BaseSide Side = "base"
	EidSide  Side = "eid"
	Staff    Side = "staff"
	Alumni   Side = "alumni"
)

// Site is the host of a request, from the directory and never from the request
// alone.
type Site struct {
	Side   Side
	Tenant *tenant.Tenant // nil on the installation's own hosts
	Host   string         // with port, as in the address bar
	Origin string         // scheme://host[:port], from configuration
	Base   string         // origin of the installation's own host
}
