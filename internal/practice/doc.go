// Package practice is the demonstration's front door: the employers that can be
// tried with how to sign in, and the mailbox in which every mail, text message
// and call ends up that would have left the house.
//
// Who may: whoever reaches the installation's own host, which a demonstration
// binds to the machine it runs on. The pages show working links and passwords;
// they are mounted by a demonstration only, never by a server.
//
// Invariants: a stored mail is shown as its text, escaped; its HTML only as a
// page of its own, locked in a sandbox without scripts, forms or the host's
// cookies.
package practice
