// Package tenants holds the demonstration tenants, embedded: a folder each.
package tenants

import "embed"

// FS holds <slug>/tenant.yaml, logo.svg, staff.csv, new-hires.csv and demo.json.
//
//go:embed */*
var FS embed.FS
