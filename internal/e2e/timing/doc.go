// Package timing measures whether the time of an answer tells that an address is
// known: at sign-in, at the wish for a new password and at the typed code of an
// invitation. docs/performance.md has the figures.
//
// Passwords are hashed cheaply here. An unknown address costs a hash of the same
// parameters by construction (password.VerifyDecoy); a dear one would only hide
// what differs beside it.
package timing
