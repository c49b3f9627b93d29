// Package people keeps persons and their employments, and HR's pages about them.
//
// A Person is a human inside one tenant. An Employment is a contract of a person
// with a legal employer; its natural key is (legal employer, employee number),
// and a new start after an old end is a rehire: a second row of that key.
// Standing is derived from dates when it is asked, never stored: no job opens or
// closes a door.
//
// A form is a file of one row: it is read by the staff file's parser and judged
// by the same rules, in one transaction with its audit row and its event
// (people.hired greets, people.address_changed moves an open invitation). Only
// in a form does an empty field take away.
//
// Who may: reading needs people.read, changing people.write. Nobody gives or
// takes a role above their own, nor moves the mail of whoever has one; the last
// administrator who can sign in stays one. The national number is shown on no
// page and stored only as a keyed hash.
package people
