// Package signin lets people in: address, password, then whatever factor is
// owed, then a session; and out again.
//
//	/signin → /signin/password → /signin/next ⇄ /mfa… → session → the page first asked for
//
// Every typed address starts an attempt, whether we know it or not. Each step
// returns to /signin/next, the dispatcher, which reads the stored attempt and
// nothing else.
//
// Invariants:
//   - Unknown, suspended, password-less and departed people get the answer of a
//     wrong password: same status, body, headers, cookies, statements and work.
//     Even the mail to the owner of a locked account is decided by a worker.
//   - The order is: limit of the network, limit of the tenant, throttle of the
//     address, hash. A failure is counted and committed before the hash.
//   - An owner is not locked out by strangers: a browser that has signed in to
//     the address before counts for itself.
//   - No session without a finished attempt, one session an attempt, and a GET
//     that a browser made ahead of time finishes nothing.
//   - A page to go on to is a path of this host.
package signin
