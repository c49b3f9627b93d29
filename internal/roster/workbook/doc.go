// Package workbook reads the cells of an XLSX workbook (ECMA-376) as text, row
// by row, and writes small ones. It knows no staff file: what a cell means is
// the caller's business.
//
//	Open ─ the archive's directory, the list of sheets, formats, shared texts ─▶ Book
//	Rows ─ one sheet: looks for merged cells first ─▶ Next ─▶ Row … ─▶ io.EOF
//
// Whoever uploads a workbook may mean harm, so only the parts that are needed
// are opened, by name, and each has a budget:
//
//   - memory: the shared texts (at most 64 MiB and 4 million of them), one row of
//     256 KiB and one XML token of 1 MiB; never a whole part;
//   - work: inflated bytes a part, in all and against its packed size, so that an
//     archive bomb ends in ErrTooLarge after a second;
//   - no entity is ever expanded, a document type ends the reading, no link is
//     followed, no formula computed: the value that the spreadsheet saved counts.
//
// A number comes out as the spreadsheet shows it where that matters: a day as
// 2026-03-01, leading zeros where a format asks for them, no exponent unless
// digits are lost.
package workbook
