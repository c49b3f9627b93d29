// Package testenv gives tests the outside programs they need: a fresh Postgres
// database per test, a Redis database of their own, a Chromium to drive.
//
// It only reads the environment; `make test` fills it:
//
//	TILGANG_TEST_DB    sqlite (the default) or postgres: what the tests run on
//	TEST_POSTGRES_URL  a superuser's URL to a server on which databases come and go
//	TEST_REDIS_URL     a server whose logical databases are emptied
//	TEST_RUN           which run of the suite, whose processes share a migrated database
//	CHROME             the browser's path, else the known names are tried
//	TEST_ARTIFACTS     where failing browser stories leave screenshots
//
// A test never skips because something is absent: it fails and says what to
// set. Only tests import this package.
package testenv
