// Package eid is the demonstration's electronic identity: a real OpenID provider
// on a host of its own, at which one signs in by choosing a test person.
//
//	/authorize → a test person → the portal's callback with a code → POST /token
//
// Who may: anybody who reaches the host; a demonstration listens on loopback
// alone, and no server mounts these routes. Clients are the tenants, by slug.
//
// Invariants: it does what a provider must, so that what works here works with
// others: discovery, ES256 keys, exact redirect addresses, S256 and nothing
// less, a code once and for a minute, nonce, acr, iss in the response. Nothing
// is kept beyond the process, and every number is a made-up one.
package eid
