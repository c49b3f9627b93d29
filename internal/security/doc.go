// Package security is the page on which a person looks after the own way of
// signing in: password, second factor, recovery codes, sign-out everywhere.
//
//	/security            what there is
//	/security/password   choose a new password
//	/security/codes      make new recovery codes
//	/security/factor     set up a second factor → /mfa/setup → /stepup/done
//	/security/lost       replace a lost one by two recovery codes → /mfa/setup → /stepup/done
//	/security/signout    end every session
//
// Who may: whoever is signed in, for the own account only; the end of a set-up
// is for the holder of its attempt, since the session that began it has ended.
//
// A session opened by a recovery code may, with the password and a second code,
// replace the lost factor. That is the only way past "needs a factor on file":
// one recovery code alone puts nothing on file, makes no new codes and takes
// nothing away.
//
// Invariants: what changes a secret asks for the current password in the same
// form and, where a factor is on file, for that too unless this session proved
// it within ten minutes; a session older than that counts for nothing. Wrong
// answers are counted and committed before they are compared. After a new
// password every other session has ended and this one has a new token; after a
// new factor every session has ended, and the one that takes their place holds
// both. Each change writes its audit event and its mail in its own transaction.
package security
