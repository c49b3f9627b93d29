// Package support is what pages of several flows say to those whose mail does
// not come: whom to ask, whether they are there now, and what to look for first.
//
// It has no page, no state and no right of its own. The words are the employer's
// (support of tenant.yaml) where it has written some; hours and addresses are
// always its own.
package support
