// Package sqlite3 stands in for the module of its name, which holds SQLite in C.
// gorm's driver imports that one for its side effect alone, and the project
// opens SQLite by modernc.org/sqlite. Without the C code a build under the race
// detector, the only one with a C compiler, need not translate it, nor does
// each test program need the C linker; see replace in go.mod.
package sqlite3
