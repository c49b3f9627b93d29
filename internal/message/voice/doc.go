// Package voice hands finished calls to whoever makes them.
//
// It is to calls what the package sms is to text messages: a Call is complete
// and keeps its ID when it is made again, a Sender gives it to a carrier and
// says what became of it, and email.Class reads the errors: Retry, Permanent or
// Unknown.
//
// A call speaks one of the languages that have a voice; For is the one place
// that says which those are. Its code is spoken digit by digit, slowly, and
// twice.
//
// Invariants: every Sender refuses a Call that Check refuses; none calls again
// by itself; what a Sender reports holds neither the number nor the words.
package voice
