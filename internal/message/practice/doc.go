// Package practice is the mailbox of the demonstration: it takes every mail,
// text message, call and push that would have left the house, and shows them.
//
// Entries live in <dir>/mailbox.jsonl, one JSON object a line, readable by the
// owner alone since they hold working links. The newest Keep are held in memory
// and read back at start. At 32 MiB the file becomes mailbox.1.jsonl, in place
// of the one before, so the disk never holds more than twice that.
//
// Invariants: no two entries that are kept share an id; what Deliver returned without error
// is in the file; a line torn by a crash is passed over and spoils no other.
// One process writes a mailbox at a time. Production refuses to start with it.
package practice
