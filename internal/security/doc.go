// Package security is the pages on which a person looks after the own way in.
//
//	/security             what there is, each with its next step
//	/security/password    choose a new password
//	/security/factor      set up a first second factor → /mfa/setup → /stepup/done
//	/security/factors     those on file: name, add, remove
//	/security/lost        replace a lost one by two recovery codes → /mfa/setup → /stepup/done
//	/security/phone       put a phone on file, or another in its place
//	/security/codes       make new recovery codes
//	/security/addresses   add by proof, remove
//	/security/sessions    where one is signed in; end one, the others, all
//	/security/devices     take trust from a browser, or from all
//	/security/activity    what happened to the account
//
// Who may: whoever is signed in, for the own account only; the end of a set-up
// is for the holder of its attempt, since the session that began it has ended.
// An id of somebody else's answers like one that is nobody's.
//
// A new address goes from asked to proven, or is forgotten after its time:
//
//	AskAddress → mail (here it is asked whose it is) → ProveAddress → identifier
//
// A session opened by a recovery code may, with the password and a second code,
// replace the lost factor. That is the only way past "needs a factor on file":
// one recovery code alone puts nothing on file, makes no new codes and takes
// nothing away.
//
// Taking trust from a browser asks for nothing: it only ever asks for more at the
// next sign-in.
//
// Invariants: one table says what each act asks for, and an act cannot be called
// without the step-up for it. Wrong answers are counted and committed before
// they are compared. After a new password every other session has ended and this
// one has a new token; after a factor was added or removed every other session
// has ended; the last factor of a duty stays, and so does the last address.
// Nothing that a request does tells whose an address is. Each change writes its
// audit event and its mail in its own transaction.
package security
