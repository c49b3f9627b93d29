// Package email hands finished mails to whoever carries them.
//
// A Mail is complete: rendered, addressed, with an ID that stays the same when
// it is sent again. A Sender gives it to a relay and says what became of it.
// When it fails, Class tells the caller what may be done next:
//
//	Retry      the relay did not take it; sending again cannot double it
//	Permanent  it will never be taken as it is; sending again is useless
//	Unknown    it may have been taken; sending again may double it
//
// Invariants: every Sender refuses a mail that Check refuses, so no header can
// be smuggled in through a name, a subject or an address; two sends of one Mail
// carry the same Message-ID; a Sender never sends again by itself once the
// relay may have taken the mail. Anyone below the message package may use it;
// it keeps no record and knows no tenant but by name.
package email
