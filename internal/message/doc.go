// Package message keeps what was written to whom, and hands it over.
//
//	Send (in the fact's transaction) → outbox "message.deliver" → claim → send → record
//	queued → sending → handed_over | failed | suppressed; queued again when it was refused for now
//
// A message is born in the transaction of its fact. Its text is made when it is
// sent: in the claim's transaction the kind's Prepare mints what is secret, so
// that a link's life counts from the sending, and a try that follows finds the
// same link. The recipient's address is sealed in the row; arguments hold no
// secret, name or address.
//
// Invariants: no message is lost; one that was under way at a crash is sent
// again with the same Message-ID and the same link, and nothing else comes
// twice; what can never be taken is not tried again, and its row says why in a
// code without the address; a suspended tenant's messages wait.
//
// Any flow may send; only this package and its kinds write the mail.
package message
