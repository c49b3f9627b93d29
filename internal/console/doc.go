// Package console is the ground floor: the landing page, home, the menu around
// every page, the language switch, the employer's colours and logo, and the few
// addresses that browsers and robots ask every site for.
//
// Who may: everybody sees the landing page and the assets; home shows a person
// their own employment and what there is to do, and to those who may read the
// staff list also how many people, invitations and files there are.
//
// Invariants: home shows nothing of another person's; an employment whose
// employer's door has closed is not shown; the menu names no page that the
// person's roles do not open; nothing is promised that is not there.
package console
