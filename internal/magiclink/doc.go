// Package magiclink signs people in by a link in their mail, in place of the
// password, once.
//
//	POST /reset (link) → attempt + "magiclink.requested" → worker → Link → mail
//	  → the link in the asking browser → a button ─┐
//	  → the link in another browser → a code → typed in the asking browser ─┴→ /signin/next
//
// A Link belongs to one account and to the attempt of the browser that asked for
// it. It lives for ten minutes, and not longer than that attempt. Whether it
// still works is derived, as with links to a new password: unused, within its
// life, the account active, its address still proven, neither the account's
// epoch nor the installation's moved on. Using one ends all others of the account.
//
// Who may: anybody asks for an address where the employer offers it, and is told
// nothing; whoever reads the mail and holds the asking browser signs in.
//
// Invariants: the answer is the same for every address, known or not; the look-up
// happens in a worker. Opening the link changes nothing, by whatever program, and
// no form sent from another browser opens a session anywhere. A link stands for
// the password of one sign-in: what factors demand is asked for as ever, and no
// password or factor is changed and no step-up done by it (factor.Next,
// session.New). Whoever is invited, suspended or gone gets no link; whose access
// has ended, a mail that says so.
package magiclink
