// Package mydata is what a person may ask about their own data: a copy of all of
// it, a correction, and what is deleted when.
//
//	copy:    asked → (file by file) → ready → fetched … → gone, seven days later
//	                     ↘ gone, a day after it was asked for and never ready
//	request: open → done | declined, by HR, in words
//	person:  erased (account, addresses, traces) → finished (name, employments),
//	         when no law keeps anything any more ↘ hired anew
//
// Who may: whoever is signed in, for themselves only; no address names a copy.
// Making and fetching a copy ask for a fresh password and factor (security's act
// "prove"). HR reads and answers requests with mydata.read and mydata.answer,
// nobody their own; they also note deletions that were asked for by letter. A
// deletion is refused for whoever has a role that the reader may not give, and
// while the account is frozen.
//
// A copy is one archive of JSON files, one a table (store_parts.go), and the
// document files that are open to their reader on the day it is fetched. The
// catalogue of the database decides whether it is complete: a test fails for each
// column of each tenant-owned table that is neither in a copy nor left out with a
// reason.
//
// Invariants: one copy a person; a double click is one, and one mail. Secrets,
// their hashes and what is about other people are in no copy. Files and words of
// requests are sealed, tied to where they belong. A request is answered once, by
// one conditional UPDATE. An erasure is one transaction under the person's row, and
// says of every table what becomes of it (store_fates.go; a test asks the
// catalogue). It never touches documents: those go by package document's rules, and
// name and employments only after them. The audit stays: it names people by ids.
package mydata
