// Package paper sets a letter on one A4 page in an employer's look, as a PDF.
//
// It is to letters what the package render is to mails: a Letter is complete, in
// the reader's words, and PDF gives the page. Letters of all our languages are
// set in the Go fonts, which travel inside the page. The text can be selected,
// searched and read aloud in reading order, and the page names its language and
// title; it is not tagged (no kept library writes tags), so HR reads it out where
// somebody needs that.
//
// Invariants: one page, or an error; no link, no picture from outside, nothing
// but the Letter's own words. It keeps and logs nothing.
package paper
