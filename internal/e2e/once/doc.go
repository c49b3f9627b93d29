// Package once proves of every kind of secret that works once that it does: of
// fifty people who send the same one at the same moment one gets what it gives,
// and the others are told so.
//
// On Postgres half of them come in by another process of the installation, on
// SQLite, which has one, all by the same. The list of kinds is held against the
// places of the source where secrets are made: a new one without its story
// fails, by name.
//
// The same list is driven once more by one client each, and everything that the
// installation keeps is searched for everything that was secret: nothing stands
// there in clear (package dump).
package once
