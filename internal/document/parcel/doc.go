// Package parcel reads what payroll hands over: a folder or a ZIP archive with
// documents and a list of them, manifest.csv.
//
// The list is UTF-8 with commas or semicolons and these columns, the first five
// needed: file, employee_number, kind, date, title, legal_employer (needed where
// there are several), period, language, currency, gross, tax, net. A column that
// nobody knows refuses the whole parcel; a row that is wrong is told by row and
// column and stops no other.
//
// Invariants: only what the list names is ever opened; a name stays inside the
// parcel; links, folders, doubled names and encrypted entries are refused by
// name; a file gives at most MaxFile bytes, whatever its entry promises; what
// is in memory is one row and a few bytes for each row before it.
package parcel
