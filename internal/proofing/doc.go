// Package proofing lets people prove who they are by an electronic identity, and
// ties it to their account.
//
//	/proofing → /federation/… → /proofing/proven ┬ theirs: linked, and on
//	                                             ├ tied to another account → POST /proofing/move
//	                                             ├ nobody can tell → HR: /admin/proofing
//	                                             └ another person's: refused
//
// Who may: the holder of an attempt. At a sign-in the page answers when the
// dispatcher leads there, after password and factor; in a registration before
// its account is tied to anybody; from the security page after a step-up, in the
// session that did it. HR confirms and rejects for everybody but itself.
//
// Invariants: an identity whose national number is another person's is tied to
// nobody. What no number can settle opens nothing without HR's word. A link that
// another account has is named, masked, only to whoever has just proven that
// identity, and moves only on their word; both accounts are told, and both can
// take it back for 72 hours. Every change, its audit and its mails are one
// transaction.
package proofing
