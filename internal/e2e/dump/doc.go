// Package dump looks for secrets in what an installation keeps.
//
// Secrets are what was seen in the hands of people: typed, mailed, on a page, in
// a cookie. A Pile is what was found in tables, files, the queue and the log.
// Find tells of each secret that stands in the pile: as it is, in other letters,
// without its dashes, decoded, in hex, in base64 at each of its three
// alignments, in base32, in UTF-16 and as a part of an address.
//
// Six digits stand by chance in much that is no code, so a short number counts
// only where no letter, digit or point touches it. Package once drives the
// product and searches.
package dump
