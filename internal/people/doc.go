// Package people keeps persons and their employments.
//
// A Person is a human inside one tenant. An Employment is a contract of a person
// with a legal employer; its natural key is (legal employer, employee number),
// and a new start after an old end is a rehire: a second row of that key.
// Standing is derived from dates when it is asked, never stored: no job opens or
// closes a door.
package people
