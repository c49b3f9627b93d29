// Package help answers what people ask when they cannot get in, and says whom
// to ask: one public page, written from the employer's own policy, opening
// hours and words each time it is read.
//
// Who may: everybody. It tells what the policy is in general and nothing about
// a person, so it is the same page for all who ask.
//
// Invariant: no number stands in a text of this package; each comes from the
// policy, so that what the page says is what happens.
package help
