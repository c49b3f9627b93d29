// Package sheet reads staff files: it turns the bytes that HR uploads into
// typed rows, one at a time, and says in plain words what is wrong with each.
// It knows no database, no HTTP and no tenant; whether an employee number
// exists, who is whose manager and what changes is the importer's business.
//
//	Open ─ looks at the first 64 KiB: encoding, separator, header ─▶ Reader
//	Next ─ one Row per record: typed Person and Problems ─▶ … ─▶ io.EOF
//	Blank ─ the same walk, writing a copy without the national numbers
//
// What holds whatever the input is:
//
//   - memory is bounded by one window of 256 KiB and one row;
//   - a poison row costs itself and nothing else: the reading goes on with the
//     next line, so an open quotation mark never swallows the file;
//   - a Row with a Fatal problem must not be applied; a Dropped value is not
//     in Person, and what is stored for it stays as it is;
//   - a national number is printed by no verb, log or JSON, and no Problem
//     quotes a value that could be one;
//   - a column that the file does not have (Reader.Has) says nothing about
//     what is stored.
//
// Formula cells (=cmd, @, +, -) are text to us; they are disarmed by Neutralise
// wherever cells are written for a spreadsheet, in Blank too.
package sheet
