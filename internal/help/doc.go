// Package help answers what people ask when they cannot get in, and says whom
// to ask: one public page, written from the employer's own policy, opening
// hours and words each time it is read. A step that happens on a page of ours
// stands beside a picture of it, drawn from that page.
//
// Who may: everybody. It tells what the policy is in general and nothing about
// a person, so it is the same page for all who ask.
//
// Invariants: no number stands in a text of this package; each comes from the
// policy, so that what the page says is what happens. Nothing is told of a way
// that the employer does not have. The id of a topic stays, since pages and mails
// link to it (/help#code). The date is the later of our text's and the employer's
// policy's.
package help
