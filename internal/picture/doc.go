// Package picture draws a page as a small picture of itself, an SVG that a guide
// can show beside a step.
//
// It reads the page as it was rendered, in the reader's language and by the
// employer's policy, and draws what a person sees of it: titles, fields, buttons,
// links. So a picture can never be older than its page, and it shows no more than
// the page does.
//
// Invariants: what the page hides is not drawn; a picture holds no script, no
// outside reference and no markup of the page; a mark that the page does not have
// is an error, so that a guide that went stale fails its test.
package picture
