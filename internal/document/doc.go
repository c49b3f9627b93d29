// Package document keeps what payroll and HR hand to people: payslips, annual
// statements, contracts, certificates, letters.
//
//	delivery: received → reading → preview → applying → done
//	                             ↘ done (nothing new)   ↘ failed, dropped
//	document: current → superseded (a corrected one came) → deleted, when its
//	time by law is over and nobody holds it
//
//	inbox: complete → held by one process → done or refused → moved aside
//
// A delivery is a folder or an archive with a list (package parcel), by command,
// by HR's page, or by payroll's inbox (package inbox), which the worker watches. Rows are judged and written in chunks; each file is sealed
// into the store (package files) before the row that names it is committed, and
// is written down as a leftover before that, so that a crash loses no file and
// leaves none that nobody knows of. The same delivery twice changes nothing;
// two at once make each document once.
//
// Who may: a person reads their own, each by the standing that its own legal
// employer gives on that day: staff all, somebody who has left the classes that
// the employer keeps open and inside its window, a joiner none. The file itself
// goes out by an address that works for minutes and in the reader's session
// alone. HR delivers with document.deliver, opens one with document.read and a
// reason that its owner sees, and keeps one from deletion with document.hold.
// Everything at once asks for a fresh password and factor.
//
// Invariants: another's document answers like one that does not exist; type and
// name of a file are ours, never the sender's; amounts are sealed.
package document
