// Package notme tells the owner of an account what happens to it, and stops the
// account when the owner says: this was not me.
//
//	Tell, Opened → mail with link and code → Report → frozen → Undo | Returned | Lift
//	GET /notme/<token> → GET /notme → POST /notme (code) → POST /notme/undo (code)
//
// A notice goes to every address of the account that the change did not touch.
// Each carries a link of 256 random bits and a code of six digits, minted when
// the mail is written. Both together report: every session and every trusted
// browser ends, open links and codes die, and nothing changes about how the
// account is signed in to (account.MayChange) until the owner has chosen a new
// password by mail and proved the factor on file, HR lifts it, or the same mail
// takes it back within 72 hours.
//
// Who may: whoever holds the mail reports and takes back, signed in or not; HR
// lifts for those whose roles it may give, never for itself. HR sees it on the
// person's page.
//
// Invariants: a GET changes nothing, and no robot that presses a button does. A
// notice reports once, by one conditional UPDATE under the account's lock; of
// reports, changes and takings back at once each has one outcome. Wrong codes
// are counted and committed before they are compared. A report removes no
// factor, and taking it back gives nothing: what the account asked for before,
// it asks for after. A second report cannot be taken back within 72 hours of a
// first that was.
package notme
