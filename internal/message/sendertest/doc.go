// Package sendertest holds what every mail sender must pass, and a mail relay
// to try it against.
//
// Run is the conformance suite. Sink is a small SMTP server on loopback: it
// takes mails, can be told to fail at any step (Script), is bounded in
// connections, line length, mail size and mails kept, and serves tests and
// measurements alike. Parse reads a raw mail back as its reader would see it.
package sendertest
