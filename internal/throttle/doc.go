// Package throttle slows guessing down, by what is guessed at.
//
// Failures count per purpose and subject: a keyed hash of an address, an
// account, an invitation; known or not. From the fifth on each makes the next
// try wait, first 5 seconds, then twice as long each time up to 15 minutes. At
// one hundred in a row there is no further try until Clear (NIST SP 800-63B-4
// 3.2.2).
//
// A secret is compared between Try and Clear: Try counts the failure
// beforehand, in a transaction of its own that is committed before the
// comparison, and Clear forgets it after a success. So of two tries at the same
// moment, on one replica or on two, at most one passes a lock, and no rollback
// brings a try back. Forgive gives one back that was never compared.
//
// A Quota is for short codes, which must not be tried a hundred times: so many in
// a while, then none (Spend, Spent).
//
// Rates by network and tenant are the package limit's.
package throttle
