// Package secret makes, hashes, seals and hides secrets.
//
// Three kinds of secret pass through here. Links carry a Token: 256 random bits
// of which only the SHA-256 is stored. People type codes: digits, invitation
// codes and recovery codes; they are too short for a bare hash, so they are
// stored as Box.Keyed of their normalised form. Values that must be read again
// (authenticator seeds, addresses waiting in the outbox) are sealed by a Box.
//
// Invariants: all randomness comes from crypto/rand; every comparison takes the
// same time for any content; what was sealed for one tenant, table and column
// opens nowhere else; rotating the sealing key changes no keyed hash.
//
// Anyone may import it; it imports nothing of ours.
package secret
