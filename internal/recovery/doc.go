// Package recovery helps people who have lost every second factor: two others
// agree, time passes, and the next sign-in with the right password sets a new
// one up in place of the challenge. It also makes temporary access passes.
//
//	waiting ──approvals──▶ cooling ──clock──▶ open ──new factor──▶ used
//	   │                      │                │  └─none demanded─▶ removed
//	   └── refused            └── stopped, cancelled, proven ──────▶ over
//	   all of them: lapsed, by the clock
//
// A recovery is stored with its dates; where it stands follows from them and the
// clock. Until the new factor is confirmed those on file stay, and proving one
// of them ends the recovery: it was not lost.
//
// Who may: HR, administrators and the line manager start one, for a manager only
// for a report without a role; HR or an administrator other than the starter
// approves it; for a person with a role two administrators do, neither of them
// the starter. HR and administrators end any; the person ends the own one, signed
// in or by the code of the notices.
//
// A pass is a code that HR or the manager gives to somebody who stands there,
// where the employer has passes. It works once, after the password, for one short
// session, and stands for no factor: it enrols and removes none.
//
// Invariants: no one person ever opens a recovery, by whatever order of starts,
// approvals and roles; nobody has a part in their own. Each step is one
// transaction with its audit event and its notices to every channel on file. A
// recovery is used once, in the transaction that confirms the new factor, which
// ends all sessions. A pass is never for somebody with a role, and where a factor
// is on file never beside a password that is younger than the cooling-off time.
package recovery
