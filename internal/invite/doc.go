// Package invite brings a person from the staff file to a first password.
//
//	EnsureFor → pending → accepted
//	                    → revoked
//	pending: no_address · not_sent · queued · sent · letter · opened · expired · bounced · failed (derived)
//
// An Invitation is for one person, with at most one pending. Its link and typed
// code are minted when the mail is sent, so their life counts from the sending,
// and a try that follows a failed one carries the same. Sending again rotates
// both: the old link dies in that moment. Who has no e-mail address gets a text
// message, or a letter that HR makes and hands over: its code is shown once and
// kept as a hash alone, and ends whatever was sent or printed before.
//
// Who may: HR and admins send, send again and revoke, and make letters for those
// whose roles they may give; the holder of the link or
// the code chooses the password; anybody may ask a dead link for a new mail,
// which goes to the stored address only.
//
// Invariants: a GET changes nothing; only a password that the rules allow
// consumes an invitation, in one conditional UPDATE; accepting makes the account
// and puts the password on an attempt, never a session; code tries are committed
// before the answer; an unknown link is told nothing about anybody; whoever has
// an account is never invited again, and nobody whose employment has ended.
// What mail filters fetch is not written down at all.
package invite
