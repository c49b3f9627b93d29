// Package manager lets people help those who report to them: see how far each
// has come with signing in, have a new password mail sent, and, where the
// employer allows it, take a new colleague in.
//
// Who may: whoever has a report today is a manager; the reporting line, as deep
// as the employer says, decides whom a manager reaches, and SQL decides the line
// in the transaction of each act. HR and administrators have the mail sent to
// anybody not above them. Whoever is not reached is answered like an id that
// nobody has.
//
// Invariants: nobody here sees or sets a password, an address in full, a
// national number or a job of another team. Power ends where a report has a role
// of their own. The mail goes to the person, who is told who asked.
package manager
