// Package register brings people who have left to an account by themselves, with
// an address of their own, on the portal for former employees.
//
//	POST /register → attempt + "register.requested" → worker → Registration → mail with a code
//	code → password → phone → proofing → Settle → account → sign-in's next step
//
// A Registration is what one browser has proven so far: the address by its code,
// a password, a phone by its code. It opens nothing: there is no account and no
// data before Settle, which asks the electronic ID whose it is. Where the
// employer asks for one at unknown addresses only, the address that HR has of one
// person who has left, and who has no account, is enough.
//
// Settle ends in an Outcome. Opened: an account. Joined: the person had one from
// their time as staff; it gets the address and the new password, its sessions
// end, and its second factor stays and is asked for. Nobody, AtStaff, Closed,
// Stopped, Taken: a page that says why, and no more.
//
// Who may: anybody asks for an address, and is told nothing; whoever holds the
// mailbox goes on in the browser that asked; standing decides what Settle gives.
//
// Invariants: until the code is typed the answer is the same for every address,
// known or not: status, body, headers, cookies, SQL; the look-up happens in a
// worker. A code works once, in its own browser, by one conditional UPDATE, and
// its tries are counted and committed before it is compared. A phone that was
// proven here goes on file only where no factor is. Nobody is signed in here.
package register
