// Package outbox carries work out of the transaction in which it was born.
//
//	fact + Put (one transaction) → Relay → asynq → Worker → the kind's handler
//
// The outbox row is the truth; the queue carries nothing but a tenant and row
// ids, and may vanish at any moment. A row is done when done_at is set, in the
// same transaction as its effects where they are in the database. A row that
// was relayed and never done goes back after two minutes. So nothing is lost,
// and what can come twice is only what was under way at a crash.
//
// Retries are counted on the row, not by the queue: a refused row waits longer
// and longer and is given up, visibly, after twelve tries.
package outbox
