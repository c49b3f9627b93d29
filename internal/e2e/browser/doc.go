// Package browser drives a real Chromium in the stories that a person would
// live through: pages are found by the words on them, fields by their names.
//
// One Chromium serves a whole test program; every Page is an isolated browser
// context with cookies of its own, so tests may run in parallel. Host names
// that end in .localhost reach loopback without any set-up.
//
// Every call has a time limit and ends the test when it cannot do what it was
// told; screenshot and HTML of that moment are kept and their path is printed.
// The test program's TestMain calls Main, which closes the browser.
//
// axe-core under testdata is Deque Systems' accessibility checker, used
// unchanged under the Mozilla Public License 2.0; it is part of tests only.
package browser
