// Package mfa asks for the second factor on the way in, and sets one up.
//
//	/mfa · /mfa/recovery            prove a factor on file
//	/mfa/setup → app → totp         add an authenticator app
//	/mfa/setup/phone → code         add a phone, by text message or call
//	/mfa/setup/recovery             save ten recovery codes
//
// Who may: the holder of an attempt (purposes signin, activate, stepup) whose
// password is proven. Each request reads the account, the factors on file and
// the employer's policy afresh and asks factor.Next; a page answers only when
// it is the one owed, everything else leads back to /signin/next.
//
// Invariants: an enrolled account proves its factor before any set-up page
// answers; where a factor is mandatory, Skip and Later do nothing however they
// are sent; the seed of an authenticator is shown only until it is confirmed;
// a right code, what it proves and the mail about it are one transaction.
package mfa
