// Package fleet runs the product as an operator does: several processes of the
// built program on Postgres and Redis, a mail server that keeps what it is
// given, and visitors who come in by any of the processes.
//
// Its tests kill processes as a machine that loses power would. Its benchmarks
// are the figures of docs/performance.md; each is told with the limit that it
// is divided by, measured in the same run.
package fleet
