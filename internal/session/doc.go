// Package session keeps people signed in, and knows on each request whether
// they still are.
//
//	Open → Load (every request) → StepUp* → End | EndAll | idle | absolute | epoch
//
// A session is a row; the browser holds 256 random bits of which the hash is
// stored. Nothing about the person is copied into it: status, roles and dates
// are read by the same statement that reads the session, so a suspension, a
// last day or a taken role holds from the next request on.
//
// Invariants: a token is never taken from a browser, always minted here, and a
// new one with every rise in privilege; a session lives in one tenant on one
// host; it ends on the server; what has ended, by whatever cause, never lives
// again; last_seen_at is written at most every minute and never makes an answer
// wait, and still the idle time is kept to the second.
package session
