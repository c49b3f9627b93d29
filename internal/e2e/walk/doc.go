// Package walk visits every page of the product: each route of the list, in each
// complete language, as it is meant to be and with an error, and every kind of mail.
// Chromium shows each at 360 and 1280 pixels. A route that nobody visits fails. The
// same visits take the pictures of docs/screens when SCREENS_DIR names a folder. It
// has tests only.
package walk
