// Package ses hands mails over to Amazon SES (API version 2).
//
// A mail goes raw, as the package email composes it. SES puts a Message-ID of
// its own in place of ours, so ours travels as X-Tilgang-Id and as the tag
// tilgang-id, which delivery reports repeat: a mail that comes twice can be
// told. Who may use it: whoever may use the package email, whose rules it keeps.
package ses
