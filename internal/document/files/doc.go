// Package files keeps documents out of the database: sealed objects in a folder
// or in a bucket of S3.
//
// A Store knows names and bytes. A Vault seals what goes in and opens what comes
// out, piece by piece: each piece is tied to its owner (the tenant), its name,
// its place in the object and whether it is the last one, so that an object that
// was moved, cut, lengthened or put together anew does not open.
//
// Invariants: nothing lies in a store in clear, its names included (they are
// random); an object is there whole or not at all; reading holds one piece in
// memory. A name is the caller's, never a visitor's.
package files
