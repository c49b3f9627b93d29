// Package sms hands finished text messages to whoever carries them.
//
// It is to text messages what the package email is to mails: a Text is complete
// and keeps its ID when it is sent again, a Sender gives it to a carrier and
// says what became of it, and email.Class reads the errors: Retry, Permanent or
// Unknown.
//
// Invariants: every Sender refuses a Text that Check refuses; none sends again
// by itself; what a Sender reports holds neither the number nor the words.
package sms
