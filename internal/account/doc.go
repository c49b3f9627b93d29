// Package account keeps how a person signs in to one tenant: a password, the
// addresses that name the account, and the counters that end old sessions.
//
// A person has at most one account in a tenant, however many employments; the
// same human in two tenants has two accounts that know nothing of each other.
// An address belongs to at most one account of its tenant, compared by
// mailaddr.Address.Key and in no other way, and is written down only once its
// owner has consumed a secret that was sent to it. Who has no address is named by
// an employee number instead: written down when its owner consumed the secret of
// the invitation, and never written to (Identifiers leaves it out, Names does not).
//
// An account is frozen while somebody's report that it was not them is open
// (Freeze): then MayChange refuses whatever changes how it is signed in to.
//
// Every function runs inside the caller's transaction. Invariants: whatever
// makes the account less trusted (a new password, a suspension) raises
// SessionEpoch, and with that every open session of it ends; making a hash anew
// with today's costs raises nothing.
package account
