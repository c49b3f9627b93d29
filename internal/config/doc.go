// Package config reads the program's settings from its environment.
//
// All variables begin with TILGANG_. Reading is strict: an unknown name, an
// unreadable value or a combination that cannot work stops the start, and all
// problems are told at once, each with the next step. A variable that holds a
// secret may be given as NAME_FILE instead, the path of a file with the value.
//
// Invariants: a Config that Load returned without an error is whole and
// consistent for its Mode; printing it shows no password; nothing else in the
// program reads TILGANG_ variables.
//
// Only cmd and app use it; they hand each part the few values it needs.
package config
