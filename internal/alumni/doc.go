// Package alumni is what surrounds the window after the last day of work: the
// page for whoever comes too late, the wish for more time and HR's answer, and
// the mails before something ends.
//
//	/signin/next → /alumni/closed → a wish → /admin/alumni → /admin/people/:id/access
//
// No job opens or closes a door: people.Term and the clock do, with every
// request. What is kept here is only what somebody asked, what HR answered, and
// what was told.
//
// Who may: the closed page is for whoever has just proven all that is on file
// and whose access has ended; it opens no session and shows no data. HR's pages
// need alumni.read and alumni.prolong, and nobody prolongs their own access.
//
// Invariants:
//   - One open wish a person; of two presses one counts.
//   - A day that HR gives is never in the past and never shortens what the
//     employer's window gives.
//   - Each mail before an end goes out once for a person, the day and the mark,
//     however many sweeps run at once; it goes where the person reads, in the
//     person's language, and not at all when the end has moved meanwhile.
package alumni
