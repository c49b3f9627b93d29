// Package fault names the ways in which a use case can refuse. A Fault carries
// a kind, which the web edge turns into a status and a page, and a code, which
// the catalogues turn into words. Anything that is not a Fault is unexpected:
// it is logged and shown as "something went wrong" with a reference.
package fault
