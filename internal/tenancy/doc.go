// Package tenancy is the directory of tenants: which host is whose, and the
// values by which each of them runs.
//
// The database is the only source at run time. Values come from tenant.yaml by
// Apply, and from settings that an admin saved; each lies in its own row, and
// what a tenant runs by is laid over the defaults when it is read. Every change
// raises the tenant's version; a replica asks for the version again when what
// it knows is older than three seconds, so that all obey within five.
package tenancy
