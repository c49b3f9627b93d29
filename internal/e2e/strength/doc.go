// Package strength holds the product against a small model of its own that says
// what a sign-in may come to: which step is owed next, whether there is a session,
// what it proved and at which level.
//
// The model (model_test.go) knows nothing of the product's code. It is the rule
// that nothing weakens, written down a second time: whatever somebody comes by, a
// password, a new one chosen by mail, a one-time link, an invitation, a recovery
// code, a temporary pass, a trusted browser, the factors on file are demanded as
// ever. The walk sends every form of every step, in every order, up to six steps
// deep, for accounts with no factor, an app, a phone and both, where the employer
// has factors off, offers and demands them. Paths that lead to the same state are
// walked on from once; on SQLite by going back to it, so that no path is gone
// twice, on Postgres by somebody new. A step route that the walk does not know fails it by name.
package strength
