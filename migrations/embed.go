// Package migrations holds the schema as numbered SQL. Files at the top serve
// both databases; postgres/ and sqlite/ hold what only one of them has. All
// share one number line.
package migrations

import "embed"

// Files are the migrations.
//
//go:embed *.sql postgres/*.sql sqlite/*.sql
var Files embed.FS
