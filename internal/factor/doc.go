// Package factor keeps the second factors of an account: authenticator apps
// (TOTP, RFC 6238) and recovery codes. It has no pages.
//
// An authenticator goes from started to confirmed: it is nobody's factor until
// a fresh code of it was typed, and what is not confirmed within 15 minutes is
// gone. The seed is sealed for its tenant, table and column and is shown only
// before it is confirmed. A code works once: the step it belongs to is written
// down by one conditional UPDATE that only ever raises it, so of two replicas
// one wins, also after a restart.
//
// Ten recovery codes make a set. A set exists only from the moment at which the
// person said that it is saved; saving one replaces the set before in the same
// transaction. Each code works once, for its own account only, and never turns
// the second factor off. One of them puts no factor on file; two in one flow do.
//
// An account may have several apps, at most MaxApps, and one phone. AddTOTP keeps
// those on file, ConfirmTOTP replaces them. Whatever adds or removes raises the
// factor generation first, so changes of one account wait for each other; with
// the last factor go the recovery codes.
//
// Tries are counted by the package throttle before a code is compared, in a
// transaction that is committed by then. So VerifyTOTP, ConfirmTOTP and UseCode
// refuse to run inside an open transaction; what must be true together with a
// right code is given to them as a function.
//
// A code reaches a phone by text message or, spoken, in a call; both are codes of
// one flow, of which the newest counts. A browser may be trusted in place of the
// challenge: trust holds while the account's factors, its session epoch and the
// installation's are those it was given under, and no recovery code was used.
//
// Next is the one rule that says what a person owes: a challenge, a set-up, the
// saving of codes, or nothing. Nothing weakens: an account with a factor is
// always asked for it.
package factor
