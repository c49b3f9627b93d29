// Package roster takes staff files in.
//
//	received → reading → preview → applying → done
//	                   ↘ done (nothing to change)   ↘ failed, dropped
//
// A file is kept sealed in pieces, read in chunks into sealed staging rows, and
// shown as a preview: created, changed, left alone, proposed, refused, each
// problem with row and column. Confirmed once, it is applied chunk by chunk,
// each chunk one transaction with its invitations' event; a killed process goes
// on where the last chunk ended. The same file twice changes nothing and sends
// nothing. What a file does not mention stays.
//
// The national identity number is hashed while a row is parsed; the kept copy
// of the file has that column blanked and the uploaded one is deleted as soon
// as it is read.
//
// Who may: roles with roster.import; nobody gives a role above their own.
package roster
