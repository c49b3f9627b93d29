// Package federation sends people on their way through a flow to one of their
// employer's identity providers, and takes them back.
//
//	GET /federation/<connector>/start → the provider → /federation/<connector>/callback
//	→ /register/proven | /proofing/proven | /recovery/eid/proven
//
// Who may: the holder of an attempt. What the provider said is left at the
// attempt as an identity.Proof; what follows from it is the next flow's to say.
//
// Invariants: setting off changes nothing in the database: state, nonce and
// verifier are in a sealed cookie of this host, with the attempt and the
// connector that they are for. A state is used up before anything is checked,
// and each visit is counted. What does not hold is refused with a plain page,
// written down in the audit with the check that failed, and leaves nothing. The
// national number becomes a keyed hash before anything else sees it.
package federation
