// Package attempt keeps one flow in progress: who says to be whom, what has
// been proven so far, and where to go on afterwards.
//
//	Start → Find (every step) → Bind (password, link) → Prove (factor) → Settle? → Finish
//	Start → Prolong* (a mail again) → Try (a code of it)
//
// Each step reads the stored attempt and returns to the dispatcher; no step is
// taken from what a browser says. The browser holds a cookie of 256 random bits
// of which only the hash is stored, so a stolen database opens nothing. The
// typed address and the page to resume are sealed.
//
// Invariants: an attempt is found on the host and in the tenant that it began
// in, for 15 minutes or as long as its code lives, until it is finished; it is
// finished once; once it belongs to an account it never belongs to another; the
// cookie changes when the password or a link has been proven, so one that was
// planted before is worth nothing.
package attempt
