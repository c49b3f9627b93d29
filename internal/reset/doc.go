// Package reset brings a person to a new password when the old one is gone.
//
//	POST /reset → attempt + "reset.requested" → worker → Reset → mail → link → new password → sign-in page
//	SendFor (manager, HR) ────────────────────────────↗
//	MakeLetter (HR) → code on paper → POST /reset/letter → new password
//
// Who has no e-mail address gets a text message at the phone that the invitation
// proved, or a letter.
//
// A Reset is one link to one account, or the trace of an invitation that went
// out instead. Whether a link still works is derived: unused, within its life,
// the account active, its address still proven, and neither the account's epoch
// nor the installation's moved on since it was asked for. So any new password,
// suspension or sign-out everywhere ends all links at once.
//
// Who may: anybody asks for an address, and is told nothing; whoever may look
// after a person (the caller's decision) has a mail sent to that person, and
// never sees link, address or password; the holder of the link chooses.
//
// Invariants: the answer is the same for every address, known or not: status,
// body, headers, cookies, SQL; the look-up happens in a worker. A GET changes
// nothing. One conditional UPDATE uses a link, under the account's lock. The
// old password works until then. A new password signs nobody in and proves no
// second factor.
package reset
