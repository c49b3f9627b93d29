// Package render makes the two forms of a mail, HTML and plain text, out of
// one Doc, so that they cannot say different things.
//
// The HTML stands in templates/message/layout.html: 600 px wide, tables that
// screen readers pass over, every style inline with a style block only for
// what cannot be inline (phones, dark mode), readable without pictures. The
// text is wrapped at 72 columns; an address is never broken.
//
// Invariants: every value is escaped; an address in a mail is https or http,
// a logo's also cid; control and direction-changing characters are
// taken out of values, so that a name cannot rearrange the words around it;
// Check holds the words and the addresses of both forms to be equal. The
// package knows no language and no tenant: words and colours come in the Doc.
package render
