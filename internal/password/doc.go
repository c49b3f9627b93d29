// Package password owns what a password must be and how it is kept.
//
// Rules gives the list that a page shows beside the field; Check tells which of
// them a typed password leaves unmet. The same engine serves welcome, reset,
// change and alumni sign-up. It never asks the network: the list of common
// passwords is embedded (data/README.md).
//
// A Pool makes and compares hashes: argon2id in PHC form, at most as many at a
// time as there are workers, with a short queue that is fair by tenant.
//
// Invariants:
//   - A password is normalised with NFKC before it is counted, checked or
//     hashed, so composed and decomposed typing of one password are equal
//     (NIST SP 800-63B-4 3.1.1.2). It is never cut short or trimmed.
//   - The blocklist (common, pattern, context) cannot be switched off by a
//     tenant. It compares whole passwords: a listed word inside a longer phrase
//     is fine.
//   - A composition rule holds only where a tenant has signed for it.
//   - Neither a password nor a hash is ever part of an error or a figure.
//   - Unknown account, missing hash and unusable input cost the same work as a
//     real comparison.
//
// The package keeps no state of its own and knows no account: who may choose
// or verify a password is decided by the flows that call it.
package password
