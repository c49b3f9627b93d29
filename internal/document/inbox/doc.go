// Package inbox is where payroll puts deliveries for one employer: a folder of
// the machine or a part of a bucket, which the worker watches.
//
//	<inbox>/march/slips/1001.pdf …          while they come, nothing happens
//	<inbox>/march/manifest.csv              the last one: now it is complete
//	<inbox>/done/<moment>-march/…           taken
//	<inbox>/refused/<moment>-march/…        not taken
//	<inbox>/refused/<moment>-march.txt      why, and which rows; beside done too
//
// Invariants: nothing outside the inbox is read or written, whatever a name or
// a link says; a delivery is never deleted, only moved; moving goes on where it
// broke off, the list last. What lies at the top and is no folder, or has a name
// that begins with a point, is left alone.
package inbox
