// Package identity keeps the electronic identities that accounts are tied to,
// and what a provider said about whoever is on the way through a flow.
//
//	Begin (the browser is back) → Complete (all of the answer is right) → Take (once)
//	Take → Link | Move ⇄ Undo | Ask → Confirm, Reject
//
// A proof belongs to one attempt, lives for ten minutes and is taken once. A
// link is proven when the national number is the one that HR has of the person,
// or HR has said that it is them; only proven links let a leaver in or bring a
// lost factor back.
//
// Who may: flows, in their own transactions; every function runs in the open
// transaction and in the tenant of the context. Whose consent an act needs is
// the flow's to see to, as is telling the owner.
//
// Invariants: an identity is tied to one account of a tenant, and never by an
// address that a provider names; it is issuer and subject, as a keyed hash. A
// national number is kept as persons keep it, as a keyed hash, and nowhere else.
// A state works once, in the attempt that it was made for. An account whose
// changes are stopped (account.MayChange) gains and loses no identity.
package identity
